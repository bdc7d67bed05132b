#include "platform/crypto/seal.h"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>
#include <fstream>

#include "platform/crypto/system_entropy.h"

using namespace tuition;
using namespace tuition::crypto;
namespace fs = std::filesystem;

namespace {
struct SealFolder {
  SealFolder() {
    std::string name = (fs::temp_directory_path() / "tuition-seal-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~SealFolder() { fs::remove_all(path); }
  fs::path path;
};
}  // namespace

TEST_CASE("a sealed value opens only with its key, in its context, untouched") {
  SystemEntropy entropy;
  const KeyRing ring = KeyRing::ephemeral(entropy);
  const Seal seal(ring.derive("mfa"));
  const std::string sealed = seal.seal(Secret("JBSWY3DPEHPK3PXP"), "mfa:u-1", entropy);
  CHECK(sealed.find("JBSWY3DP") == std::string::npos);
  CHECK(seal.open(sealed, "mfa:u-1")->reveal() == "JBSWY3DPEHPK3PXP");
  CHECK_FALSE(seal.open(sealed, "mfa:u-2"));
  CHECK_FALSE(Seal(ring.derive("other")).open(sealed, "mfa:u-1"));
  CHECK_FALSE(Seal(KeyRing::ephemeral(entropy).derive("mfa")).open(sealed, "mfa:u-1"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string touched = sealed;
    touched[i] = static_cast<char>(touched[i] ^ 1);
    CHECK_FALSE(seal.open(touched, "mfa:u-1"));
    CHECK_FALSE(seal.open(sealed.substr(0, i), "mfa:u-1"));
  }
}

TEST_CASE("the same text sealed twice looks different") {
  SystemEntropy entropy;
  const Seal seal(KeyRing::ephemeral(entropy).derive("x"));
  CHECK(seal.seal(Secret("a"), "c", entropy) != seal.seal(Secret("a"), "c", entropy));
  CHECK(seal.open(seal.seal(Secret(""), "c", entropy), "c")->reveal().empty());
}

TEST_CASE("the key file is made once, private, and read again") {
  SystemEntropy entropy;
  SealFolder folder;
  const auto file = folder.path / "key";
  const auto first = KeyRing::open(file, entropy);
  REQUIRE(first);
  CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(fs::file_size(file) == 32);
  const auto second = KeyRing::open(file, entropy);
  REQUIRE(second);
  CHECK(first->derive("tokens").reveal() == second->derive("tokens").reveal());
  CHECK(first->derive("tokens").reveal() != first->derive("mfa").reveal());
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator{}) == 1);
}

TEST_CASE("a key file that others can read, or of the wrong size, is refused by name") {
  SystemEntropy entropy;
  SealFolder folder;
  const auto file = folder.path / "key";
  REQUIRE(KeyRing::open(file, entropy));
  fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
  const auto open_to_others = KeyRing::open(file, entropy);
  REQUIRE_FALSE(open_to_others);
  CHECK(open_to_others.error().safe.find(file.string()) != std::string::npos);
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  std::ofstream(file, std::ios::app) << "x";
  CHECK_FALSE(KeyRing::open(file, entropy));
  fs::resize_file(file, 31);
  CHECK_FALSE(KeyRing::open(file, entropy));
  CHECK_FALSE(KeyRing::open(folder.path / "no" / "such" / "folder", entropy));
}

#include "platform/crypto/seal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/crypto/sodium.h"

namespace tuition::crypto {
namespace {

constexpr std::size_t key_length = 32;
constexpr char version = 1;

Error key_file_problem(const std::filesystem::path& file, const std::string& what) {
  const std::string sentence = "The key file " + file.string() + " " + what + ".";
  return Error{Kind::internal, "KEY_FILE", sentence, sentence};
}

std::string random_bytes(Entropy& entropy, std::size_t count) {
  std::string bytes(count, '\0');
  entropy.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

// Written beside and linked into place: a crash leaves either no key file or a whole one, and of two starting servers
// one key wins.
Result<void> create(const std::filesystem::path& file, Entropy& entropy) {
  auto beside = file;
  beside += ".new." + std::to_string(::getpid());
  const std::string key = random_bytes(entropy, key_length);
  const auto failed = [&](const char* act) {
    const std::string reason = std::strerror(errno);
    ::unlink(beside.c_str());
    return key_file_problem(file, std::string("cannot be ") + act + ": " + reason);
  };
  {
    const Descriptor out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out.open()) return failed("created");
    if (::write(out.get(), key.data(), key.size()) != static_cast<ssize_t>(key.size())) return failed("written");
    if (::fsync(out.get()) != 0) return failed("written to disk");
  }
  if (::link(beside.c_str(), file.c_str()) != 0 && errno != EEXIST) return failed("put in place");
  ::unlink(beside.c_str());
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.open() || ::fsync(parent.get()) != 0) return failed("written to disk");
  return {};
}

}  // namespace

Result<KeyRing> KeyRing::open(const std::filesystem::path& file, Entropy& entropy) {
  initialise_sodium();
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) TRY(create(file, entropy));

  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.open()) return key_file_problem(file, std::string("cannot be read: ") + std::strerror(errno));
  struct stat about {};
  if (::fstat(in.get(), &about) != 0 || !S_ISREG(about.st_mode)) return key_file_problem(file, "is not a plain file");
  if ((about.st_mode & 077) != 0)
    return key_file_problem(file, "can be read by others; make it private with chmod 600");
  std::string key(key_length + 1, '\0');
  const ssize_t got = ::read(in.get(), key.data(), key.size());
  if (got < 0) return key_file_problem(file, std::string("cannot be read: ") + std::strerror(errno));
  if (got != static_cast<ssize_t>(key_length)) return key_file_problem(file, "must hold exactly 32 bytes");
  Secret root(key.substr(0, key_length));
  sodium_memzero(key.data(), key.size());
  return KeyRing(std::move(root));
}

KeyRing KeyRing::ephemeral(Entropy& entropy) { return KeyRing(Secret(random_bytes(entropy, key_length))); }

Secret KeyRing::derive(std::string_view purpose) const {
  return Secret(hmac_sha256(root_.reveal(), "tuition key 1:" + std::string(purpose)));
}

namespace {

// secretbox has no associated data, so each context has a key of its own.
Secret key_for(const Secret& key, std::string_view context) {
  return Secret(hmac_sha256(key.reveal(), "seal:" + std::string(context)));
}

}  // namespace

std::string Seal::seal(const Secret& plain, std::string_view context, Entropy& entropy) const {
  const Secret key = key_for(key_, context);
  const std::string nonce = random_bytes(entropy, crypto_secretbox_NONCEBYTES);
  std::string box(plain.reveal().size() + crypto_secretbox_MACBYTES, '\0');
  crypto_secretbox_easy(reinterpret_cast<unsigned char*>(box.data()), bytes_of(plain.reveal()).data(),
                        plain.reveal().size(), bytes_of(nonce).data(), bytes_of(key.reveal()).data());
  return version + nonce + box;
}

Result<Secret> Seal::open(std::string_view sealed, std::string_view context) const {
  const Error refused{Kind::internal, "INTERNAL_ERROR", "A stored secret cannot be read.",
                      "a sealed value does not open: wrong key file, or copied from elsewhere"};
  constexpr std::size_t overhead = 1 + crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (sealed.size() < overhead || sealed.front() != version) return refused;
  const Secret key = key_for(key_, context);
  const auto nonce = sealed.substr(1, crypto_secretbox_NONCEBYTES);
  const auto box = sealed.substr(1 + crypto_secretbox_NONCEBYTES);
  std::string plain(box.size() - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()), bytes_of(box).data(), box.size(),
                                 bytes_of(nonce).data(), bytes_of(key.reveal()).data()) != 0)
    return refused;
  return Secret(std::move(plain));
}

}  // namespace tuition::crypto

#include "platform/storage/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/storage/fault.h"

namespace tuition::storage {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* doing) {
  const int error = errno;
  const bool no_room = error == ENOSPC || error == EDQUOT || error == EFBIG;
  throw Fault(no_room ? Fault::Sort::disk_full : Fault::Sort::io,
              path.string() + ": " + doing + ": " + std::generic_category().message(error));
}

class File {
 public:
  File(const fs::path& path, int flags) : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) fail(path_, "cannot be opened");
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::size_t read(char* to, std::size_t size) {
    for (;;) {
      const auto got = ::read(descriptor_, to, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail(path_, "cannot be read");
    }
  }
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto put = ::write(descriptor_, bytes.data(), bytes.size());
      if (put > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(put));
      } else if (put == 0 || errno != EINTR) {
        fail(path_, "cannot be written");
      }
    }
  }
  void sync() {
    if (::fsync(descriptor_) != 0) fail(path_, "cannot be made durable");
  }
  int descriptor() const { return descriptor_; }

 private:
  fs::path path_;
  int descriptor_;
};

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

}  // namespace

void write_durably(const fs::path& file, std::string_view bytes) {
  File out(file, O_WRONLY | O_CREAT | O_TRUNC);
  out.write(bytes);
  out.sync();
}

void copy_durably(const fs::path& from, const fs::path& to) {
  File in(from, O_RDONLY);
  File out(to, O_WRONLY | O_CREAT | O_TRUNC);
  std::vector<char> block(1 << 20);
  while (const auto got = in.read(block.data(), block.size())) out.write({block.data(), got});
  out.sync();
}

void make_durable(const fs::path& path) { File(path, O_RDONLY).sync(); }

void rename_durably(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) fail(to, "cannot be given its name");
  make_durable(folder_of(to));
}

std::string sha256_of_file(const fs::path& file) {
  File in(file, O_RDONLY);
  struct stat status {};
  if (::fstat(in.descriptor(), &status) != 0) fail(file, "cannot be looked at");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return to_hex(bytes_of(crypto::sha256("")));
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, in.descriptor(), 0);
  if (mapped == MAP_FAILED) fail(file, "cannot be read");
  auto digest = crypto::sha256({static_cast<const char*>(mapped), size});
  ::munmap(mapped, size);
  return to_hex(bytes_of(digest));
}

std::string read_small_file(const fs::path& file) {
  File in(file, O_RDONLY);
  std::string text(4096, '\0');
  text.resize(in.read(text.data(), text.size()));
  return text;
}

}  // namespace tuition::storage

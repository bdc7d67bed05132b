#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// A ZIP that is made while it is sent.
namespace tuition::archive {

// One file of it. Texts stand here and are packed. What is long lies elsewhere and is stored as it is, because
// pictures, recordings and films are packed already.
struct ZipPart {
  std::string path{};
  std::string bytes{};     // where there is no `read`
  std::uint64_t size = 0;  // of what is read
  // Appends some bytes from `at` on, at least one; false where there are none. May throw.
  std::function<bool(std::uint64_t at, std::string& out)> read{};
};

// Holds the texts, packed, and one piece of what is read. Its length is known before: the checksum of what is read
// follows it, in a data descriptor. ZIP64 where sizes, places or the number of files need it. The same parts make the
// same bytes: times are not kept.
class ZipStream {
 public:
  // Numbers of `plain_max` and more are written as ZIP64 has them.
  explicit ZipStream(std::vector<ZipPart> parts, std::uint64_t plain_max = 0xffffffff);

  std::uint64_t length() const { return length_; }
  // Appends the next bytes and returns true; false at the end, or where a part ends before its size: then fewer than
  // length() have come. One thread at a time.
  bool next(std::string& out);

 private:
  struct Entry {
    std::string path{};
    std::string packed{};
    std::function<bool(std::uint64_t at, std::string& out)> read{};
    std::uint64_t packed_size = 0;
    std::uint64_t size = 0;
    std::uint64_t at = 0;
    std::uint32_t crc = 0;
  };
  bool is_large(std::uint64_t number) const { return number >= plain_max_; }
  std::string head(const Entry& entry) const;
  std::string descriptor(const Entry& entry) const;
  void add_to_directory(std::string& out, const Entry& entry) const;
  std::string directory() const;

  std::uint64_t plain_max_;
  std::vector<Entry> entries_{};
  std::uint64_t directory_at_ = 0;
  std::uint64_t length_ = 0;

  enum class Step { head, bytes, over };
  Step step_ = Step::head;
  std::size_t current_ = 0;  // entries_.size(): the directory
  std::uint64_t read_ = 0;   // bytes of the current part
};

}  // namespace tuition::archive

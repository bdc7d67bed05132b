#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tuition::http {

// Takes the chunked coding off a body (RFC 9112 section 7.1), strictly: sizes are 1 to 16 hexadecimal digits, lines end
// with CR LF, extensions and trailers are checked, bounded and dropped.
class ChunkedDecoder {
 public:
  enum class State { more, done, bad };

  // Takes bytes from the front of `in` and appends what they carry to `out`; `used` says how many it took.
  State feed(std::string_view in, std::size_t& used, std::string& out);
  // How many bytes the chunk that has begun still brings, by its own word; at least, while its size is being read.
  std::uint64_t announced() const { return left_; }

 private:
  enum class At {
    size,
    extension,
    size_feed,
    bytes,
    bytes_return,
    bytes_feed,
    trailer,
    trailer_line,
    trailer_feed,
    end_feed,
    done,
    bad
  };
  static constexpr std::size_t extension_max = 256;  // of all chunks together
  static constexpr std::size_t trailer_max = 8 * 1024;

  At at_ = At::size;
  int digits_ = 0;
  std::uint64_t left_ = 0;
  std::size_t extension_ = 0;
  std::size_t trailer_ = 0;
  std::string line_{};
};

// The other way: `bytes` as one chunk; nothing for none, which would end the body.
void append_chunk(std::string& out, std::string_view bytes);

}  // namespace tuition::http

#include "platform/http/front/gzip.h"

#include <zlib.h>

#include <memory>

#include "platform/base/check.h"
#include "platform/base/text.h"

namespace tuition::http {
namespace {

// Its tables cost 256 KB to set up, so each thread keeps one.
struct Deflater {
  z_stream stream{};
  Deflater() { check(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib starts"); }
  ~Deflater() { deflateEnd(&stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
};

}  // namespace

std::string gzip(std::string_view bytes) {
  thread_local const auto deflater = std::make_unique<Deflater>();
  auto& stream = deflater->stream;
  deflateReset(&stream);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  check(deflate(&stream, Z_FINISH) == Z_STREAM_END, "the bound holds the whole stream");
  out.resize(stream.total_out);
  return out;
}

std::string gunzip(std::string_view packed) {
  // A gzip ends with the length of what is in it.
  check(packed.size() > 18, "a gzip has a head and an end");
  std::size_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i) size = size << 8 | static_cast<unsigned char>(packed[packed.size() - i]);
  std::string out(size, '\0');
  z_stream stream{};
  check(inflateInit2(&stream, 15 + 16) == Z_OK, "zlib starts");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  check(ended == Z_STREAM_END && stream.avail_out == 0, "a gzip of ours is whole");
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  for (const auto part : split(accept_encoding, ',')) {
    const auto semicolon = part.find(';');
    const auto coding = trim(part.substr(0, semicolon));
    const bool named = equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip");
    if (!named && coding != "*") continue;
    bool wanted = true;
    if (semicolon != std::string_view::npos) {
      const auto weight = trim(part.substr(semicolon + 1));
      if (weight.size() >= 3 && (weight.starts_with("q=") || weight.starts_with("Q=")))
        wanted = weight.find_first_of("123456789") != std::string_view::npos;
    }
    if (named) return wanted;
    any = wanted;
  }
  return any;
}

bool is_compressible(std::string_view content_type) {
  return content_type.starts_with("text/") || contains_ignoring_case(content_type, "json") ||
         contains_ignoring_case(content_type, "xml") || contains_ignoring_case(content_type, "javascript");
}

}  // namespace tuition::http

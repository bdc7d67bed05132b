#include "platform/archive/zip_stream.h"

#include <zlib.h>

#include <algorithm>
#include <string_view>

#include "platform/base/check.h"

// The layout is that of APPNOTE.TXT 6.3: local headers with their files (4.3.7), data descriptors (4.3.9), the central
// directory (4.3.12) and its end, with ZIP64's before it (4.3.14 to 4.3.16). All numbers are little-endian.

namespace tuition::archive {
namespace {

constexpr std::uint64_t all_ones = 0xffffffff;  // says that the number stands in the ZIP64 field
constexpr std::uint64_t plain_version = 20;
constexpr std::uint64_t zip64_version = 45;
constexpr std::uint64_t sizes_follow = 1U << 3;
constexpr std::uint64_t names_are_utf8 = 1U << 11;
constexpr std::uint64_t earliest_day = 1U << 5 | 1;  // 1 January 1980

void put(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::uint32_t checksum(std::uint32_t before, std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::string deflated(std::string_view bytes) {
  z_stream stream{};
  check(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK,
        "deflating begins");
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<unsigned>(bytes.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  check(done, "a text is deflated");
  return out;
}

}  // namespace

ZipStream::ZipStream(std::vector<ZipPart> parts, std::uint64_t plain_max) : plain_max_(plain_max) {
  std::uint64_t at = 0;
  for (auto& part : parts) {
    Entry entry;
    entry.path = std::move(part.path);
    entry.at = at;
    if (part.read) {
      entry.read = std::move(part.read);
      entry.packed_size = entry.size = part.size;
    } else {
      entry.size = part.bytes.size();
      entry.crc = checksum(0, part.bytes);
      entry.packed = deflated(part.bytes);
      entry.packed_size = entry.packed.size();
    }
    at += head(entry).size() + entry.packed_size + descriptor(entry).size();
    entries_.push_back(std::move(entry));
  }
  directory_at_ = at;
  length_ = at + directory().size();
}

std::string ZipStream::head(const Entry& entry) const {
  const bool follows = static_cast<bool>(entry.read);
  const bool large = is_large(std::max(entry.size, entry.packed_size));
  std::string out("PK\x03\x04");
  put(out, large ? zip64_version : plain_version, 2);
  put(out, names_are_utf8 | (follows ? sizes_follow : 0), 2);
  put(out, follows ? 0 : Z_DEFLATED, 2);
  put(out, 0, 2);
  put(out, earliest_day, 2);
  put(out, follows ? 0 : entry.crc, 4);
  put(out, large ? all_ones : follows ? 0 : entry.packed_size, 4);
  put(out, large ? all_ones : follows ? 0 : entry.size, 4);
  put(out, entry.path.size(), 2);
  put(out, large ? 20 : 0, 2);
  out += entry.path;
  if (large) {
    put(out, 1, 2);
    put(out, 16, 2);
    put(out, follows ? 0 : entry.size, 8);
    put(out, follows ? 0 : entry.packed_size, 8);
  }
  return out;
}

std::string ZipStream::descriptor(const Entry& entry) const {
  if (!entry.read) return {};
  const int width = is_large(entry.size) ? 8 : 4;
  std::string out("PK\x07\x08");
  put(out, entry.crc, 4);
  put(out, entry.packed_size, width);
  put(out, entry.size, width);
  return out;
}

void ZipStream::add_to_directory(std::string& out, const Entry& entry) const {
  const bool large = is_large(std::max(entry.size, entry.packed_size));
  const bool far = is_large(entry.at);
  std::string extra;
  if (large || far) {
    put(extra, 1, 2);
    put(extra, (large ? 16 : 0) + (far ? 8 : 0), 2);
    if (large) {
      put(extra, entry.size, 8);
      put(extra, entry.packed_size, 8);
    }
    if (far) put(extra, entry.at, 8);
  }
  const auto version = large || far ? zip64_version : plain_version;
  out += "PK\x01\x02";
  put(out, version, 2);
  put(out, version, 2);
  put(out, names_are_utf8 | (entry.read ? sizes_follow : 0), 2);
  put(out, entry.read ? 0 : Z_DEFLATED, 2);
  put(out, 0, 2);
  put(out, earliest_day, 2);
  put(out, entry.crc, 4);
  put(out, large ? all_ones : entry.packed_size, 4);
  put(out, large ? all_ones : entry.size, 4);
  put(out, entry.path.size(), 2);
  put(out, extra.size(), 2);
  put(out, 0, 2);  // no remark
  put(out, 0, 2);  // the first disk
  put(out, 0, 2);  // no attributes of any system
  put(out, 0, 4);
  put(out, far ? all_ones : entry.at, 4);
  out += entry.path;
  out += extra;
}

std::string ZipStream::directory() const {
  std::string out;
  for (const auto& entry : entries_) add_to_directory(out, entry);
  const std::uint64_t size = out.size();
  const std::uint64_t count = entries_.size();
  const bool many = count >= 0xffff;
  const bool zip64 = many || is_large(size) || is_large(directory_at_);
  if (zip64) {
    out += "PK\x06\x06";
    put(out, 44, 8);
    put(out, zip64_version, 2);
    put(out, zip64_version, 2);
    put(out, 0, 8);
    put(out, count, 8);
    put(out, count, 8);
    put(out, size, 8);
    put(out, directory_at_, 8);
    out += "PK\x06\x07";
    put(out, 0, 4);
    put(out, directory_at_ + size, 8);
    put(out, 1, 4);
  }
  out += "PK\x05\x06";
  put(out, 0, 4);
  put(out, many ? 0xffff : count, 2);
  put(out, many ? 0xffff : count, 2);
  put(out, zip64 && is_large(size) ? all_ones : size, 4);
  put(out, zip64 && is_large(directory_at_) ? all_ones : directory_at_, 4);
  put(out, 0, 2);
  return out;
}

bool ZipStream::next(std::string& out) {
  if (step_ == Step::over) return false;
  if (current_ == entries_.size()) {
    out += directory();
    step_ = Step::over;
    return true;
  }
  auto& entry = entries_[current_];
  if (step_ == Step::head) {
    out += head(entry);
    out += entry.packed;
    std::string().swap(entry.packed);
    step_ = Step::bytes;
    read_ = 0;
    if (entry.read) return true;
  } else if (read_ < entry.size) {
    const auto before = out.size();
    const bool some = entry.read(read_, out);
    const auto piece = std::string_view(out).substr(before);
    if (!some || piece.empty() || piece.size() > entry.size - read_) {
      step_ = Step::over;
      return false;
    }
    entry.crc = checksum(entry.crc, piece);
    read_ += piece.size();
    return true;
  }
  out += descriptor(entry);
  step_ = Step::head;
  ++current_;
  return true;
}

}  // namespace tuition::archive

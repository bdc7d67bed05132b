#include "catalogue/media/picture.h"

#include <algorithm>
#include <array>

namespace tuition::catalogue {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view png_blocks[] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB",
                                           "iCCP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT", "cICP"};
constexpr std::string_view png_metadata[] = {"eXIf", "tEXt", "zTXt", "iTXt", "tIME"};
constexpr std::string_view webp_blocks[] = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"};

template <class List>
bool has(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

// Which way is up, as EXIF says it: 2 to 8; 1 where it says nothing, or nothing that can be understood.
int orientation_of(std::string_view tiff) {
  if (tiff.size() < 14) return 1;
  const bool big = tiff.starts_with("MM");
  const auto number = [&](std::size_t at, std::size_t bytes) -> std::uint32_t {
    if (at > tiff.size() || tiff.size() - at < bytes) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      value = value << 8 | static_cast<std::uint8_t>(tiff[at + (big ? i : bytes - 1 - i)]);
    return value;
  };
  const std::size_t directory = number(4, 4);
  const auto entries = number(directory, 2);
  for (std::size_t i = 0; i < std::min<std::size_t>(entries, 200); ++i) {
    const auto at = directory + 2 + 12 * i;
    if (number(at, 2) != 0x0112) continue;
    const auto value = number(at + 8, 2);
    return value >= 2 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

// An EXIF block that says which way is up and nothing else.
void append_orientation(std::string& out, int orientation) {
  out += "\xff\xe1\x00\x22"sv;
  out += "Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"sv;
  out += static_cast<char>(orientation);
  out += "\0\0\0\0\0\0"sv;
}

}  // namespace

std::uint32_t PictureCleaner::big(std::size_t i, int bytes) const {
  std::uint32_t value = 0;
  for (int each = 0; each < bytes; ++each) value = value << 8 | byte(i + static_cast<std::size_t>(each));
  return value;
}

std::uint32_t PictureCleaner::little(std::size_t i, int bytes) const {
  std::uint32_t value = 0;
  for (int each = bytes - 1; each >= 0; --each) value = value << 8 | byte(i + static_cast<std::size_t>(each));
  return value;
}

PictureCleaner::Step PictureCleaner::refuse(std::string why) {
  problem_ = std::move(why);
  return Step::refused;
}

PictureCleaner::Step PictureCleaner::broken() { return refuse("The picture is damaged."); }

bool PictureCleaner::measure(std::uint32_t width, std::uint32_t height) {
  width_ = width;
  height_ = height;
  if (width == 0 || height == 0) {
    problem_ = "The picture is damaged.";
    return false;
  }
  if (width <= limits_.side_max && height <= limits_.side_max && std::uint64_t{width} * height <= limits_.pixels_max)
    return true;
  problem_ = "The picture has " + std::to_string(width) + " by " + std::to_string(height) +
             " pixels, which is more than is taken here. Make it smaller first.";
  return false;
}

bool PictureCleaner::count_frames(std::uint64_t more) {
  frames_ += more;
  if (frames_ <= limits_.frames_max) return true;
  problem_ = "The picture has more than " + std::to_string(limits_.frames_max) + " frames.";
  return false;
}

bool PictureCleaner::take(std::string_view bytes, std::string& out) {
  if (!problem_.empty()) return false;
  if (ended_) {  // what stands behind the end of a picture is no part of it
    had_metadata_ = had_metadata_ || !bytes.empty();
    return true;
  }
  in_.erase(0, at_);
  at_ = 0;
  in_ += bytes;
  while (!ended_) {
    if (left_ > 0) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in_.size() - at_));
      if (part == 0) return true;
      if (fate_ == Fate::passed) out.append(in_, at_, part);
      if (fate_ == Fate::zeroed) out.append(part, '\0');
      at_ += part;
      left_ -= part;
      continue;
    }
    switch (step(out)) {
      case Step::went_on: break;
      case Step::starved: return true;
      case Step::refused: return false;
    }
  }
  had_metadata_ = had_metadata_ || at_ < in_.size();
  in_.clear();
  at_ = 0;
  return true;
}

bool PictureCleaner::finish() {
  if (!problem_.empty()) return false;
  if (ended_ && left_ == 0 && width_ > 0) return true;
  problem_ = "The picture is cut off.";
  return false;
}

PictureCleaner::Step PictureCleaner::step(std::string& out) {
  switch (format_) {
    case PictureFormat::png: return png(out);
    case PictureFormat::jpeg: return jpeg(out);
    case PictureFormat::webp: return webp(out);
    case PictureFormat::gif: return gif(out);
    case PictureFormat::none: break;
  }
  return refuse("This is no picture.");
}

PictureCleaner::Step PictureCleaner::png(std::string& out) {
  if (!begun_) {
    if (input().size() < 8 + 8 + 13) return Step::starved;
    if (input().substr(8, 8) != "\0\0\0\x0dIHDR"sv) return broken();
    if (!measure(big(16, 4), big(20, 4))) return Step::refused;
    begun_ = true;
    let(Fate::passed, 8 + 8 + 13 + 4);
    return Step::went_on;
  }
  if (input().size() < 12) return Step::starved;
  const auto length = big(0, 4);
  const auto name = input().substr(4, 4);
  if (length > 0x7fffffff) return broken();
  if (name == "IEND") {
    if (length != 0) return broken();
    out += input().substr(0, 12);
    at_ += 12;
    ended_ = true;
    return Step::went_on;
  }
  if (name == "acTL" && (length < 8 || !count_frames(big(8, 4)))) return problem_.empty() ? broken() : Step::refused;
  had_metadata_ = had_metadata_ || has(png_metadata, name);
  let(has(png_blocks, name) ? Fate::passed : Fate::dropped, std::uint64_t{length} + 12);
  return Step::went_on;
}

PictureCleaner::Step PictureCleaner::jpeg(std::string& out) {
  if (!begun_) {
    if (input().size() < 2) return Step::starved;
    begun_ = true;
    let(Fate::passed, 2);
    return Step::went_on;
  }
  if (scanning_) {
    const auto mark = input().find('\xff');
    if (mark != 0) {
      const auto plain = mark == std::string_view::npos ? input().size() : mark;
      if (plain == 0) return Step::starved;
      let(Fate::passed, plain);
      return Step::went_on;
    }
    if (input().size() < 2) return Step::starved;
    const auto next = byte(1);
    if (next == 0 || (next >= 0xd0 && next <= 0xd7)) {
      let(Fate::passed, 2);
      return Step::went_on;
    }
    scanning_ = false;
    return Step::went_on;
  }
  if (input().size() < 2) return Step::starved;
  if (byte(0) != 0xff) return broken();
  const auto marker = byte(1);
  if (marker == 0xff) {  // filling
    let(Fate::dropped, 1);
    return Step::went_on;
  }
  if (marker == 0xd9) {
    out += input().substr(0, 2);
    at_ += 2;
    ended_ = true;
    return Step::went_on;
  }
  if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) return broken();
  return jpeg_segment(marker, out);
}

PictureCleaner::Step PictureCleaner::jpeg_segment(unsigned char marker, std::string& out) {
  if (input().size() < 4) return Step::starved;
  const std::size_t length = big(2, 2);
  if (length < 2) return broken();
  if (input().size() < 2 + length) return Step::starved;
  const auto whole = input().substr(0, 2 + length);
  const auto content = whole.substr(4);
  const bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  if (frame) {
    if (content.size() < 6) return broken();
    if (!measure(big(7, 2), big(5, 2))) return Step::refused;
  }
  if (marker == 0xe1 && content.starts_with("Exif\0\0"sv)) {
    const auto orientation = orientation_of(content.substr(6));
    if (orientation != 1) append_orientation(out, orientation);
  }
  const bool application = marker >= 0xe0 && marker <= 0xef;
  const bool kept = application ? (marker == 0xe0 && content.starts_with("JFIF\0"sv)) ||
                                      (marker == 0xe2 && content.starts_with("ICC_PROFILE\0"sv)) ||
                                      (marker == 0xee && content.starts_with("Adobe"))
                                : marker != 0xfe;
  had_metadata_ = had_metadata_ || !kept;
  if (kept) out += whole;
  at_ += whole.size();
  scanning_ = marker == 0xda;
  return Step::went_on;
}

// Lengths stand in front of what they count, so nothing can be left out of a WebP that is on its way: what must not go
// out becomes a block of zeros under a name that readers skip.
PictureCleaner::Step PictureCleaner::webp(std::string& out) {
  if (!begun_) {
    if (input().size() < 12) return Step::starved;
    if (little(4, 4) < 12) return broken();
    begun_ = true;
    unread_ = std::uint64_t{little(4, 4)} - 4;
    let(Fate::passed, 12);
    return Step::went_on;
  }
  if (unread_ == 0) {
    ended_ = true;
    return Step::went_on;
  }
  if (unread_ < 8) return broken();
  if (input().size() < 8) return Step::starved;
  const auto name = std::string(input().substr(0, 4));
  const auto length = std::uint64_t{little(4, 4)};
  const auto padded = length + (length & 1);
  if (padded > unread_ - 8 && length != unread_ - 8) return broken();
  const auto taken = std::min(padded, unread_ - 8);
  if (!has(webp_blocks, name)) {
    had_metadata_ = true;
    out += "JUNK";
    out += input().substr(4, 4);
    at_ += 8;
    let(Fate::zeroed, taken);
  } else {
    constexpr std::size_t wanted = 8 + 10;
    const bool frame = name == "VP8 " || name == "VP8L" || name == "VP8X";
    if (frame && input().size() < wanted) return Step::starved;
    if (name == "VP8 " && width_ == 0) {
      if (input().substr(11, 3) != "\x9d\x01\x2a"sv) return broken();
      if (!measure(little(14, 2) & 0x3fff, little(16, 2) & 0x3fff)) return Step::refused;
    } else if (name == "VP8L" && width_ == 0) {
      if (byte(8) != 0x2f) return broken();
      const auto bits = little(9, 4);
      if (!measure((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)) return Step::refused;
    } else if (name == "VP8X") {
      if (length < 10 || !measure(little(12, 3) + 1, little(15, 3) + 1))
        return problem_.empty() ? broken() : Step::refused;
      in_[at_ + 8] = static_cast<char>(byte(8) & ~0x0c);  // it has neither EXIF nor XMP any more
    } else if (name == "ANMF" && !count_frames(1)) {
      return Step::refused;
    }
    let(Fate::passed, 8 + taken);
  }
  unread_ -= 8 + taken;
  return Step::went_on;
}

PictureCleaner::Step PictureCleaner::gif(std::string& out) {
  const auto table_size = [](std::uint8_t flags) {
    return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
  };
  if (!begun_) {
    if (input().size() < 13) return Step::starved;
    if (!measure(little(6, 2), little(8, 2))) return Step::refused;
    begun_ = true;
    let(Fate::passed, 13 + table_size(byte(10)));
    return Step::went_on;
  }
  if (input().empty()) return Step::starved;
  if (in_blocks_) {
    const auto length = byte(0);
    in_blocks_ = length > 0;
    let(fate_, std::uint64_t{1} + length);
    return Step::went_on;
  }
  if (byte(0) == 0x3b) {
    out += input().substr(0, 1);
    ++at_;
    ended_ = true;
    return Step::went_on;
  }
  if (byte(0) == 0x2c) {
    if (input().size() < 10) return Step::starved;
    if (!count_frames(1)) return Step::refused;
    let(Fate::passed, 10 + table_size(byte(9)) + 1);
    in_blocks_ = true;
    return Step::went_on;
  }
  if (byte(0) != 0x21) return broken();
  if (input().size() < 14) {
    // The shortest file ends sooner than an application's name is long.
    if (input().size() < 2 || byte(1) == 0xff) return Step::starved;
  }
  const auto label = byte(1);
  const bool loops =
      label == 0xff && (input().substr(3, 11) == "NETSCAPE2.0" || input().substr(3, 11) == "ANIMEXTS1.0");
  const bool kept = label == 0xf9 || loops;
  had_metadata_ = had_metadata_ || !kept;
  let(kept ? Fate::passed : Fate::dropped, 2);
  in_blocks_ = true;
  return Step::went_on;
}

}  // namespace tuition::catalogue

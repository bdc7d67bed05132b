#pragma once

// Pictures made on the spot: their frames are right, and what their pixels are is nobody's business.

#include <cstdint>
#include <string>
#include <string_view>

namespace tuition::tests {

using std::string_view_literals::operator""sv;

inline std::string big(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
  return out;
}
inline std::string little(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}
inline std::uint32_t size_of(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

inline std::string png_block(std::string_view name, std::string_view content) {
  return big(size_of(content), 4) + std::string(name) + std::string(content) + "CRC!";
}
inline std::string png(std::uint32_t width, std::uint32_t height, std::string_view between = {}) {
  return std::string("\x89PNG\r\n\x1a\n"sv) +
         png_block("IHDR", big(width, 4) + big(height, 4) + std::string("\x08\x02\0\0\0"sv)) + std::string(between) +
         png_block("IDAT", std::string(5000, 'p')) + png_block("IEND", "");
}

inline std::string jpeg_segment(std::uint8_t marker, std::string_view content) {
  return std::string{'\xff', static_cast<char>(marker)} + big(size_of(content) + 2, 2) + std::string(content);
}
// An EXIF block that says which way is up and where the picture was taken.
inline std::string exif(int orientation) {
  return jpeg_segment(0xe1, std::string("Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"sv) +
                                static_cast<char>(orientation) + std::string("\0\0\0\0\0\0\0"sv) + "GPS 52.5N 13.4E");
}
inline std::string jpeg(std::uint16_t width, std::uint16_t height, std::string_view between = {}) {
  std::string scan;
  for (int i = 0; i < 3000; ++i) scan += i % 250 == 0 ? std::string("\xff\0"sv) : std::string(1, 's');
  return std::string("\xff\xd8"sv) + jpeg_segment(0xe0, "JFIF\0\x01\x02\0\0\x01\0\x01\0\0"sv) + std::string(between) +
         jpeg_segment(0xc0, "\x08" + big(height, 2) + big(width, 2) + "\x01\x01\x11" + std::string(1, '\0')) +
         jpeg_segment(0xda, "\x01\x01\0\0\x3f\0"sv) + scan + std::string("\xff\xd0"sv) + scan +
         std::string("\xff\xd9"sv);
}

inline std::string webp_block(std::string_view name, std::string_view content) {
  return std::string(name) + little(size_of(content), 4) + std::string(content) + std::string(content.size() % 2, '\0');
}
inline std::string webp(std::uint32_t width, std::uint32_t height, std::string_view after = {}) {
  const auto blocks = webp_block("VP8X", std::string("\x0c\0\0\0"sv) + little(width - 1, 3) + little(height - 1, 3)) +
                      webp_block("VP8L", "\x2f" + std::string(2001, 'v')) + std::string(after);
  return "RIFF" + little(size_of(blocks) + 4, 4) + "WEBP" + blocks;
}

inline std::string gif(std::uint16_t width, std::uint16_t height, int frames, std::string_view before = {}) {
  std::string out = "GIF89a" + little(width, 2) + little(height, 2) + std::string("\x80\0\0"sv) + "abcdef" +
                    std::string("\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"sv) + std::string(before);
  for (int i = 0; i < frames; ++i)
    out += std::string("\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"sv);
  return out + ";";
}

}  // namespace tuition::tests

#include "platform/base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tuition {
namespace {

// The next code point at `at`, or -1; moves `at` past it.
std::int32_t next_code_point(std::string_view text, std::size_t& at) {
  utf8proc_int32_t point = -1;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
  const auto used = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &point);
  if (used <= 0) return -1;
  at += static_cast<std::size_t>(used);
  return point;
}

constexpr std::string_view hex_digits = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// An alphabet and its inverse, where -1 stands for what is not in it.
struct Base64 {
  std::string_view digits;
  std::array<std::int8_t, 256> values{};

  explicit constexpr Base64(std::string_view alphabet) : digits(alphabet) {
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
      values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
};

constexpr Base64 base64_standard("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
constexpr Base64 base64_url("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

enum class Padding { none, full };

std::string encode_base64(std::string_view bytes, const Base64& base64, Padding padding) {
  std::string out((bytes.size() * 4 + 2) / 3, '\0');
  char* to = out.data();
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])) << 16;
    if (left > 1) group |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i + 1])) << 8;
    if (left > 2) group |= static_cast<std::uint8_t>(bytes[i + 2]);
    *to++ = base64.digits[(group >> 18) & 63];
    *to++ = base64.digits[(group >> 12) & 63];
    if (left > 1) *to++ = base64.digits[(group >> 6) & 63];
    if (left > 2) *to++ = base64.digits[group & 63];
  }
  if (padding == Padding::full) out.append((3 - bytes.size() % 3) % 3, '=');
  return out;
}

std::optional<std::string> decode_base64(std::string_view text, const Base64& base64, Padding padding) {
  if (padding == Padding::full) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.ends_with("==")) {
      text.remove_suffix(2);
    } else if (text.ends_with("=")) {
      text.remove_suffix(1);
    }
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out(text.size() * 3 / 4, '\0');
  char* to = out.data();
  const auto value_of = [&](std::size_t at) -> int { return base64.values[static_cast<unsigned char>(text[at])]; };
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const int a = value_of(i), b = value_of(i + 1), c = value_of(i + 2), d = value_of(i + 3);
    if ((a | b | c | d) < 0) return std::nullopt;
    *to++ = static_cast<char>(a << 2 | b >> 4);
    *to++ = static_cast<char>(b << 4 | c >> 2);
    *to++ = static_cast<char>(c << 6 | d);
  }
  if (i == text.size()) return out;
  // Two or three digits are left. Bits of theirs that are not used must be zero, or two texts would mean the same
  // bytes.
  const int a = value_of(i), b = value_of(i + 1), c = i + 2 < text.size() ? value_of(i + 2) : 0;
  if ((a | b | c) < 0) return std::nullopt;
  *to++ = static_cast<char>(a << 2 | b >> 4);
  if (i + 2 < text.size()) *to++ = static_cast<char>(b << 4 | c >> 2);
  if ((i + 2 < text.size() ? c & 3 : b & 15) != 0) return std::nullopt;
  return out;
}

char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
    } else if (next_code_point(text, at) < 0) {
      return false;
    }
  }
  return true;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) return true;
    // C1 controls are C2 80 to C2 9F in UTF-8.
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower_ascii(c);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return to_lower_ascii(text).find(to_lower_ascii(part)) != std::string::npos;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool looks_like_email(std::string_view text) {
  if (text.size() < 3 || text.size() > 254) return false;
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.find('@', at + 1) != std::string_view::npos)
    return false;
  for (char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ||
        std::string_view("()<>[]:;,\\\"").find(c) != std::string_view::npos)
      return false;
  const auto domain = text.substr(at + 1);
  if (domain.empty() || domain.front() == '.' || domain.back() == '.' || domain.front() == '-') return false;
  if (text[at - 1] == '.' || text.front() == '.') return false;
  return text.find("..") == std::string_view::npos && domain.find('.') != std::string_view::npos;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      constexpr std::string_view upper = "0123456789ABCDEF";
      out += '%';
      out += upper[static_cast<unsigned char>(c) >> 4];
      out += upper[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else if (text[i] == '+' && plus == Plus::space) {
      out += ' ';
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (auto byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string to_base64url(std::string_view bytes) { return encode_base64(bytes, base64_url, Padding::none); }
std::optional<std::string> from_base64url(std::string_view text) {
  return decode_base64(text, base64_url, Padding::none);
}
std::string to_base64(std::string_view bytes) { return encode_base64(bytes, base64_standard, Padding::full); }
std::optional<std::string> from_base64(std::string_view text) {
  return decode_base64(text, base64_standard, Padding::full);
}

}  // namespace tuition

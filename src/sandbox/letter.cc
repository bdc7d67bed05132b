#include "sandbox/letter.h"

#include <optional>

#include "platform/base/text.h"

namespace tuition::sandbox {
namespace {

constexpr int depth_max = 8;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::optional<char> hex_byte(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || hex_value(text[at]) < 0 || hex_value(text[at + 1]) < 0) return std::nullopt;
  return static_cast<char>(static_cast<std::uint8_t>(hex_value(text[at]) * 16 + hex_value(text[at + 1])));
}

std::string from_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (const auto byte = hex_byte(text, i + 1)) {
      out += *byte;
      i += 2;
    } else if (text.substr(i).starts_with("=\r\n")) {
      i += 2;
    } else if (text.substr(i).starts_with("=\n")) {
      i += 1;
    } else {
      out += '=';
    }
  }
  return out;
}

std::string to_utf8(std::string bytes, std::string_view charset) {
  if (is_utf8(bytes) && !equals_ignoring_case(charset, "iso-8859-1")) return bytes;
  std::string out;
  for (const char each : bytes) {
    const auto byte = static_cast<std::uint8_t>(each);
    if (byte < 0x80) {
      out += each;
    } else {
      out += static_cast<char>(static_cast<std::uint8_t>(0xc0 | byte >> 6));
      out += static_cast<char>(static_cast<std::uint8_t>(0x80 | (byte & 0x3f)));
    }
  }
  return out;
}

std::string from_loose_base64(std::string_view text) {
  std::string packed;
  for (const char each : text)
    if (each != '\r' && each != '\n' && each != ' ') packed += each;
  return from_base64(packed).value_or(std::string(text));
}

// =?charset?B or Q?...?=; null when it is none.
std::optional<std::string> encoded_word(std::string_view word) {
  if (!word.starts_with("=?") || !word.ends_with("?=")) return std::nullopt;
  const auto parts = split(word.substr(2, word.size() - 4), '?');
  if (parts.size() != 3) return std::nullopt;
  if (equals_ignoring_case(parts[1], "b")) {
    auto bytes = from_base64(parts[2]);
    return bytes ? std::optional(to_utf8(std::move(*bytes), parts[0])) : std::nullopt;
  }
  if (!equals_ignoring_case(parts[1], "q")) return std::nullopt;
  std::string spaced(parts[2]);
  for (char& each : spaced)
    if (each == '_') each = ' ';
  return to_utf8(from_quoted_printable(spaced), parts[0]);
}

// White space between two encoded words belongs to neither.
std::string decode_header(std::string_view value) {
  std::string out;
  bool after_word = false;
  for (std::size_t at = 0; at < value.size();) {
    if (value.substr(at).starts_with("=?")) {
      auto end = value.find('?', at + 2);
      if (end != std::string_view::npos) end = value.find('?', end + 1);
      if (end != std::string_view::npos) end = value.find("?=", end + 1);
      if (end != std::string_view::npos)
        if (const auto word = encoded_word(value.substr(at, end + 2 - at))) {
          if (after_word)
            while (!out.empty() && out.back() == ' ') out.pop_back();
          out += *word;
          at = end + 2;
          after_word = true;
          continue;
        }
    }
    if (value[at] != ' ') after_word = false;
    out += value[at++];
  }
  return out;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string value_of(const Headers& headers, std::string_view name) {
  for (const auto& [each, value] : headers)
    if (equals_ignoring_case(each, name)) return value;
  return {};
}

// Splits off the headers; `rest` becomes the body.
Headers take_headers(std::string_view& rest) {
  Headers headers;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && !headers.empty()) {
      headers.back().second += " " + std::string(trim(line));
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
  }
  return headers;
}

std::string parameter(const std::string& value, std::string_view name) {
  for (auto part : split(value, ';')) {
    part = trim(part);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || !equals_ignoring_case(part.substr(0, equals), name)) continue;
    part.remove_prefix(equals + 1);
    if (part.size() >= 2 && part.front() == '"') part = part.substr(1, part.size() - 2);
    return std::string(part);
  }
  return {};
}

void read_part(const Headers& headers, std::string_view body, Letter& letter, int depth) {
  std::string type = value_of(headers, "content-type");
  if (type.empty()) type = "text/plain";
  const std::string kind = to_lower_ascii(trim(std::string_view(type).substr(0, type.find(';'))));
  if (kind.starts_with("multipart/") && depth < depth_max) {
    const std::string fence = "--" + parameter(type, "boundary");
    auto at = body.find(fence);
    while (fence.size() > 2 && at != std::string_view::npos) {
      std::string_view part = body.substr(at + fence.size());
      if (part.starts_with("--")) break;
      const auto line = part.find('\n');
      if (line == std::string_view::npos) break;
      part.remove_prefix(line + 1);
      const auto end = part.find("\n" + fence);
      std::string_view inner = part.substr(0, end);
      if (inner.ends_with('\r')) inner.remove_suffix(1);
      const Headers own = take_headers(inner);
      read_part(own, inner, letter, depth + 1);
      if (end == std::string_view::npos) break;
      at = static_cast<std::size_t>(part.data() - body.data()) + end + 1;
    }
    return;
  }
  const std::string encoding = to_lower_ascii(value_of(headers, "content-transfer-encoding"));
  std::string text = encoding == "base64"             ? from_loose_base64(body)
                     : encoding == "quoted-printable" ? from_quoted_printable(body)
                                                      : std::string(body);
  std::erase(text, '\r');
  text = to_utf8(std::move(text), parameter(type, "charset"));
  if (kind == "text/html" && letter.html.empty()) {
    letter.html = std::move(text);
  } else if (kind == "text/plain" && letter.text.empty()) {
    letter.text = std::move(text);
  }
}

}  // namespace

Letter read_letter(std::string_view raw) {
  Letter letter;
  letter.raw = raw;
  std::string_view rest = raw;
  letter.headers = take_headers(rest);
  letter.from = decode_header(value_of(letter.headers, "from"));
  letter.to = decode_header(value_of(letter.headers, "to"));
  letter.subject = decode_header(value_of(letter.headers, "subject"));
  read_part(letter.headers, rest, letter, 0);
  return letter;
}

}  // namespace tuition::sandbox

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tuition {

bool is_utf8(std::string_view text);
// Code points of well-formed UTF-8.
std::size_t count_code_points(std::string_view text);
// Any control character but tab, line feed and carriage return.
bool has_control(std::string_view text);

std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view part);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// Whole text, base 10, optional minus; null when anything else is there or it does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);

// One at-sign with something sensible on both sides, at most 254 bytes, ASCII or UTF-8, no space or control. Whether
// mail arrives there only a mail can show.
bool looks_like_email(std::string_view text);

std::string escape_html(std::string_view text);
// Everything but unreserved characters becomes %XX (RFC 3986).
std::string percent_encode(std::string_view text);
// Null on a broken escape. Plus::space for forms and queries.
enum class Plus { literal, space };
std::optional<std::string> percent_decode(std::string_view text, Plus plus);

std::string to_hex(std::span<const std::uint8_t> bytes);
std::optional<std::string> from_hex(std::string_view text);
// Without padding, URL alphabet (RFC 4648 section 5).
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace tuition

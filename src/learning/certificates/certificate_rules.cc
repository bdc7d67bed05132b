#include "learning/certificates/certificate_rules.h"

#include <array>

#include "platform/base/check.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t digits_in_serial = 16;

std::string grouped(std::string_view plain) {
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += plain[i];
  }
  return out;
}

std::string on_one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

}  // namespace

std::string serial_of(std::string_view ten_random_bytes) {
  check(ten_random_bytes.size() == 10, "a serial is made of 80 bits");
  std::string plain;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : ten_random_bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) plain += digits[(held >> (bits - 5)) & 31U];
  }
  return grouped(plain);
}

std::optional<std::string> read_serial(std::string_view text) {
  if (text.size() > 64) return std::nullopt;
  std::string plain;
  for (char c : text) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (digits.find(c) == std::string_view::npos) return std::nullopt;
    plain += c;
  }
  if (plain.size() != digits_in_serial) return std::nullopt;
  return grouped(plain);
}

std::string statement_of(const Certificate& c) {
  std::string out = "tuition certificate 1\n";
  const auto line = [&](std::string_view name, std::string_view value) {
    out += std::string(name) + ": " + on_one_line(value) + "\n";
  };
  line("serial", c.serial);
  line("school", c.school);
  line("name", c.name_on);
  line("course", c.course_title);
  line("course-id", c.course.text());
  line("issued", to_text(c.issued_at));
  line("expires", c.expires_at ? to_text(*c.expires_at) : "never");
  return out;
}

bool is_expired(const Certificate& certificate, Instant now) {
  return certificate.expires_at && *certificate.expires_at <= now;
}

std::string written_date(Instant at) {
  constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                    "May",       "June",     "July",     "August",
                                                    "September", "October",  "November", "December"};
  const auto text = to_text(day_of(at));  // 2026-11-20
  const auto month = parse_integer(text.substr(5, 2)).value_or(1);
  const auto day = parse_integer(text.substr(8, 2)).value_or(1);
  return std::to_string(day) + " " + std::string(months[static_cast<std::size_t>(month - 1)]) + " " + text.substr(0, 4);
}

}  // namespace tuition::learning

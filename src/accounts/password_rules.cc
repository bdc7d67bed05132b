#include "accounts/password_rules.h"

#include <vector>

#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

// Lower case and without spaces and signs, so that "Anna-Maria" is found in "annamaria".
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : to_lower_ascii(text)) {
    const bool sign = static_cast<unsigned char>(c) < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
    if (!sign) out += c;
  }
  return out;
}

// Shorter words stand in too many good passwords.
constexpr std::size_t shortest_word = 4;

bool contains_word(const std::string& password, std::string_view word) {
  const std::string sought = squeezed(word);
  return count_code_points(sought) >= shortest_word && password.find(sought) != std::string::npos;
}

}  // namespace

bool has_line(std::string_view lines, std::string_view sought) {
  std::size_t low = 0;
  std::size_t high = lines.size();
  // Invariant: the line, if it is there, begins in [low, high), and low is the beginning of a line.
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t before = middle == 0 ? std::string_view::npos : lines.rfind('\n', middle - 1);
    const std::size_t begin = before == std::string_view::npos || before + 1 < low ? low : before + 1;
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    const int order = sought.compare(lines.substr(begin, end - begin));
    if (order == 0) return true;
    if (order < 0) {
      high = begin;
    } else {
      low = end + 1;
    }
  }
  return false;
}

std::optional<std::string> complaint(std::string_view password, const PasswordRules& rules,
                                     const PasswordOwner& owner) {
  if (count_code_points(password) < static_cast<std::size_t>(rules.min))
    return "must be at least " + std::to_string(rules.min) + " characters";
  if (has_line(rules.common, to_lower_ascii(password))) return "is one of those that are tried first; choose another";

  const std::string plain = squeezed(password);
  if (contains_word(plain, rules.site_name)) return "must not contain the school's name";
  const auto local_part = owner.email.substr(0, owner.email.find('@'));
  if (contains_word(plain, owner.email) || contains_word(plain, local_part))
    return "must not contain your email address";
  for (const auto word : split(owner.full_name, ' '))
    if (contains_word(plain, word)) return "must not contain your name";
  return std::nullopt;
}

}  // namespace tuition::accounts

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuition::accounts {

// What a new password must be (NIST SP 800-63B-4): long enough, counted in characters as people see them typed; not one
// that everybody tries first, nor one of those made longer: doubled, with a year behind it, or a row of keys; not made
// of the person's own name or address or the school's name. No rules about digits and signs, nothing is cut off, spaces
// count.
struct PasswordRules {
  int min = 12;
  std::string_view common{};  // the list: one per line, lower case, sorted by bytes
  std::string_view site_name{};
};

struct PasswordOwner {
  std::string_view email{};
  std::string_view full_name{};
};

// What is wrong with it, as a sentence part that follows "password"; nothing when it may be used.
std::optional<std::string> complaint(std::string_view password, const PasswordRules& rules, const PasswordOwner& owner);

// Whether a line of the sorted text is exactly `line`.
bool has_line(std::string_view sorted_lines, std::string_view line);

}  // namespace tuition::accounts

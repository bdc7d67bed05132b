#include "accounts/passwords/password_rules.h"

#include <algorithm>
#include <array>
#include <vector>

#include "platform/base/fold.h"
#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

// Without case, accents, spaces and signs, so that "Anna-Maria" is found in "annamaria" and "Zoë" in "ZOE".
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : folded(text)) {
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

// --- What is long and yet tried early: words and patterns made longer ------------------------------------------------

bool letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool letter_of_word(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// Patterns longer than this are not tried before other things are.
constexpr std::size_t longest_pattern = 64;

// A piece of at most four letters or digits, or of them and signs, three times or more and nothing else.
bool is_repeated(std::string_view text) {
  if (text.size() > longest_pattern) return false;
  for (std::size_t piece = 1; piece <= 4 && piece * 3 <= text.size(); ++piece)
    if (text.substr(piece) == text.substr(0, text.size() - piece))
      return std::any_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(piece), letter_or_digit);
  return false;
}

// As they follow each other in counting, in the alphabet and on keyboards: along the rows of three layouts and down the
// columns.
constexpr std::string_view sequences[] = {"01234567890", "abcdefghijklmnopqrstuvwxyz",
                                          "qwertyuiop",  "asdfghjkl",
                                          "zxcvbnm",     "qwertzuiop",
                                          "yxcvbnm",     "azertyuiop",
                                          "qsdfghjklm",  "wxcvbn",
                                          "1qaz",        "2wsx",
                                          "3edc",        "4rfv",
                                          "5tgb",        "6yhn",
                                          "7ujm",        "8ik,",
                                          "9ol.",        "!@#$%^&*()"};

// How `next` comes after `last` in one of them: forwards 1, backwards -1, the same again 0, not at all 2.
int step_in(std::string_view sequence, char last, char next) {
  const auto at = sequence.find(last);
  if (at == std::string_view::npos) return 2;
  if (at + 1 < sequence.size() && sequence[at + 1] == next) return 1;
  if (sequence.back() == last && sequence[sequence.size() - 2] == next) return -1;
  if (at > 0 && sequence[at - 1] == next) return -1;
  return 2;
}

// How many characters from the beginning of `text` make one run.
std::size_t length_of_run(std::string_view text) {
  std::size_t longest = 1;
  if (letter_or_digit(text[0]))
    while (longest < text.size() && text[longest] == text[0]) ++longest;
  for (const auto sequence : sequences) {
    for (const int direction : {1, -1}) {
      std::size_t length = 1;
      while (length < text.size() && step_in(sequence, text[length - 1], text[length]) == direction) ++length;
      longest = std::max(longest, length);
    }
  }
  return longest;
}

// Nothing but runs of four characters on average: 123456789012, qwertyuiopas, abcd1234.
bool is_run(std::string_view text) {
  if (text.size() > longest_pattern) return false;
  std::size_t runs = 0;
  for (std::size_t at = 0; at < text.size(); at += length_of_run(text.substr(at))) ++runs;
  return runs * 4 <= text.size();
}

// Too short for the list, and what many passwords begin with.
constexpr std::string_view short_words[] = {
    "admin",   "apple",    "autumn", "batman", "dragon",  "easter",  "football", "guitar",  "hello",
    "hunter",  "iloveyou", "killer", "lesson", "letmein", "login",   "love",     "master",  "monday",
    "money",   "monkey",   "mother", "music",  "orange",  "pass",    "password", "piano",   "please",
    "pokemon", "prince",   "qwerty", "school", "secret",  "shadow",  "spring",   "student", "summer",
    "sunday",  "teacher",  "test",   "user",   "violin",  "welcome", "winter"};

bool is_common_word(std::string_view word, std::string_view common) {
  return std::binary_search(std::begin(short_words), std::end(short_words), word) || has_line(common, word);
}

// A common word or two of them, with some digits and signs around them: password2024!, sunshine12345, dragondragon.
bool is_dressed_word(std::string_view text, std::string_view common) {
  const auto begin = std::find_if(text.begin(), text.end(), letter_of_word);
  const auto end = std::find_if(text.rbegin(), text.rend(), letter_of_word).base();
  if (begin >= end) return false;
  const auto before = static_cast<std::size_t>(begin - text.begin());
  const auto word = text.substr(before, static_cast<std::size_t>(end - begin));
  const auto behind = text.substr(before + word.size());
  // More of them, in no order, are a password of their own.
  constexpr std::size_t few = 6;
  const auto cheap = [](std::string_view part) { return part.size() <= few || is_run(part) || is_repeated(part); };
  if (!cheap(text.substr(0, before)) || !cheap(behind)) return false;
  if (is_common_word(word, common)) return true;
  for (std::size_t at = shortest_word; at + shortest_word <= word.size(); ++at)
    if (is_common_word(word.substr(0, at), common) && is_common_word(word.substr(at), common)) return true;
  return false;
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
  const std::string lower = to_lower_ascii(password);
  if (has_line(rules.common, lower) || is_dressed_word(lower, rules.common))
    return "is one of those that are tried first; choose another";
  if (is_repeated(lower) || is_run(lower))
    return "must not be a row or a repeat that is easily guessed; choose another";

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

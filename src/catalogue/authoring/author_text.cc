#include "catalogue/authoring/author_text.h"

#include <algorithm>

#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

constexpr std::size_t slug_max = 80;

// U+00C0 to U+017F without their accents; a space where there is no such letter.
constexpr std::string_view latin_1 = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";
constexpr std::string_view latin_a =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

// The plain letter of a two-byte sequence, or 0.
char plain_letter(unsigned char first, unsigned char second) {
  const unsigned code = ((first & 0x1fU) << 6) | (second & 0x3fU);
  if (code >= 0xc0 && code < 0x100) return latin_1[code - 0xc0];
  if (code >= 0x100 && code < 0x100 + latin_a.size()) return latin_a[code - 0x100];
  return 0;
}

}  // namespace

std::string slug_from(std::string_view title) {
  std::string out;
  const auto put = [&](char c) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
    else if (c != '\'' && !out.empty() && out.back() != '-')
      out += '-';
  };
  for (std::size_t i = 0; i < title.size() && out.size() < slug_max; ++i) {
    const auto c = static_cast<unsigned char>(title[i]);
    if (c < 0x80) {
      put(title[i]);
    } else if ((c & 0xe0) == 0xc0 && i + 1 < title.size()) {
      const char plain = plain_letter(c, static_cast<unsigned char>(title[++i]));
      put(plain == 0 ? ' ' : plain);
    } else if ((c & 0xc0) == 0xc0) {
      put(' ');
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "untitled" : out;
}

std::string free_slug(std::string slug, const std::function<bool(const std::string&)>& taken) {
  if (!taken(slug)) return slug;
  for (std::int64_t number = 2;; ++number) {
    auto tried = slug + "-" + std::to_string(number);
    if (!taken(tried)) return tried;
  }
}

std::string kept_markdown(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      out += '\n';
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ' || out.back() == '\t')) out.pop_back();
  if (!out.empty()) out += '\n';
  return out;
}

std::string file_name_of(std::string_view came_with, std::int64_t number, std::string_view slug,
                         std::string_view ending) {
  const auto dash = came_with.find('-');
  if ((dash == 2 || dash == 3) && parse_integer(came_with.substr(0, dash)) == number &&
      came_with.substr(dash + 1) == std::string(slug) + std::string(ending))
    return std::string(came_with);
  std::string digits = std::to_string(number);
  if (digits.size() < 2) digits.insert(0, 1, '0');
  return digits + "-" + std::string(slug) + std::string(ending);
}

bool levels_ascend(const std::vector<std::int64_t>& levels) { return std::is_sorted(levels.begin(), levels.end()); }

}  // namespace tuition::catalogue

#include "accounts/sessions/device_words.h"

#include <algorithm>

namespace tuition::accounts {
namespace {

struct Mark {
  std::string_view text;
  std::string_view word;
};

// The first that is found counts: browsers claim to be each other, so the more special stand first.
constexpr Mark browsers[] = {
    {"Edg", "Edge"},          {"OPR/", "Opera"},
    {"Opera", "Opera"},       {"SamsungBrowser", "Samsung Internet"},
    {"Vivaldi", "Vivaldi"},   {"YaBrowser", "Yandex"},
    {"FxiOS", "Firefox"},     {"Firefox", "Firefox"},
    {"CriOS", "Chrome"},      {"HeadlessChrome", "Chrome"},
    {"Chromium", "Chromium"}, {"Chrome", "Chrome"},
    {"Safari", "Safari"},
};

constexpr Mark systems[] = {
    {"iPhone", "iPhone"}, {"iPad", "iPad"},    {"Android", "Android"}, {"CrOS", "ChromeOS"},   {"Windows", "Windows"},
    {"Macintosh", "Mac"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"},     {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"},
};

template <std::size_t n>
std::string_view first_of(std::string_view text, const Mark (&marks)[n]) {
  for (const auto& mark : marks)
    if (text.find(mark.text) != std::string_view::npos) return mark.word;
  return {};
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// "curl/8.14.1" is curl, "python-requests/2.32" python-requests.
std::string_view program_of(std::string_view user_agent) {
  const auto name = user_agent.substr(0, user_agent.find('/'));
  const bool plain = !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), is_plain);
  return plain && name != "Mozilla" ? name : std::string_view{};
}

}  // namespace

std::string device_words(std::string_view user_agent) {
  const auto system = first_of(user_agent, systems);
  const auto browser = first_of(user_agent, browsers);
  if (!browser.empty() && !system.empty()) return std::string(browser) + " on " + std::string(system);
  if (!browser.empty()) return std::string(browser);
  if (const auto program = program_of(user_agent); !program.empty()) return std::string(program);
  if (!system.empty()) return "A browser on " + std::string(system);
  return "Unknown device";
}

}  // namespace tuition::accounts

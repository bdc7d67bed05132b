#include "platform/config/forms.h"

#include <utility>

#include "platform/base/text.h"

namespace tuition::config {

std::function<std::string(const std::string&)> into_each(std::vector<std::string>& target,
                                                         std::function<bool(std::string_view item)> fits,
                                                         std::string must) {
  return [&target, fits = std::move(fits), must = std::move(must)](const std::string& text) -> std::string {
    std::vector<std::string> items;
    for (const auto part : split(text, ',')) {
      const auto item = trim(part);
      if (item.empty()) continue;
      if (!fits(item)) return must;
      items.emplace_back(item);
    }
    target = std::move(items);
    return {};
  };
}

bool is_web_address(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  if (text.substr(0, scheme) != "http" && text.substr(0, scheme) != "https") return false;
  if (has_control(text) || text.find_first_of(" \"'<>?#\\@") != std::string_view::npos) return false;
  const auto rest = text.substr(scheme + 3);
  return !rest.empty() && rest.front() != '/' && rest.front() != ':';
}

std::function<std::string(const std::string&)> into_web_address(std::string& target) {
  return [&target](const std::string& text) -> std::string {
    if (!is_web_address(text)) return "must be a web address such as https://api.example.org, without a query";
    target = text;
    while (target.ends_with('/')) target.pop_back();
    return {};
  };
}

}  // namespace tuition::config

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tuition::config {

// Setters that ask more of a text than option.h's; the target outlives the options.

// A list, comma separated, each item of which `fits`. Otherwise the complaint is `must`: "must be networks such as
// ...".
std::function<std::string(const std::string&)> into_each(std::vector<std::string>& target,
                                                         std::function<bool(std::string_view item)> fits,
                                                         std::string must);

// "https://api.example.org": http or https and a host, neither query nor fragment. Slashes at its end are taken off.
bool is_web_address(std::string_view text);
std::function<std::string(const std::string&)> into_web_address(std::string& target);

}  // namespace tuition::config

#pragma once

#include <string>
#include <string_view>

namespace tuition::accounts {

// "Firefox on Linux", "Safari on iPhone", "curl": what a User-Agent header says about the device, in words by which its
// owner knows it. Only words from a fixed list, or a program's own plain name: the header is a stranger's text.
std::string device_words(std::string_view user_agent);

}  // namespace tuition::accounts

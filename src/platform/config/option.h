#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/secret.h"

namespace tuition::config {

enum class Sort { text, integer, boolean, choice, list, secret, path, duration_s, bytes };

// One setting. Its name is dotted (`http.port`); the flag is --http-port unless `flag` says otherwise, the environment
// variable TUITION_HTTP_PORT, and `env_alias` a name from elsewhere that means the same (PORT). A secret is also read
// from <NAME>_FILE and from systemd credentials, and never printed.
struct Option {
  std::string_view name;
  Sort sort;
  std::string_view fallback;  // as text
  std::string_view sentence;
  // Parses and stores; returns a complaint ("must be between 1 and 65535") or nothing.
  std::function<std::string(const std::string& text)> set;
  std::string_view flag{};
  std::string_view env_alias{};
  std::vector<std::string_view> choices{};
  std::string_view dev_fallback{};  // instead of fallback in mode dev, when not empty
  bool reloadable = false;
};

using Options = std::vector<Option>;

std::string environment_name(const Option& option);  // TUITION_HTTP_PORT
std::string flag_name(const Option& option);         // --http-port

// Makers for the usual setters; the target outlives the options.
std::function<std::string(const std::string&)> into(std::string& target);
std::function<std::string(const std::string&)> into(bool& target);
std::function<std::string(const std::string&)> into(std::vector<std::string>& target);  // comma separated
std::function<std::string(const std::string&)> into(std::int64_t& target, std::int64_t min, std::int64_t max);
std::function<std::string(const std::string&)> into(int& target, int min, int max);
std::function<std::string(const std::string&)> into(Secret& target);  // without white space around it
// "90", "90s", "15m", "12h", "30d"; bounds in seconds.
std::function<std::string(const std::string&)> into_seconds(std::int64_t& target, std::int64_t min, std::int64_t max);
// "4096", "64KiB", "10MiB", "1GiB"; bounds in bytes.
std::function<std::string(const std::string&)> into_bytes(std::int64_t& target, std::int64_t min, std::int64_t max);

}  // namespace tuition::config

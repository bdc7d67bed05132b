#include "platform/config/option.h"

#include <array>
#include <utility>

#include "platform/base/text.h"

namespace tuition::config {
namespace {

std::string not_between(std::int64_t min, std::int64_t max) {
  return "must be between " + std::to_string(min) + " and " + std::to_string(max);
}

struct Unit {
  std::string_view suffix;
  std::int64_t factor;
};

// A whole number with at most one of the units; null when it is neither or does not fit.
template <std::size_t N>
std::optional<std::int64_t> with_unit(std::string_view text, const std::array<Unit, N>& units) {
  text = trim(text);
  std::int64_t factor = 1;
  for (const Unit& unit : units)
    if (text.ends_with(unit.suffix)) {
      factor = unit.factor;
      text.remove_suffix(unit.suffix.size());
      break;
    }
  const auto number = parse_integer(trim(text));
  std::int64_t product = 0;
  if (!number || __builtin_mul_overflow(*number, factor, &product)) return std::nullopt;
  return product;
}

}  // namespace

std::string environment_name(const Option& option) {
  std::string name = "TUITION_";
  for (const char each : option.name)
    name += each == '.' || each == '-' ? '_' : static_cast<char>(each >= 'a' && each <= 'z' ? each - 32 : each);
  return name;
}

std::string flag_name(const Option& option) {
  if (!option.flag.empty()) return (option.flag.starts_with("-") ? "" : "--") + std::string(option.flag);
  std::string name = "--";
  for (const char each : option.name) name += each == '.' || each == '_' ? '-' : each;
  return name;
}

std::function<std::string(const std::string&)> into(std::string& target) {
  return [&target](const std::string& text) {
    target = text;
    return std::string();
  };
}

std::function<std::string(const std::string&)> into(Secret& target) {
  return [&target](const std::string& text) {
    target = Secret(std::string(trim(text)));
    return std::string();
  };
}

std::function<std::string(const std::string&)> into(bool& target) {
  return [&target](const std::string& text) -> std::string {
    for (const std::string_view yes : {"true", "1", "yes", "on"})
      if (equals_ignoring_case(text, yes)) {
        target = true;
        return {};
      }
    for (const std::string_view no : {"false", "0", "no", "off"})
      if (equals_ignoring_case(text, no)) {
        target = false;
        return {};
      }
    return "must be true or false";
  };
}

std::function<std::string(const std::string&)> into(std::vector<std::string>& target) {
  return [&target](const std::string& text) {
    target.clear();
    for (const auto part : split(text, ','))
      if (const auto item = trim(part); !item.empty()) target.emplace_back(item);
    return std::string();
  };
}

std::function<std::string(const std::string&)> into(std::int64_t& target, std::int64_t min, std::int64_t max) {
  return [&target, min, max](const std::string& text) -> std::string {
    const auto number = parse_integer(trim(text));
    if (!number) return "must be a whole number";
    if (*number < min || *number > max) return not_between(min, max);
    target = *number;
    return {};
  };
}

std::function<std::string(const std::string&)> into(int& target, int min, int max) {
  return [&target, min, max](const std::string& text) -> std::string {
    const auto number = parse_integer(trim(text));
    if (!number) return "must be a whole number";
    if (*number < min || *number > max) return not_between(min, max);
    target = static_cast<int>(*number);
    return {};
  };
}

std::function<std::string(const std::string&)> into_seconds(std::int64_t& target, std::int64_t min, std::int64_t max) {
  return [&target, min, max](const std::string& text) -> std::string {
    constexpr std::array<Unit, 4> units{{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
    const auto number = with_unit(text, units);
    if (!number) return "must be a duration such as 90, 15m, 12h or 30d";
    if (*number < min || *number > max) return not_between(min, max) + " seconds";
    target = *number;
    return {};
  };
}

std::function<std::string(const std::string&)> into_bytes(std::int64_t& target, std::int64_t min, std::int64_t max) {
  return [&target, min, max](const std::string& text) -> std::string {
    constexpr std::array<Unit, 10> units{{{"KiB", 1 << 10},
                                          {"MiB", 1 << 20},
                                          {"GiB", 1 << 30},
                                          {"kB", 1000},
                                          {"KB", 1000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000},
                                          {"K", 1 << 10},
                                          {"M", 1 << 20},
                                          {"G", 1 << 30}}};
    const auto number = with_unit(text, units);
    if (!number) return "must be a size such as 4096, 64KiB or 10MiB";
    if (*number < min || *number > max) return not_between(min, max) + " bytes";
    target = *number;
    return {};
  };
}

}  // namespace tuition::config

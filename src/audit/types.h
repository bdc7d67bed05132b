#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "platform/base/caller.h"
#include "platform/base/fields.h"
#include "platform/base/time.h"

namespace tuition {

constexpr auto names_of(Caller::Sort) {
  return std::array{std::pair{Caller::Sort::anonymous, std::string_view{"anonymous"}},
                    std::pair{Caller::Sort::person, std::string_view{"person"}},
                    std::pair{Caller::Sort::key, std::string_view{"key"}},
                    std::pair{Caller::Sort::system, std::string_view{"system"}}};
}

}  // namespace tuition

namespace tuition::audit {

enum class Category { security, business, error, system };

constexpr auto names_of(Category) {
  return std::array{std::pair{Category::security, std::string_view{"security"}},
                    std::pair{Category::business, std::string_view{"business"}},
                    std::pair{Category::error, std::string_view{"error"}},
                    std::pair{Category::system, std::string_view{"system"}}};
}

enum class Severity { info, warning, critical };

constexpr auto names_of(Severity) {
  return std::array{std::pair{Severity::info, std::string_view{"info"}},
                    std::pair{Severity::warning, std::string_view{"warning"}},
                    std::pair{Severity::critical, std::string_view{"critical"}}};
}

// Who did it, as far as the trail keeps it.
struct Actor {
  Caller::Sort sort = Caller::Sort::system;
  UserId user{};
  std::string ip{};
  std::string request_id{};
  std::string key{};  // the API key it was done with; record() keeps it in the metadata, as actorKey

  Actor() = default;
  Actor(const Caller& caller)
      : sort(caller.sort), user(caller.user), ip(caller.ip), request_id(caller.request_id), key(caller.key) {}
};

// One thing done. `action` is a stable dotted name ("auth.login"). Never put secrets, passwords or tokens in any
// member; metadata is a JSON object of a few plain values.
struct Entry {
  Instant at{};
  Actor actor{};
  std::string action{};
  Category category = Category::business;
  Severity severity = Severity::info;
  std::string target_type{};  // "user", "subscription"; empty when there is none
  std::string target_id{};
  std::string description{};  // one plain sentence
  JsonText metadata{"{}"};
};

}  // namespace tuition::audit

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/types.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

// What other domains may ask about people, read-only.

// Whom to write to, whom to bill, whose day it is.
struct Person {
  UserId id{};
  std::string email{};
  std::string full_name{};  // may be empty
  Role role = Role::user;
  bool owner = false;
  UserStatus status = UserStatus::active;
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  Instant created_at{};
};

std::optional<Person> person(ReadTx& tx, const UserId& id);
std::optional<Person> person_by_email(ReadTx& tx, std::string_view email);

struct PeopleCounts {
  std::int64_t total = 0;  // not erased
  std::int64_t verified = 0;
  std::int64_t joined = 0;     // since the given moment
  std::int64_t signed_in = 0;  // since the given moment
};
PeopleCounts count_people(ReadTx& tx, Instant since);

}  // namespace tuition::accounts

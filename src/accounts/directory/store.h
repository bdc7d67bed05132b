#pragma once

// Statements about everybody, for administrators; and about one person, also for that person. Each takes the caller and
// finds nothing for anybody else.

#include <optional>
#include <string>
#include <vector>

#include "accounts/directory/wire.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::accounts::directory::store {

struct Row {
  UserId id{};
  std::string email{};
  std::optional<std::string> full_name{};
  Role role = Role::user;
  bool owner = false;
  Status status = Status::active;
  bool verified = false;
  Instant created_at{};
  Instant seen_at{};
  std::string folded_name{};
  bool mfa_enabled = false;
};

struct Filter {
  std::string q{};       // in lower case, for addresses
  std::string folded{};  // the same for names: folded
  std::string role{};    // empty: any
  std::string status{};  // empty: any
  Instant created_from{0};
  Instant created_to{};
  // Whether people must be among `paying`, must not, or either.
  std::optional<AccessLevel> access{};
  std::vector<UserId> paying{};
  // Only these, where there is such a list.
  std::optional<std::vector<UserId>> among{};
};

// Where a page begins: behind the row with this key and id. The key is a number for moments, a text otherwise.
struct Place {
  std::int64_t moment = 0;
  std::string text{};
  std::string id{};
};

// Which index leads: that of the order, or the ids of `Filter::among`, which are looked up one by one and sorted.
enum class Among { everybody, listed };
Sql statement(Order order, Among among);
Sql count_statement(Among among);
Place beginning(Order order);

std::vector<Row> list(ReadTx& tx, const Caller& caller, const Filter& filter, Order order, const Place& after,
                      std::int64_t limit);
std::int64_t count(ReadTx& tx, const Caller& caller, const Filter& filter);

struct Detail {
  Row row{};
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  JsonText preferences{};
  bool leaderboard_opt_in = false;
  std::optional<std::string> avatar_id{};
  Instant updated_at{};
  std::int64_t sessions = 0;
  std::int64_t api_keys = 0;
};
std::optional<Detail> detail(ReadTx& tx, const Caller& caller, const UserId& id, Instant now);

// --- Removal --------------------------------------------------------------------------------------------------------

// The row stays, because books and the trail point to it; whatever tells who it was goes, and the address is free.
void erase(WriteTx& tx, const UserId& id, const std::string& email_hash, Instant now);

}  // namespace tuition::accounts::directory::store

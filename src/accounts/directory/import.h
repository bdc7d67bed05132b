#pragma once

// People from a table: a header line with email and any of fullName, role, passwordHash, then a line each. All of a
// file or nothing of it; people who have an account already are left as they are.

#include <optional>
#include <string>
#include <string_view>

#include "accounts/directory/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

namespace tuition::accounts {
struct Accounts;
}

namespace tuition::accounts::directory {

inline constexpr std::size_t import_bytes_max = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t import_rows_max = 10'000;

struct ImportWish {
  bool dry_run = false;
  bool invite = false;  // those without a password get an invitation
};

// What is wrong with a hash that somebody else's program made: none of argon2id or bcrypt, or one that costs more to
// check than we can afford; nothing where it is fine.
std::optional<std::string> complaint_about_hash(std::string_view phc);

// FORBIDDEN for anybody but administrators; otherwise the report says all that is wrong.
Result<ImportReport> import_people(Accounts& accounts, const Caller& caller, std::string_view csv,
                                   const ImportWish& wish);

}  // namespace tuition::accounts::directory

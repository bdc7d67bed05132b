#pragma once

// Statements about an address that is to take the place of another.

#include <optional>
#include <string>

#include "accounts/types.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::accounts::store {

// What the link stands for, kept beside the digest of its token.
struct AddressWish {
  std::string email{};
  std::string session{};  // from which it was asked
};
constexpr auto fields_of(const AddressWish*) {
  return table("AddressWish", field("email", &AddressWish::email, "The new address."),
               field("session", &AddressWish::session, "The session that asked for it."));
}

struct AddressToken {
  std::string id{};
  UserId user{};
  AddressWish wish{};
  Instant expires_at{};
  std::optional<Instant> used_at{};
};

void add_address_token(WriteTx& tx, const std::string& id, const UserId& user, const AddressWish& wish,
                       const std::string& digest, Instant now, Instant expires_at);
std::optional<AddressToken> address_token(ReadTx& tx, const std::string& digest);

// The address that waits to be confirmed, for its person and administrators.
std::optional<std::string> pending_address(ReadTx& tx, const Caller& caller, const UserId& user, Instant now);

// False when somebody else has the address. It counts as confirmed.
bool set_address(WriteTx& tx, const UserId& user, const std::string& email, Instant now);

}  // namespace tuition::accounts::store

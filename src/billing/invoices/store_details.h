#pragma once

// The SQL of whom invoices are made out to. It stands in people's profiles, which are erased with them.

#include <optional>
#include <string>

#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

struct DetailsRow {
  std::optional<std::string> name{};
  std::optional<std::string> address_json{};
  std::optional<std::string> tax_id{};
};
std::optional<DetailsRow> details(ReadTx& tx, const UserId& user);
// False where there is no such person.
bool set_details(WriteTx& tx, const UserId& user, const DetailsRow& row, Instant now);

}  // namespace tuition::billing::store

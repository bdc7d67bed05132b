#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/types.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

// What other domains may ask about people, read-only.

std::optional<Person> person(ReadTx& tx, const UserId& id);
std::optional<Person> person_by_email(ReadTx& tx, std::string_view email);
PeopleCounts count_people(ReadTx& tx, Instant since);

// Whether somebody shows this file as their picture.
bool shows_picture(ReadTx& tx, const std::string& media);

}  // namespace tuition::accounts

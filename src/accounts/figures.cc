#include "accounts/figures.h"

#include "accounts/people.h"
#include "accounts/store.h"

namespace tuition::accounts {

std::optional<Person> person(ReadTx& tx, const UserId& id) { return store::person(tx, id); }

std::optional<Person> person_by_email(ReadTx& tx, std::string_view email) {
  return store::person_by_email(tx, normal_email(email));
}

PeopleCounts count_people(ReadTx& tx, Instant since) { return store::count_people(tx, since); }

bool shows_picture(ReadTx& tx, const std::string& media) { return store::shows_picture(tx, media); }

}  // namespace tuition::accounts

#include "accounts/figures.h"

#include "platform/base/text.h"

namespace tuition::accounts {

std::optional<Person> person(ReadTx& tx, const UserId& id) {
  return tx.one<Person>(
      "SELECT u.id, u.email, COALESCE(p.full_name, ''), u.role, u.is_owner, u.status, p.locale, p.timezone, "
      "u.created_at FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.id = ?1",
      id);
}

std::optional<Person> person_by_email(ReadTx& tx, std::string_view email) {
  return tx.one<Person>(
      "SELECT u.id, u.email, COALESCE(p.full_name, ''), u.role, u.is_owner, u.status, p.locale, p.timezone, "
      "u.created_at FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.email = ?1",
      to_lower_ascii(trim(email)));
}

PeopleCounts count_people(ReadTx& tx, Instant since) {
  return tx
      .one<PeopleCounts>(
          "SELECT COUNT(*), COUNT(email_verified_at), COALESCE(SUM(created_at >= ?1), 0), "
          "COALESCE(SUM(last_login_at >= ?1), 0) FROM users WHERE status <> 'erased'",
          since)
      .value_or(PeopleCounts{});
}

}  // namespace tuition::accounts

#pragma once

#include <atomic>
#include <optional>
#include <shared_mutex>
#include <unordered_map>

#include "accounts/types.h"

namespace tuition::accounts {

// What has changed since access tokens were signed, kept in memory so that no request asks the database: sessions that
// were ended, and people whose role or status is another now. An entry lives until the last token it could contradict
// has run out; what is here after a restart comes from the database (sessions.h, load_standing). Safe from any thread.
class Standing {
 public:
  struct Person {
    UserStatus status = UserStatus::active;
    Role role = Role::user;
    bool owner = false;
  };

  void end_session(const SessionId& session, Instant until);
  void set_person(const UserId& user, Person now_is, Instant until);

  bool is_ended(const SessionId& session) const;
  std::optional<Person> person(const UserId& user) const;

  // People with API keys: known for good, because keys do not run out like tokens.
  void keep(const UserId& user, Person now_is);
  std::optional<Person> kept(const UserId& user) const;

  void forget_before(Instant now);

 private:
  struct Changed {
    Person person;
    Instant until;
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<SessionId, Instant> ended_;
  std::unordered_map<UserId, Changed> people_;
  std::unordered_map<UserId, Person> kept_;
  // So that the usual case, nothing to know, takes no lock.
  std::atomic<bool> any_ended_{false};
  std::atomic<bool> any_people_{false};
};

}  // namespace tuition::accounts

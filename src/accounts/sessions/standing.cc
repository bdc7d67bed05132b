#include "accounts/sessions/standing.h"

#include <mutex>

namespace tuition::accounts {

void Standing::end_session(const SessionId& session, Instant until) {
  std::unique_lock lock(mutex_);
  auto& kept = ended_[session];
  kept = std::max(kept, until);
  any_ended_ = true;
}

void Standing::set_person(const UserId& user, Person now_is, Instant until) {
  std::unique_lock lock(mutex_);
  people_[user] = {now_is, until};
  if (const auto kept = kept_.find(user); kept != kept_.end()) kept->second = now_is;
  any_people_ = true;
}

bool Standing::is_ended(const SessionId& session) const {
  if (!any_ended_) return false;
  std::shared_lock lock(mutex_);
  return ended_.contains(session);
}

std::optional<Standing::Person> Standing::person(const UserId& user) const {
  if (!any_people_) return std::nullopt;
  std::shared_lock lock(mutex_);
  const auto found = people_.find(user);
  if (found == people_.end()) return std::nullopt;
  return found->second.person;
}

void Standing::keep(const UserId& user, Person now_is) {
  std::unique_lock lock(mutex_);
  kept_[user] = now_is;
}

std::optional<Standing::Person> Standing::kept(const UserId& user) const {
  std::shared_lock lock(mutex_);
  const auto found = kept_.find(user);
  if (found == kept_.end()) return std::nullopt;
  return found->second;
}

void Standing::forget_before(Instant now) {
  std::unique_lock lock(mutex_);
  std::erase_if(ended_, [now](const auto& each) { return each.second < now; });
  std::erase_if(people_, [now](const auto& each) { return each.second.until < now; });
  any_ended_ = !ended_.empty();
  any_people_ = !people_.empty();
}

}  // namespace tuition::accounts

#include "entitlements/entitlements.h"

#include <memory>
#include <utility>

#include "entitlements/effective.h"
#include "entitlements/store.h"
#include "platform/base/check.h"

namespace tuition::entitlements {
namespace {

void forget_after_commit(Entitlements& door, WriteTx& tx, std::vector<UserId> users) {
  tx.after_commit([&cache = door.cache, users = std::move(users)] {
    for (const auto& user : users) cache.forget(user);
  });
}

bool told(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id, std::int64_t changed) {
  if (changed == 0) return false;
  forget_after_commit(door, tx, store::holders(tx, source, source_id));
  return true;
}

}  // namespace

bool grant(Entitlements& door, WriteTx& tx, const NewGrant& wanted) {
  check(!wanted.user.empty() && !wanted.source_id.empty() && !wanted.reason.empty(),
        "a grant says whose, from what, why");
  const auto now = door.clock.now();
  std::int64_t changed = 0;
  if (const auto holder = store::holder(tx, wanted.source, wanted.source_id, wanted.scope, wanted.scope_id)) {
    check(*holder == wanted.user, "one source gives a scope to one person");
    changed = store::lengthen(tx, wanted, now);
  } else {
    changed = store::insert(tx, new_id<EntitlementTag>(door.clock, door.entropy), wanted, now);
  }
  if (changed == 0) return false;
  forget_after_commit(door, tx, {wanted.user});
  return true;
}

bool extend(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id, Instant until) {
  return told(door, tx, source, source_id, store::extend(tx, source, source_id, until, door.clock.now()));
}

bool end_at(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id, Instant at) {
  const auto now = door.clock.now();
  return told(door, tx, source, source_id, store::end_at(tx, source, source_id, at < now ? now : at, now));
}

bool revoke(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id, const std::string& why) {
  check(!why.empty(), "a right taken back says why");
  return told(door, tx, source, source_id, store::revoke(tx, source, source_id, why, door.clock.now()));
}

bool revoke_all(Entitlements& door, WriteTx& tx, const UserId& user, const std::string& why) {
  check(!why.empty(), "a right taken back says why");
  const bool changed = store::revoke_all(tx, user, why, door.clock.now()) > 0;
  if (changed) tx.after_commit([&door, user] { door.cache.forget(user); });
  return changed;
}

bool restore(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id) {
  return told(door, tx, source, source_id, store::restore(tx, source, source_id, door.clock.now()));
}

std::optional<Standing> standing(ReadTx& tx, Source source, const std::string& source_id, Instant now) {
  std::optional<Standing> longest;
  for (const auto& ends_at : store::ends_of(tx, source, source_id, now)) {
    if (!longest || !ends_at || (longest->ends_at && *ends_at > *longest->ends_at)) longest = Standing{ends_at};
    if (!longest->ends_at) break;
  }
  return longest;
}

Answer may_use(ReadTx& tx, const UserId& user, const Target& target, Instant now) {
  return effective(store::rights(tx, user, now), target, now);
}

Answer may_use(Entitlements& door, const UserId& user, const Target& target) {
  return effective(*rights_of(door, user), target, door.clock.now());
}

Rights rights_of(Entitlements& door, const UserId& user) {
  if (auto known = door.cache.find(user)) return known;
  const auto ticket = door.cache.ticket(user);
  auto rights = std::make_shared<const std::vector<Right>>(
      door.db.read([&](ReadTx& tx) { return store::rights(tx, user, door.clock.now()); }));
  door.cache.remember(user, rights, ticket);
  return rights;
}

bool has_access(ReadTx& tx, const UserId& user, Instant now) { return any_in_force(store::rights(tx, user, now), now); }

bool has_access(Entitlements& door, ReadTx& tx, const UserId& user) {
  const auto now = door.clock.now();
  if (const auto known = door.cache.find(user)) return any_in_force(*known, now);
  return has_access(tx, user, now);
}

std::vector<UserId> people_with_access(ReadTx& tx, Instant now) { return store::people_with_rights(tx, now); }

}  // namespace tuition::entitlements

#pragma once

// The ledger of who may use what, why and until when. It is the only thing access checks read: billing writes here
// what a payment opens, an instructor what he gives away, and learning never asks about money.
//
// A row is one right of one person: a scope (everything, a category, a course, a feature), the source that gave it (a
// subscription, a purchase, ...) with that source's id, a start, an end, and a sentence for people. The source and its
// scope make the row unique, so the same notice delivered twice grants once. Rows are never deleted: a right taken back
// says when and why.
//
// Rights overlap: a monthly subscription to everything beside a course bought for good. effective.h makes one answer
// of them.
//
//   db.write([&](WriteTx& tx) -> Result<void> {
//     entitlements::grant(door, tx, {.user = user, .scope = Scope::all, .source = Source::subscription,
//                                    .source_id = subscription.text(), .starts_at = now, .ends_at = period_end,
//                                    .reason = "Monthly subscription."});
//     return {};
//   });
//
// Every change is told to the in-memory cache after its commit; see cache.h for why a stale answer cannot stay.

#include <string>
#include <vector>

#include "entitlements/cache.h"
#include "entitlements/effective.h"
#include "entitlements/types.h"
#include "platform/base/caller.h"
#include "platform/base/entropy.h"
#include "platform/base/time.h"
#include "platform/http/route.h"
#include "platform/storage/database.h"

namespace tuition::entitlements {

struct Entitlements {
  Database& db;
  const Clock& clock;
  Entropy& entropy;
  Cache cache{};
};

struct NewGrant {
  UserId user{};
  Scope scope = Scope::course;
  std::string scope_id{};  // empty for Scope::all
  Source source = Source::manual;
  std::string source_id{};
  Instant starts_at{};
  std::optional<Instant> ends_at{};
  std::string reason{};
};

// All five return whether anything changed, and may be repeated.

// Opens a right. One that is there already from the same source is only ever lengthened, and stays revoked if it was.
bool grant(Entitlements& door, WriteTx& tx, const NewGrant& wanted);
// Moves the end of all rights of a source further away; never nearer.
bool extend(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id, Instant until);
// Ends all rights of a source at `at`, now or later; never moves an end further away.
bool end_at(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id, Instant at);
// Takes all rights of a source back at once.
bool revoke(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id, const std::string& why);
// Takes everything back that a person has.
bool revoke_all(Entitlements& door, WriteTx& tx, const UserId& user, const std::string& why);
// Lifts a revocation: a dispute was won, a subscription paid after all. Ends stay as they are.
bool restore(Entitlements& door, WriteTx& tx, Source source, const std::string& source_id);

// Until when what a source gave lasts. Nothing when it gave nothing, or that was taken back or is over.
struct Standing {
  std::optional<Instant> ends_at{};  // none: for good
};
std::optional<Standing> standing(ReadTx& tx, Source source, const std::string& source_id, Instant now);

// The answer as this transaction sees it.
Answer may_use(ReadTx& tx, const UserId& user, const Target& target, Instant now);

// The same from memory where it can be. Not inside a read: what an older moment shows must not be remembered.
Answer may_use(Entitlements& door, const UserId& user, const Target& target);

// All rights of a person that are not over, for asking about many targets at once. Not inside a read.
Rights rights_of(Entitlements& door, const UserId& user);

// For the profile: does anything paid for or given stand open?
bool has_access(ReadTx& tx, const UserId& user, Instant now);
// The same from memory where rights_of() was asked ahead of the read, else as this transaction sees it.
bool has_access(Entitlements& door, ReadTx& tx, const UserId& user);

// Everybody for whom has_access() is true.
std::vector<UserId> people_with_access(ReadTx& tx, Instant now);

http::Routes routes(Entitlements& door);

}  // namespace tuition::entitlements

#pragma once

#include <cstdint>
#include <optional>

#include "catalogue/types.h"
#include "entitlements/entitlements.h"
#include "learning/progress/done_map.h"
#include "learning/types.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

// The one answer to "may this person see this now?".
namespace tuition::learning {

struct Learning;

// Who looks, and what they may use.
struct Viewer {
  UserId user{};  // empty: nobody is signed in
  bool staff = false;
  entitlements::Rights rights{};  // null without a user
  Instant now{};

  bool signed_in() const { return !user.empty(); }
};

// Not inside a read.
Viewer viewer_of(Learning& door, const Caller& caller);

// Where somebody stands in a course, as far as access asks.
struct Standing {
  DoneMap done{};
  std::optional<Instant> joined_at{};
  std::optional<MissingCourse> missing_course{};  // to be finished before this one
};

// Whether locks depend on the standing at all. Where not, an empty one will do.
bool needs_standing(const Viewer& viewer, const catalogue::Course& course);
Standing standing_of(ReadTx& tx, const Viewer& viewer, const catalogue::Course& course);
// Empty where it is not needed.
Standing standing_for(Learning& door, const Viewer& viewer, const catalogue::Course& course);

// May use the course as a whole: it is free, an entitlement covers it, or the viewer works here.
bool entitled(const Viewer& viewer, const catalogue::Course& course);

struct Lock {
  LockReason reason = LockReason::payment;
  std::int64_t missing_level = 0;  // with LockReason::level: the one to finish first
  Instant opens_at{};              // with LockReason::drip
  std::string missing_id{};        // with LockReason::course and lesson: what to finish first
  std::string missing_title{};
};

// None: open. In this order: the staff see everything, sign in, pay, finish what comes before, wait.
std::optional<Lock> lock_of(const Viewer& viewer, const catalogue::Course& course, const catalogue::Module& module,
                            const Standing& standing);
// A lesson is as open as its module, its own prerequisites and its own day; a preview is open to everybody.
std::optional<Lock> lock_of(const Viewer& viewer, const catalogue::LessonPlace& place, const Standing& standing);

// What a closed door answers: UNAUTHENTICATED, PAYMENT_REQUIRED or LOCKED, with what is missing.
Error locked_error(const Lock& lock);

}  // namespace tuition::learning

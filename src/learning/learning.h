#pragma once

// What each person does with the catalogue: opening lessons, taking quizzes, getting on.
//
// Access. access.h gives the one answer to "may this person see this lesson now?", from the outline in memory, the
// person's entitlements, and, where a course opens level by level, what is completed so far. Every reader asks it:
// delivery, progress, quizzes, and the outlines that show locks.
//
// Progress. There is a row per person and lesson (and per module or level that was reported as such). advance.h says
// how a report combines with it; it never goes backwards. Everything else follows from these rows: a module, level or
// course is completed when its lessons are, so percentages stay right when lessons come and go. What would be slow to
// count is kept beside them and can always be made anew: the bits of completed lessons per course (done_map.h), the
// sums in user_stats. Points are a ledger in which each award has a key and stands once.
//
// Saving. journal.h is one person's course inside one write: it loads three rows, takes reports, and writes what
// changed. The answer to POST /api/progress/save leaves when the commit is on disk; no thread waits for it.
//
// Quizzes. The answers stay on the server. An attempt is graded question by question (grading.h), and what is right is
// told when the quiz says so. Passing completes the lesson; saying so does not.
//
// Practice. A round is a seed and the set of exercises its lesson asked for; practice.h makes the exercises of these
// two and judges the answers.
//
// What it leaves behind. Journal::close() awards achievements from a table of rules (achievements.h), each once.
// certificates.h issues one certificate per person and course; what is signed is said in certificate_rules.h.
//
// Who teaches. Instructors see the people of the courses they teach (teaching.h) through enrollment.h, and nobody else.
//
// Money is unknown here. Who may use what is read from entitlements; what could be bought, app tells through offers_of.

#include <functional>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "entitlements/entitlements.h"
#include "learning/lesson_pages.h"
#include "learning/types.h"
#include "outreach/outreach.h"
#include "platform/base/caller.h"
#include "platform/base/entropy.h"
#include "platform/base/result.h"
#include "platform/base/time.h"
#include "platform/base/zones.h"
#include "platform/crypto/document_signer.h"
#include "platform/http/route.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::learning {

// A plan that would open a course.
struct PlanOffer {
  std::string plan_id{};
  std::string name{};
};

// Something to be paid once that would open it, and what it costs in each currency.
struct ProductOffer {
  std::string product_id{};
  std::string name{};
  std::vector<Money> prices{};
};

struct Learning {
  Database& db;
  const Clock& clock;
  Entropy& entropy;
  catalogue::Catalogue& catalogue;
  entitlements::Entitlements& entitlements;
  const Zones& zones;
  outreach::Outreach& outreach;
  crypto::DocumentSigner signer;  // of certificates
  // What is on sale that opens a course.
  std::function<std::vector<PlanOffer>(ReadTx&, const entitlements::Target&)> offers_of{};
  std::function<std::vector<ProductOffer>(ReadTx&, const entitlements::Target&)> products_of{};
  LessonPages pages{};
};

// For demonstrations: the learner has completed the first `lessons` lessons of a course, passing its quizzes. May be
// repeated. NOT_FOUND when no such course is published.
Result<void> seed_progress(Learning& door, const Caller& learner, const std::string& course_slug, std::size_t lessons);

// What a person has done, when the person is removed.
void forget_person(WriteTx& tx, const UserId& user);

http::Routes routes(Learning& door);
jobs::JobKinds job_kinds(Learning& door);
jobs::Periodics periodics(Learning& door);

}  // namespace tuition::learning

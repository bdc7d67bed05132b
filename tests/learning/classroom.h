#pragma once

// A small school over a database of its own: a clock that stands until it is moved, learners, and courses made on the
// spot.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/embedded.h"
#include "catalogue/catalogue.h"
#include "entitlements/entitlements.h"
#include "learning/learning.h"
#include "learning/progress/progress.h"
#include "platform/base/check.h"
#include "platform/crypto/system_entropy.h"
#include "platform/storage/migrate.h"
#include "platform/storage/open.h"

namespace tuition::tests {

class LessonClock final : public Clock {
 public:
  Instant now() const override { return Instant{at.load()}; }
  void pass(Duration by) { at += by.ms; }
  std::atomic<std::int64_t> at{parse_instant("2026-11-20T08:30:00Z").value().ms};
};

// Mail waits in the queue here.
class SilentMailer final : public outbound::Mailer {
 public:
  Result<void> send(const outbound::Mail&) override { return {}; }
};

inline std::unique_ptr<Database> migrated(const Clock& clock) {
  auto db = storage::open_temporary();
  const auto done = storage::migrate(*db, app::embedded_schema(), clock);
  check(done.ok(), "the schema applies");
  return db;
}

// One lesson per title. "quiz" in the title makes it a quiz, whose one question's right answer is 42.
inline catalogue::ModuleDraft module_of(std::string slug, std::int64_t number, std::int64_t level,
                                        const std::vector<std::string>& titles) {
  catalogue::ModuleDraft module;
  module.slug = std::move(slug);
  module.order_index = number;
  module.title = "Module " + module.slug;
  module.level = level;
  for (const auto& title : titles) {
    catalogue::LessonDraft lesson;
    lesson.slug = title;
    lesson.title = title;
    lesson.order_index = static_cast<std::int64_t>(module.lessons.size()) + 1;
    lesson.duration_seconds = 300;
    lesson.body_md = "Body of *" + title + "*.\n";
    if (title.find("quiz") != std::string::npos) {
      lesson.kind = catalogue::LessonKind::quiz;
      lesson.quiz.emplace();
      lesson.quiz->questions.push_back({catalogue::QuestionKind::number,
                                        "Six times seven?",
                                        {},
                                        R"({"value":"42","tolerance":"0"})",
                                        "Multiplied.",
                                        1});
    }
    module.lessons.push_back(std::move(lesson));
  }
  return module;
}

inline catalogue::CourseDraft course_of(std::string slug, std::vector<catalogue::ModuleDraft> modules) {
  catalogue::CourseDraft course;
  course.slug = std::move(slug);
  course.title = "Course " + course.slug;
  course.summary = "A course.";
  course.instructor = "Ines Calder";
  course.body_md = "About it.\n";
  course.modules = std::move(modules);
  return course;
}

struct Classroom {
  LessonClock clock{};
  crypto::SystemEntropy entropy{};
  std::unique_ptr<Database> db = migrated(clock);
  catalogue::Catalogue catalogue{*db, clock, entropy};
  entitlements::Entitlements entitlements{*db, clock, entropy};
  Zones zones{app::embedded_zones().front().bytes};
  jobs::Queue queue{*db, clock, entropy};
  SilentMailer mailer{};
  outreach::Templates templates{app::embedded_templates()};
  outreach::Outreach outreach{*db, queue, clock, entropy, mailer, templates};
  learning::Learning learning{*db,          clock, entropy,  catalogue,
                              entitlements, zones, outreach, crypto::DocumentSigner(Secret(std::string(32, 'k')))};

  Caller person(Role role = Role::user, const std::string& timezone = "UTC") {
    Caller caller;
    caller.sort = Caller::Sort::person;
    caller.user = new_id<UserTag>(clock, entropy);
    caller.role = role;
    db->write([&](WriteTx& tx) {
      tx.execute(
          "INSERT INTO users (id, email, role, created_at, updated_at) VALUES (?1, ?1 || '@x.example', ?2, 1, 1)",
          caller.user, role);
      tx.execute("INSERT INTO user_profiles (id, timezone, created_at, updated_at) VALUES (?1, ?2, 1, 1)", caller.user,
                 timezone);
    });
    return caller;
  }

  // Somebody who may use everything for a year.
  Caller subscriber(const std::string& timezone = "UTC") {
    auto caller = person(Role::user, timezone);
    subscribe(caller, clock.now() + days(365));
    return caller;
  }

  void subscribe(const Caller& caller, Instant until) {
    db->write([&](WriteTx& tx) {
      entitlements::grant(entitlements, tx,
                          {.user = caller.user,
                           .scope = entitlements::Scope::all,
                           .source = entitlements::Source::subscription,
                           .source_id = "sub-" + caller.user.text(),
                           .starts_at = clock.now(),
                           .ends_at = until,
                           .reason = "Monthly subscription."});
    });
  }

  const catalogue::Course& put(catalogue::CourseDraft draft) {
    const auto slug = draft.slug;
    const auto done = catalogue::put_course(catalogue, std::move(draft), catalogue::Publish::yes);
    check(done.ok(), "the course is put in");
    shelf = catalogue::shelf(catalogue);
    return *shelf->course(slug);
  }
  catalogue::ShelfPtr shelf{};  // of the latest put()

  Result<learning::ProgressSaved> save(const Caller& caller, const learning::ProgressForm& form) {
    std::mutex mutex;
    std::condition_variable told;
    std::optional<Result<learning::ProgressSaved>> answer;
    learning::save_progress(learning, caller, form, [&](Result<learning::ProgressSaved> given) {
      std::lock_guard lock(mutex);
      answer.emplace(std::move(given));
      told.notify_one();
    });
    std::unique_lock lock(mutex);
    told.wait(lock, [&] { return answer.has_value(); });
    return std::move(*answer);
  }

  Result<learning::ProgressSaved> complete(const Caller& caller, const catalogue::Lesson& lesson) {
    learning::ProgressForm form;
    form.lesson_id = lesson.id;
    form.completed = true;
    return save(caller, form);
  }
};

}  // namespace tuition::tests

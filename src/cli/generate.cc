#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "accounts/sessions/sessions.h"
#include "billing/store.h"
#include "catalogue/folders/importing.h"
#include "cli/closed_school.h"
#include "cli/verbs.h"
#include "entitlements/entitlements.h"
#include "learning/store.h"
#include "platform/base/text.h"

namespace tuition::cli {
namespace {

constexpr std::string_view password = "practice makes perfect";
constexpr std::int64_t users_per_write = 2000;
constexpr std::int64_t lessons_per_module = 10;
constexpr std::int64_t modules_per_course = 4;

std::string numbered(std::string_view before, std::int64_t n, std::string_view after = {}) {
  const std::string digits = std::to_string(n);
  const std::size_t width = 7;
  return std::string(before) + std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits +
         std::string(after);
}

// About 2 KB that render to headings, a list, a table and paragraphs, no two lessons alike.
std::string lesson_text(std::int64_t n) {
  const std::string number = std::to_string(n);
  std::string text = "Exercise " + number + " builds on the ones before it. Read it once, then do it slowly.\n\n";
  for (int part = 1; part <= 5; ++part) {
    text += "## Step " + std::to_string(part) + "\n\nTake the phrase of bar **" + std::to_string(n % 32 + part) +
            "** and play it four times: once for the notes, once for the rhythm, once for the fingering and once " +
            "for the sound. *Listen* before you go on; what you do not hear you cannot correct.\n\n" +
            "- Set the metronome to " + std::to_string(48 + (n + part) % 60) + ".\n" +
            "- Count aloud, then count silently.\n- Stop at the first mistake and begin again two bars before it.\n\n";
  }
  text += "| Day | Tempo | Repetitions |\n| --- | --- | --- |\n";
  for (int day = 1; day <= 6; ++day) {
    text +=
        "| " + std::to_string(day) + " | " + std::to_string(48 + day * 4) + " | " + std::to_string(12 - day) + " |\n";
  }
  return text;
}

// A course of at most 40 lessons, beginning with lesson number `first`.
catalogue::CourseDraft course_of(std::int64_t number, std::int64_t first, std::int64_t lessons) {
  catalogue::CourseDraft course;
  course.slug = "course-" + std::to_string(number);
  course.title = numbered("Course ", number);
  course.summary = "A synthetic course for measuring, with lessons of about two kilobytes.";
  course.access = catalogue::CourseAccess::paid;
  course.instructor = "Ada Measure";
  course.body_md = "What this course holds was made by a program.";
  for (std::int64_t at = 0; at < lessons; ++at) {
    if (at % lessons_per_module == 0) {
      auto& module = course.modules.emplace_back();
      module.order_index = static_cast<std::int64_t>(course.modules.size());
      module.slug = "module-" + std::to_string(module.order_index);
      module.file_name = module.slug;
      module.title = "Module " + std::to_string(module.order_index);
      module.level = module.order_index;
    }
    auto& lesson = course.modules.back().lessons.emplace_back();
    lesson.order_index = at % lessons_per_module + 1;
    lesson.slug = "lesson-" + std::to_string(first + at);
    lesson.file_name = lesson.slug + ".md";
    lesson.title = numbered("Lesson ", first + at);
    lesson.duration_seconds = 600;
    lesson.body_md = lesson_text(first + at);
  }
  return course;
}

// Makes the file where it is missing, and takes it from others where it is there: whoever reads a token is that person.
void close_to_others(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (file < 0) return;
  struct stat found {};
  if (::fstat(file, &found) == 0 && S_ISREG(found.st_mode)) static_cast<void>(::fchmod(file, 0600) == 0);
  ::close(file);
}

// The three lists of the output, written as they come: a million tokens do not stand in memory.
class SchoolFile {
 public:
  explicit SchoolFile(const std::string& path) {
    close_to_others(path);
    out_.open(path, std::ios::binary | std::ios::trunc);
  }
  void list(std::string_view name) {
    out_ << (first_list_ ? "{\"" : "],\n\"") << name << "\":[";
    first_list_ = false;
    first_item_ = true;
  }
  void add(std::string_view text) {
    out_ << (first_item_ ? "\"" : ",\n\"") << text << '"';
    first_item_ = false;
  }
  bool finish() {
    out_ << "]}\n";
    out_.close();
    return out_.good();
  }
  bool good() const { return out_.good(); }

 private:
  std::ofstream out_;
  bool first_list_ = true;
  bool first_item_ = true;
};

struct Size {
  std::int64_t users = 10'000;
  std::int64_t lessons = 200;
  std::int64_t progress = 0;  // of each person
};

struct Offer {
  billing::Plan plan{};
  billing::Price price{};
};

Result<std::vector<Offer>> offer_plans(app::App& app) {
  return app.db.write([&](WriteTx& tx) -> Result<std::vector<Offer>> {
    const std::vector<billing::NewPlan> wanted{
        {.code = "monthly",
         .name = "Monthly",
         .description = "Everything, month by month.",
         .features = {"All courses", "Cancel at any time"},
         .prices = {{"USD", 1200, billing::Interval::month}, {"EUR", 1100, billing::Interval::month}}},
        {.code = "yearly",
         .name = "Yearly",
         .description = "Everything for a year; two months are free.",
         .features = {"All courses", "Two months free"},
         .prices = {{"USD", 12000, billing::Interval::year}, {"EUR", 11000, billing::Interval::year}}}};
    std::vector<Offer> offers;
    for (const auto& each : wanted) {
      const auto id = TRY(billing::offer_plan(app.billing, tx, each));
      auto plan = billing::store::plan(tx, id);
      auto prices = billing::store::prices_of(tx, id);
      check(plan && !prices.empty(), "a plan that was offered is there with its prices");
      offers.push_back({std::move(*plan), prices.front()});
    }
    return offers;
  });
}

struct Learner {
  UserId id{};
  std::string token{};
};

// A learner with a subscription that is paid until next month, and a session of a day.
Result<Learner> add_learner(app::App& app, WriteTx& tx, std::int64_t n, const std::string& hash, const Offer& offer) {
  const Instant now = app.outside.clock.now();
  const auto user = TRY(accounts::create_user(tx, app.accounts,
                                              {.email = numbered("learner", n, "@school.example"),
                                               .password_hash = hash,
                                               .full_name = numbered("Learner ", n),
                                               .verified = true}));
  billing::Subscription subscription;
  subscription.id = new_id<billing::SubscriptionTag>(app.outside.clock, app.outside.entropy);
  subscription.user = user;
  subscription.plan = offer.plan.id;
  subscription.plan_code = offer.plan.code;
  subscription.plan_name = offer.plan.name;
  subscription.group = offer.plan.group;
  subscription.price = offer.price.id;
  subscription.provider = "manual";
  subscription.provider_id = subscription.id.text();
  subscription.status = billing::SubscriptionStatus::active;
  subscription.period_start = now;
  subscription.period_end = add_months(now, offer.price.interval == billing::Interval::year ? 12 : 1);
  subscription.created_at = now;
  check(billing::store::insert_subscription(tx, subscription), "a new learner has no subscription");
  entitlements::grant(app.entitlements, tx,
                      {.user = user,
                       .scope = entitlements::Scope::all,
                       .source = entitlements::Source::subscription,
                       .source_id = subscription.id.text(),
                       .starts_at = now,
                       .ends_at = subscription.period_end,
                       .reason = "Subscription " + offer.plan.name + "."});
  return Learner{user, accounts::open_session(tx, app.accounts, system_caller(), user, Role::user, false,
                                              accounts::SessionKind::bearer, days(1))
                           .access_token};
}

struct Taught {
  std::string lesson{};
  catalogue::CourseId course{};
  std::int64_t level = 1;
};

// `count` lessons in a row that somebody has done, other ones for each learner.
void add_progress(app::App& app, WriteTx& tx, const UserId& user, std::int64_t n, const std::vector<Taught>& taught,
                  std::int64_t count) {
  const Instant now = app.outside.clock.now();
  for (std::int64_t at = 0; at < count; ++at) {
    const auto& each = taught[static_cast<std::size_t>(n * count + at) % taught.size()];
    learning::store::put_progress(tx, user, learning::Scope::lesson, each.lesson, each.course, each.level,
                                  {.completed = true,
                                   .completed_at = now,
                                   .position_s = (n + at) % 600,
                                   .score_best = static_cast<double>((n + at) % 101),
                                   .score_last = static_cast<double>((n + at) % 101),
                                   .attempts = 1,
                                   .created_at = now,
                                   .updated_at = now});
  }
}

Result<void> fill(app::App& app, const Size& size, SchoolFile& out) {
  const auto [users, lessons, progress] = size;
  for (std::int64_t first = 1, number = 1; first <= lessons; ++number) {
    const auto count = std::min(lessons - first + 1, lessons_per_module * modules_per_course);
    TRY(catalogue::put_course(app.catalogue, course_of(number, first, count), catalogue::Publish::yes));
    first += count;
  }
  const auto offers = TRY(offer_plans(app));
  // One hash for all: they share the password, and a hash takes as long as a hundred learners.
  const auto hash = TRY(accounts::hash_new_password(app.accounts, Secret(std::string(password)), {}, {}));

  const auto taught = app.db.read([](ReadTx& tx) {
    return tx.many<Taught>(
        "SELECT l.id, m.course_id, m.level FROM lessons l JOIN content_modules m ON m.id = l.module_id ORDER BY l.id");
  });

  out.list("tokens");
  for (std::int64_t done = 0; done < users;) {
    const auto upto = std::min(users, done + users_per_write);
    auto written = app.db.write([&](WriteTx& tx) -> Result<std::vector<std::string>> {
      std::vector<std::string> made;
      for (std::int64_t n = done + 1; n <= upto; ++n) {
        auto learner = TRY(add_learner(app, tx, n, hash, offers[static_cast<std::size_t>(n) % offers.size()]));
        add_progress(app, tx, learner.id, n, taught, progress);
        made.push_back(std::move(learner.token));
      }
      return made;
    });
    for (const auto& token : TRY(std::move(written))) out.add(token);
    done = upto;
  }
  out.list("lessons");
  app.db.read([&](ReadTx& tx) {
    tx.each("SELECT id FROM lessons ORDER BY id", [&](Row& row) { out.add(row.get<std::string>()); });
  });
  out.list("plans");
  for (const auto& offer : offers) out.add(offer.plan.id.text());
  return {};
}

}  // namespace

int generate(const Invocation& call) {
  School school;
  CommandLine line(call);
  Size size;
  std::string file;
  line.option("users", size.users, 1, 10'000'000, "How many people, each with a paid subscription");
  line.option("lessons", size.lessons, 1, 100'000, "How many lessons, in courses of 40");
  line.option("progress", size.progress, 0, 100'000, "How many lessons each person has done; no more than there are");
  line.required("out", file, "The file for tokens (each good for a day), lessons and plans, as JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (size.progress > size.lessons) {
    complain(call, "--progress is more than there are --lessons");
    return exit_code::usage;
  }
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  if (std::filesystem::exists(school.database_file())) {
    complain(call, school.database_file().string() + ": there is a school already; a synthetic one needs a new folder");
    return exit_code::failed;
  }
  make_data_folder(school.folder());
  SchoolFile out(file);
  if (!out.good()) {
    complain(call, file + ": cannot be written");
    return exit_code::failed;
  }
  const auto closed = ClosedSchool::open(school, storage::Missing::create);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  if (const auto filled = fill((*closed)->app(), size, out); !filled) {
    complain(call, filled.error());
    return exit_code::failed;
  }
  if (!out.finish()) {
    complain(call, file + ": cannot be written");
    return exit_code::failed;
  }
  std::cout << school.database_file().string() << ": " << size.users << " learners and " << size.lessons
            << " lessons; everybody's password is \"" << password << "\"\n";
  return exit_code::done;
}

}  // namespace tuition::cli

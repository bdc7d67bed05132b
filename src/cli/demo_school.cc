#include "cli/demo_school.h"

#include "accounts/figures.h"
#include "accounts/setup.h"
#include "app/embedded.h"
#include "billing/coupons.h"
#include "billing/products.h"

namespace tuition::cli {
namespace {

struct Person {
  const char* email;
  const char* name;
  Role role;
  bool owner;
};
constexpr Person people[] = {
    {"owner@tuition.example", "Olive Marsh", Role::admin, true},
    {"instructor@tuition.example", "Ines Calder", Role::instructor, false},
    {"learner@tuition.example", "Leo Finch", Role::user, false},
};

const std::vector<billing::NewPlan> plans{
    {.code = "school-pass",
     .name = "School pass",
     .description = "Every course, every level, for as long as you stay.",
     .features = {"All courses and levels", "Notation you can hear", "Quizzes with answers explained",
                  "Your progress, kept for good"},
     .prices = {{"USD", 1200, billing::Interval::month},
                {"USD", 12000, billing::Interval::year},
                {"EUR", 1100, billing::Interval::month},
                {"EUR", 11000, billing::Interval::year},
                {"KES", 150000, billing::Interval::month}}},
    {.code = "studio-pass",
     .name = "Studio pass",
     .description = "Everything in the school pass. New people try it for two weeks first.",
     .features = {"Everything in the school pass", "A free trial, once per person"},
     .trial_days = 14,
     .prices = {{"USD", 2400, billing::Interval::month},
                {"USD", 24000, billing::Interval::year},
                {"EUR", 2200, billing::Interval::month},
                {"EUR", 22000, billing::Interval::year},
                {"KES", 300000, billing::Interval::month}}},
};

Result<void> add_people(app::App& app) {
  // One hash for all three, made outside of any transaction.
  const auto hash = TRY(app.hasher.hash(Secret(demo_password)));
  return app.db.write([&](WriteTx& tx) -> Result<void> {
    for (const auto& person : people)
      TRY(accounts::create_user(tx, app.accounts,
                                {.email = person.email,
                                 .password_hash = hash,
                                 .full_name = person.name,
                                 .role = person.role,
                                 .owner = person.owner,
                                 .verified = true}));
    for (const auto& plan : plans) TRY(billing::offer_plan(app.billing, tx, plan));
    return {};
  });
}

// One course to buy for good, and a coupon for anything.
Result<void> add_offers(app::App& app) {
  const auto shelf = catalogue::shelf(app.catalogue);
  const auto course = shelf->course("money-for-clinicians");
  check(course != nullptr, "the demo's courses are imported");
  return app.db.write([&](WriteTx& tx) -> Result<void> {
    TRY(billing::offer_product(app.billing, tx,
                               {.code = "money-for-clinicians",
                                .name = "Money for Clinicians",
                                .description = "The short course on its own, to keep for good.",
                                .kind = billing::ProductKind::course,
                                .opens = {{.scope = entitlements::Scope::course, .scope_id = course->id.text()}},
                                .prices = {{"USD", 3900, billing::Interval::once},
                                           {"EUR", 3600, billing::Interval::once},
                                           {"KES", 500000, billing::Interval::once}}}));
    TRY(billing::offer_coupon(app.billing, tx,
                              {.code = "WELCOME20", .name = "Welcome: 20% off", .percent = 20, .per_user = 1}));
    return {};
  });
}

}  // namespace

Result<void> open_demo_school(app::App& app) {
  const bool empty = app.db.read([](ReadTx& tx) { return accounts::setup_needed(tx); });
  if (empty) TRY(add_people(app));
  std::vector<catalogue::PackageFile> files;
  for (const auto& file : app::embedded_demo()) files.push_back({file.path, file.bytes});
  TRY(catalogue::import_courses(app.catalogue, files, catalogue::Publish::yes));
  const auto offered = add_offers(app);
  // They are there from an earlier start.
  if (!offered && offered.error().code != "CONFLICT") return offered.error();
  return {};
}

std::vector<DemoAccount> demo_accounts() {
  std::vector<DemoAccount> accounts;
  for (const auto& person : people)
    accounts.push_back({person.owner                ? "owner"
                        : person.role == Role::user ? "learner"
                                                    : name_of(person.role).data(),
                        person.email});
  return accounts;
}

}  // namespace tuition::cli

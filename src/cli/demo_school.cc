#include "cli/demo_school.h"

#include <iterator>
#include <utility>

#include "accounts/figures.h"
#include "accounts/setup.h"
#include "app/embedded.h"
#include "billing/offers/coupons.h"
#include "billing/offers/products.h"

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

using AllMade = std::vector<sandbox::Seeded>;

Result<AllMade> add_people_and_plans(app::App& app) {
  // One hash for all three, made outside of any transaction.
  const auto hash = TRY(app.hasher.hash(Secret(demo_password)));
  return app.db.write([&](WriteTx& tx) -> Result<AllMade> {
    AllMade made;
    for (const auto& person : people) {
      if (accounts::person_by_email(tx, person.email)) continue;
      TRY(accounts::create_user(tx, app.accounts,
                                {.email = person.email,
                                 .password_hash = hash,
                                 .full_name = person.name,
                                 .role = person.role,
                                 .owner = person.owner,
                                 .verified = true}));
      made.push_back({"person", person.email});
    }
    for (const auto& plan : plans) {
      const auto offered = billing::offer_plan(app.billing, tx, plan);
      if (!offered && offered.error().kind == Kind::conflict) continue;
      if (!offered) return offered.error();
      made.push_back({"plan", plan.code});
    }
    return made;
  });
}

Result<AllMade> add_courses(app::App& app) {
  std::vector<catalogue::PackageFile> files;
  for (const auto& file : app::embedded_demo()) files.push_back({file.path, file.bytes});
  const auto teacher = app.db.read([](ReadTx& tx) { return accounts::person_by_email(tx, people[1].email); });
  const auto owner = teacher ? teacher->id : UserId{};
  AllMade made;
  for (const auto& each : TRY(catalogue::import_courses(app.catalogue, files, catalogue::Publish::yes, owner)))
    if (each.change != catalogue::Imported::Change::none)
      made.push_back({"course", catalogue::shelf(app.catalogue)->course(each.course.text())->slug});
  return made;
}

// One course to buy for good, and a coupon for anything.
Result<AllMade> add_offers(app::App& app) {
  const auto shelf = catalogue::shelf(app.catalogue);
  const auto course = shelf->course("money-for-clinicians");
  check(course != nullptr, "the demo's courses are imported");
  return app.db.write([&](WriteTx& tx) -> Result<AllMade> {
    AllMade made;
    const auto product =
        billing::offer_product(app.billing, tx,
                               {.code = "money-for-clinicians",
                                .name = "Money for Clinicians",
                                .description = "The short course on its own, to keep for good.",
                                .kind = billing::ProductKind::course,
                                .opens = {{.scope = entitlements::Scope::course, .scope_id = course->id.text()}},
                                .prices = {{"USD", 3900, billing::Interval::once},
                                           {"EUR", 3600, billing::Interval::once},
                                           {"KES", 500000, billing::Interval::once}}});
    if (product) made.push_back({"product", "money-for-clinicians"});
    if (!product && product.error().kind != Kind::conflict) return product.error();
    const auto coupon = billing::offer_coupon(
        app.billing, tx, {.code = "WELCOME20", .name = "Welcome: 20% off", .percent = 20, .per_user = 1});
    if (coupon) made.push_back({"coupon", "WELCOME20"});
    if (!coupon && coupon.error().kind != Kind::conflict) return coupon.error();
    return made;
  });
}

}  // namespace

Result<void> open_demo_school(app::App& app) {
  const bool empty = app.db.read([](ReadTx& tx) { return accounts::setup_needed(tx); });
  if (empty) TRY(add_people_and_plans(app));
  TRY(add_courses(app));
  if (empty) TRY(add_offers(app));
  return {};
}

Result<AllMade> complete_demo_school(app::App& app) {
  auto made = TRY(add_people_and_plans(app));
  for (auto* add : {&add_courses, &add_offers}) {
    auto more = TRY(add(app));
    std::move(more.begin(), more.end(), std::back_inserter(made));
  }
  return made;
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

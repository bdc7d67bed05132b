#include "billing/offers/price_list.h"

#include <algorithm>

#include "billing/offers/coupon_book.h"
#include "billing/shop.h"
#include "billing/store.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

struct PriceListDesk : Shop {
  Caller admin = fixture.caller(fixture.person("office@school.example", Role::admin), Role::admin);

  PlanForm as_it_is() {
    PlanForm form;
    form.name = "School pass";
    form.prices = {{.currency = *Currency::parse("USD"), .amount_minor = 1200},
                   {.currency = *Currency::parse("USD"), .amount_minor = 12000, .interval = Interval::year}};
    return form;
  }
  std::vector<Price> prices() {
    return fixture.db->read([&](ReadTx& tx) { return store::prices_of(tx, plan); });
  }
  std::size_t shown() { return list_plans(billing, {})->value.size(); }
};

}  // namespace

TEST_CASE("a price that stays keeps its id, and one that goes can still be charged of who agreed to it") {
  PriceListDesk desk;
  const auto before = desk.prices();
  REQUIRE(before.size() == 2);
  auto form = desk.as_it_is();
  form.prices[0].amount_minor = 1500;
  const auto changed = edit_plan(desk.billing, desk.admin, desk.plan, form);
  REQUIRE(changed);
  CHECK(changed->prices.size() == 2);
  const auto after = desk.prices();
  const auto month = [](const Price& each) { return each.interval == Interval::month; };
  const auto year = [](const Price& each) { return each.interval == Interval::year; };
  const auto find = [](const std::vector<Price>& in, auto which) { return *std::find_if(in.begin(), in.end(), which); };
  CHECK(find(after, year).id == find(before, year).id);
  CHECK(find(after, month).id != find(before, month).id);
  const auto kept = desk.fixture.db->read([&](ReadTx& tx) { return store::price(tx, find(before, month).id); });
  REQUIRE(kept);
  CHECK(kept->amount_minor == 1200);
  REQUIRE(edit_plan(desk.billing, desk.admin, desk.plan, form));
  CHECK(desk.prices().size() == 2);
}

TEST_CASE("a plan off sale is seen by administrators only, at once, and comes back") {
  PriceListDesk desk;
  CHECK(desk.shown() == 1);
  REQUIRE(archive_plan(desk.billing, desk.admin, desk.plan));
  CHECK(desk.shown() == 0);
  const auto all = list_all_plans(desk.billing);
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  CHECK_FALSE(all->front().on_sale);
  auto form = desk.as_it_is();
  form.on_sale = true;
  REQUIRE(edit_plan(desk.billing, desk.admin, desk.plan, form));
  CHECK(desk.shown() == 1);
  CHECK(archive_plan(desk.billing, desk.admin, PlanId("none")).error().kind == Kind::not_found);
}

TEST_CASE("what a plan opens must be there") {
  PriceListDesk desk;
  NewPlanForm form;
  form.code = "evenings";
  form.name = "Evenings";
  form.opens = OpensForm{entitlements::Scope::course, "no-such-course"};
  const auto refused = add_plan(desk.billing, desk.admin, form);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::invalid);
  form.opens = OpensForm{entitlements::Scope::feature, "recitals"};
  const auto added = add_plan(desk.billing, desk.admin, form);
  REQUIRE(added);
  CHECK(added->opens.kind == "feature");
  const auto again = add_plan(desk.billing, desk.admin, form);
  CHECK(again.error().kind == Kind::conflict);
  REQUIRE(again.error().fields.size() == 1);
  CHECK(again.error().fields[0].field == "code");
}

TEST_CASE("a coupon's limits change, and what it takes off does not") {
  PriceListDesk desk;
  NewCouponForm form;
  form.code = "spring";
  form.percent = 20;
  form.targets = {desk.plan.text()};
  const auto made = add_coupon(desk.billing, desk.admin, form);
  REQUIRE(made);
  CHECK(made->code == "SPRING");
  CHECK(made->name == "spring");
  CouponChangeForm change;
  change.name = "Spring";
  change.max_uses = 3;
  const auto changed = edit_coupon(desk.billing, desk.admin, made->id, change);
  REQUIRE(changed);
  CHECK(changed->percent == 20);
  CHECK(changed->max_uses == 3);
  CHECK(changed->targets.empty());
  CHECK(changed->active);
  REQUIRE(archive_coupon(desk.billing, desk.admin, made->id));
  CouponsForm ended;
  ended.active = false;
  const auto listed = list_coupons(desk.billing, desk.admin, ended);
  REQUIRE(listed);
  CHECK(listed->rows.size() == 1);
  const auto nobody = list_coupons(desk.billing, desk.fixture.caller(desk.buyer), {});
  REQUIRE(nobody);
  CHECK(nobody->rows.empty());
}

TEST_CASE("a coupon is for plans and products that there are") {
  PriceListDesk desk;
  NewCouponForm form;
  form.code = "AIR";
  form.percent = 20;
  form.targets = {"0190c0de-0000-7000-8000-000000000000"};
  CHECK(add_coupon(desk.billing, desk.admin, form).error().kind == Kind::invalid);
}

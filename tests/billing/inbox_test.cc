#include <algorithm>

#include "billing/inbox/inbox.h"

#include "billing/notices.h"
#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

struct Desk : Shop {
  Caller admin = fixture.caller(fixture.person("office@school.example", Role::admin), Role::admin);
};

}  // namespace

TEST_CASE("an event that failed can be seen, and applied again") {
  Desk desk;
  const auto checkout = desk.order(Shop::of(desk.product()));
  desk.pays(checkout->view);
  desk.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "down for maintenance"};
  desk.hears("evt_1", Notice::About::checkout, Shop::session(checkout->view), "checkout.session.completed");
  desk.fixture.app->run_jobs();
  EventsForm form;
  form.status = EventStatus::failed;
  const auto failed = list_events(desk.billing, desk.admin, form);
  REQUIRE(failed->rows.size() == 1);
  CHECK(failed->rows[0].error == "down for maintenance");
  desk.gateway.fails.reset();
  REQUIRE(reprocess_event(desk.billing, desk.admin, failed->rows[0].id));
  desk.fixture.app->run_jobs();
  CHECK(show_event(desk.billing, desk.admin, failed->rows[0].id)->event.status == EventStatus::processed);
  CHECK(desk.may_use("course-1"));
  CHECK(list_events(desk.billing, desk.fixture.caller(desk.buyer), {})->rows.empty());
}

TEST_CASE("what is on sale and differs at its gateway is told to administrators, and changes nothing here") {
  Desk desk;
  desk.bought(desk.order()->view);
  const auto hears = [&](const std::string& id, const OfferThere& there) {
    http::Request request;
    request.body = id;
    request.headers = {{"user-agent", "Gateway/1.0"}, {"cookie", "a=b"}};
    desk.gateway.notices[id] = {.event_id = id,
                                .event_type = "product.updated",
                                .about = Notice::About::offer,
                                .object_id = there.id,
                                .offer = there};
    REQUIRE(receive_notice(desk.billing, desk.gateway, request));
    desk.fixture.app->run_jobs();
    EventsForm form;
    form.type = "product.updated";
    // All of them at one moment: in no order.
    const auto rows = list_events(desk.billing, desk.admin, form)->rows;
    const auto kept =
        std::find_if(rows.begin(), rows.end(), [&](const EventView& each) { return each.event_id == id; });
    return kept == rows.end() ? EventView{} : *kept;
  };
  const auto price =
      "price_" +
      desk.price_of(desk.order(desk.yearly(), "again", desk.fixture.person("b@school.example"))->view.id).text();
  CHECK(hears("evt_same", {.id = "prod_1", .name = "School pass"}).status == EventStatus::processed);
  CHECK(hears("evt_other", {.id = "prod_other", .name = "Of another program"}).status == EventStatus::processed);
  CHECK(desk.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.offer_differs'") == 0);
  const auto renamed = hears("evt_renamed", {.id = "prod_1", .name = "Golden pass"});
  CHECK(renamed.status == EventStatus::ignored);
  CHECK(renamed.error == "\"School pass\" is called \"Golden pass\" at the provider, and so on its pages");
  CHECK(hears("evt_off", {.sort = OfferThere::Sort::price, .id = price, .active = false}).status ==
        EventStatus::ignored);
  CHECK(hears("evt_gone", {.id = "prod_1", .removed = true}).status == EventStatus::ignored);
  CHECK(desk.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.offer_differs' AND severity = 'warning'") ==
        3);
  CHECK(desk.count("SELECT count(*) FROM plans WHERE name = 'School pass' AND active = 1") == 1);
  // With the head it came with, but what would be a key.
  const auto whole = show_event(desk.billing, desk.admin, renamed.id);
  REQUIRE(whole);
  REQUIRE(whole->headers.size() == 1);
  CHECK(whole->headers[0].value == "Gateway/1.0");
}

TEST_CASE("events that never came are fetched and applied once, beside those that did") {
  Desk desk;
  const auto checkout = desk.order(Shop::of(desk.product()));
  desk.pays(checkout->view);
  const auto session = Shop::session(checkout->view);
  for (const auto* id : {"evt_1", "evt_2", "evt_3"})
    desk.gateway.kept.push_back({{.event_id = id,
                                  .event_type = "checkout.session.completed",
                                  .about = Notice::About::checkout,
                                  .object_id = session},
                                 "{}"});
  desk.hears("evt_2", Notice::About::checkout, session, "checkout.session.completed");
  const auto fetched = fetch_missed(desk.billing, desk.admin, {"stripe", desk.fixture.clock.now() - days(1)});
  REQUIRE(fetched);
  CHECK(fetched->found == 3);
  CHECK(fetched->missed == 2);
  desk.fixture.app->run_jobs();
  CHECK(desk.may_use("course-1"));
  CHECK(desk.count("SELECT count(*) FROM payments") == 1);
  CHECK(fetch_missed(desk.billing, desk.admin, {"stripe", desk.fixture.clock.now() - days(31)}).error().kind ==
        Kind::invalid);
  CHECK(fetch_missed(desk.billing, desk.admin, {"nobody", desk.fixture.clock.now()}).error().kind == Kind::invalid);
}

TEST_CASE("a shop whose notices never arrive still delivers: the books are compared") {
  Desk desk;
  const auto checkout = desk.order(Shop::of(desk.product()));
  desk.pays(checkout->view);
  desk.gateway.payments["pi_1"] = {"pi_1", {}, {}};
  REQUIRE_FALSE(desk.may_use("course-1"));
  REQUIRE(begin_reconcile(desk.billing, desk.admin, {}));
  desk.fixture.app->run_jobs();
  CHECK(desk.may_use("course-1"));
  const auto runs = list_runs(desk.billing, desk.admin, {});
  REQUIRE(runs->rows.size() == 1);
  CHECK(runs->rows[0].status == "done");
  CHECK(runs->rows[0].fixed == 1);

  // What went back meanwhile, and what nobody there knows.
  desk.gateway.payments["pi_1"].refunds.push_back({"re_1", RefundStatus::succeeded, 3900, *Currency::parse("USD")});
  const auto second = reconcile_now(desk.billing, desk.admin, {});
  CHECK(second->run.fixed == 1);
  CHECK_FALSE(desk.may_use("course-1"));
  const auto third = reconcile_now(desk.billing, desk.admin, {});
  CHECK(third->differences.empty());
}

TEST_CASE("a gateway that does not answer makes the run say so") {
  Desk desk;
  desk.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "down"};
  const auto run = reconcile_now(desk.billing, desk.admin, {});
  REQUIRE(run);
  CHECK(run->run.status == "failed");
  CHECK(run->run.error == "down");
}

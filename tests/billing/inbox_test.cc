#include "billing/inbox/inbox.h"

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

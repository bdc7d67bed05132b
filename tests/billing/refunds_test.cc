#include "billing/payments/refunds.h"

#include "billing/payments/store_refunds.h"
#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

struct Office : Shop {
  UserId admin = fixture.person("office@school.example", Role::admin);

  PaymentId payment() {
    return fixture.db->read(
        [](ReadTx& tx) { return tx.one<PaymentId>("SELECT id FROM payments ORDER BY id DESC LIMIT 1").value(); });
  }
  PaymentStatus status() {
    return fixture.db->read([&](ReadTx& tx) { return store::payment_case(tx, payment())->status; });
  }
  Result<StartedRefund> refund(RefundForm form, const std::string& key = {}) {
    if (form.reason.empty()) form.reason = "Asked for by mail.";
    std::optional<Result<StartedRefund>> answer;
    refund_payment(billing, fixture.caller(admin, Role::admin), payment(), form, key,
                   [&](Result<StartedRefund> result) { answer.emplace(std::move(result)); });
    fixture.app->run_jobs();
    REQUIRE(answer.has_value());
    return *answer;
  }
  void buys(const ProductId& id) {
    const auto checkout = order(of(id));
    REQUIRE(checkout);
    bought(checkout->view, "course");
  }
};

RefundForm some(std::int64_t amount) {
  RefundForm form;
  form.amount_minor = amount;
  return form;
}

}  // namespace

TEST_CASE("a part that goes back keeps access; the rest ends it, and each is told once") {
  Office office;
  office.buys(office.product());
  REQUIRE(office.may_use("course-1"));

  const auto part = office.refund(some(900));
  REQUIRE(part);
  CHECK(part->view.status == RefundStatus::succeeded);
  CHECK(part->view.access == AccessPolicy::keep);
  CHECK(office.status() == PaymentStatus::partially_refunded);
  CHECK(office.may_use("course-1"));
  CHECK(office.mails("9.00 USD") == 1);

  const auto rest = office.refund({});
  REQUIRE(rest);
  CHECK(rest->view.amount_minor == 3000);
  CHECK(rest->view.access == AccessPolicy::end_now);
  CHECK(office.status() == PaymentStatus::refunded);
  CHECK(!office.may_use("course-1"));
  CHECK(office.mails("30.00 USD") == 1);

  const auto more = office.refund({});
  REQUIRE(!more);
  CHECK(more.error().code == "ALREADY_REFUNDED");
}

TEST_CASE("whoever refunds may let access stay, or end it on a day") {
  Office office;
  office.buys(office.product());
  RefundForm form;
  form.access = AccessPolicy::end_at;
  CHECK(!office.refund(form));
  form.access_ends_at = office.fixture.clock.now() + days(3);
  REQUIRE(office.refund(form));
  CHECK(office.may_use("course-1"));
  office.fixture.clock.pass(days(4));
  CHECK(!office.may_use("course-1"));
}

TEST_CASE("too much, a payment that is none, and the same key twice") {
  Office office;
  office.buys(office.product());
  CHECK(office.refund(some(3901)).error().kind == Kind::unprocessable);
  const auto first = office.refund(some(100), "once");
  const auto again = office.refund(some(100), "once");
  REQUIRE(first);
  REQUIRE(again);
  CHECK(first->view.id == again->view.id);
  CHECK(office.refund(some(200), "once").error().code == "IDEMPOTENCY_MISMATCH");
  CHECK(office.gateway.asked.size() == 1);
}

TEST_CASE("a gateway that does not answer is told, and asked again under the same key") {
  Office office;
  office.buys(office.product());
  office.gateway.breaks_before = "refund";
  office.fixture.options.billing.checkout_wait_ms = 0;
  const auto failed = office.refund(some(100));
  REQUIRE(!failed);
  CHECK(failed.error().code == "PROVIDER_ERROR");
  CHECK(office.status() == PaymentStatus::success);
  office.settle();
  CHECK(office.status() == PaymentStatus::partially_refunded);
  CHECK(office.gateway.asked.size() == 1);
}

TEST_CASE("a refund that fails days later gives access and the book back") {
  Office office;
  office.gateway.refunds_as = RefundStatus::pending;
  office.buys(office.product());
  REQUIRE(office.refund(some(3900)));
  CHECK(office.status() == PaymentStatus::refunded);
  CHECK(!office.may_use("course-1"));

  office.gateway.payments["pi_course"].refunds[0].status = RefundStatus::failed;
  office.hears("evt_failed", Notice::About::payment, "pi_course", "refund.failed");
  office.fixture.app->run_jobs();
  CHECK(office.status() == PaymentStatus::success);
  CHECK(office.may_use("course-1"));
}

TEST_CASE("what is sent back at the gateway's own page is in the books, once, however often it is told") {
  Office office;
  office.buys(office.product());
  office.gateway.payments["pi_course"] = {
      "pi_course", {{"re_x", RefundStatus::succeeded, 3900, *Currency::parse("USD")}}, {}};
  for (const auto* id : {"evt_1", "evt_2", "evt_3"}) {
    office.hears(id, Notice::About::payment, "pi_course", "charge.refunded");
    office.fixture.app->run_jobs();
  }
  CHECK(office.status() == PaymentStatus::refunded);
  CHECK(office.count("SELECT count(*) FROM refunds") == 1);
  CHECK(office.mails("39.00 USD") == 1);
  CHECK(!office.may_use("course-1"));
}

TEST_CASE("a dispute suspends what was bought, a won one restores it, a lost one does not") {
  Office office;
  office.buys(office.product());
  const auto usd = *Currency::parse("USD");
  const auto told = [&](const char* event, const char* dispute, DisputeStatus status) {
    office.gateway.payments["pi_course"] = {"pi_course", {}, {{dispute, status, 3900, usd, "fraudulent"}}};
    office.hears(event, Notice::About::payment, "pi_course", "charge.dispute.updated");
    office.fixture.app->run_jobs();
  };
  told("evt_0", "dp_0", DisputeStatus::inquiry);
  CHECK(office.status() == PaymentStatus::success);
  CHECK(office.may_use("course-1"));
  told("evt_1", "dp_1", DisputeStatus::open);
  CHECK(office.status() == PaymentStatus::disputed);
  CHECK(!office.may_use("course-1"));
  CHECK(office.refund(some(100)).error().kind == Kind::conflict);
  told("evt_2", "dp_1", DisputeStatus::won);
  CHECK(office.status() == PaymentStatus::success);
  CHECK(office.may_use("course-1"));
  told("evt_3", "dp_1", DisputeStatus::open);
  CHECK(office.may_use("course-1"));
  told("evt_4", "dp_2", DisputeStatus::lost);
  CHECK(office.status() == PaymentStatus::disputed);
  CHECK(!office.may_use("course-1"));
}

TEST_CASE("a refund of a subscription's invoice keeps the subscription, unless it is to end") {
  Office office;
  const auto checkout = office.order();
  office.bought(checkout->view);
  office.hears("evt_invoice", Notice::About::invoice, "in_1", "invoice.paid");
  office.fixture.app->run_jobs();
  REQUIRE(office.has_access());
  REQUIRE(office.refund(some(200)));
  CHECK(office.has_access());
  RefundForm form;
  form.access = AccessPolicy::end_now;
  REQUIRE(office.refund(form));
  office.settle();
  CHECK(!office.has_access());
  CHECK(office.gateway.cancelled.contains("sub_1"));
}

TEST_CASE("a payment tells its whole story to administrators") {
  Office office;
  office.buys(office.product());
  REQUIRE(office.refund(some(900)));
  const auto caller = office.fixture.caller(office.admin, Role::admin);
  const auto shown = show_payment(office.billing, caller, office.payment());
  REQUIRE(shown);
  CHECK(shown->refundable_minor == 3000);
  CHECK(shown->refunds.size() == 1);
  CHECK(shown->timeline.size() >= 4);
  std::string told;
  for (const auto& each : shown->timeline) {
    CHECK(each.text.find("checkout.session") == std::string::npos);
    if (each.kind == "event") told += each.text;
  }
  CHECK(told == "stripe told us that the buyer finished its page.");
  CHECK(!show_payment(office.billing, office.fixture.caller(office.buyer), office.payment()));
  CHECK(list_all_payments(office.billing, caller, {})->rows.size() == 1);
  AllPaymentsForm form;
  form.text = "BUYER@";
  CHECK(list_all_payments(office.billing, caller, form)->rows.size() == 1);
  form.text = "nobody@";
  CHECK(list_all_payments(office.billing, caller, form)->rows.empty());
  CHECK(list_refunds(office.billing, caller, {})->rows.size() == 1);
}

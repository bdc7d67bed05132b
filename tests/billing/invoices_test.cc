#include "billing/invoices/invoices.h"

#include "billing/shop.h"
#include "billing/subscriptions/arrears.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

// A subscriber whose second month did not go through: the invoice is open, and the provider tries again by itself.
struct Behind : Shop {
  Caller office = fixture.caller(fixture.person("office@school.example", Role::admin), Role::admin);

  Behind() {
    bought(order()->view);
    hears("evt_first", Notice::About::invoice, "in_1", "invoice.paid");
    fixture.app->run_jobs();
    fixture.clock.pass(days(31));
    gateway.subscriptions["sub_1"].status = SubscriptionStatus::past_due;
    auto due = gateway.invoices["in_1"];
    due.id = "in_2";
    due.status = InvoiceStatus::open;
    due.payment_id.clear();
    due.paid_minor = 0;
    due.paid.reset();
    due.attempts = 1;
    due.next_attempt = fixture.clock.now() + days(3);
    gateway.invoices["in_2"] = due;
    hears("evt_failed", Notice::About::invoice, "in_2", "invoice.payment_failed");
    fixture.app->run_jobs();
    REQUIRE(subscription_status() == "past_due");
  }
  InvoiceId due() { return of_gateway("in_2"); }
  InvoiceId first() { return of_gateway("in_1"); }
  InvoiceId of_gateway(const std::string& id) {
    return fixture.db->read([&](ReadTx& tx) {
      return tx.one<InvoiceId>("SELECT id FROM invoices WHERE provider_invoice_id = ?1", id).value();
    });
  }
  std::string subscription_status() {
    return fixture.db->read([](ReadTx& tx) { return tx.one<std::string>("SELECT status FROM subscriptions").value(); });
  }
  std::int64_t payments() { return count("SELECT count(*) FROM payments"); }
  std::int64_t receipts() {
    return count("SELECT count(*) FROM email_messages WHERE template_key = 'payment_received'");
  }
};

}  // namespace

TEST_CASE("administrators see everybody's invoices, and only they") {
  Behind shop;
  const auto all = list_all_invoices(shop.billing, shop.office, {});
  REQUIRE(all);
  REQUIRE(all->rows.size() == 2);
  CHECK(all->rows[0].status == InvoiceStatus::open);
  CHECK(all->rows[0].email == "buyer@school.example");
  AllInvoicesForm paid;
  paid.status = InvoiceStatus::paid;
  CHECK(list_all_invoices(shop.billing, shop.office, paid)->rows.size() == 1);
  const auto buyer = shop.fixture.caller(shop.buyer);
  CHECK(list_all_invoices(shop.billing, buyer, {})->rows.empty());
  CHECK_FALSE(void_invoice(shop.billing, buyer, shop.due()));
  CHECK_FALSE(retry_invoice(shop.billing, buyer, shop.due()));
  CHECK_FALSE(send_receipt(shop.billing, buyer, shop.first()));
  CHECK(shop.gateway.invoice_tries.empty());
}

TEST_CASE("an open invoice is voided here and at the provider, and no other one is") {
  Behind shop;
  const auto done = void_invoice(shop.billing, shop.office, shop.due());
  REQUIRE(done);
  CHECK(done->status == InvoiceStatus::voided);
  CHECK(shop.gateway.invoices["in_2"].status == InvoiceStatus::voided);
  for (const auto& id : {shop.due(), shop.first()}) {
    const auto again = void_invoice(shop.billing, shop.office, id);
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == Kind::conflict);
  }
  CHECK(void_invoice(shop.billing, shop.office, InvoiceId("none")).error().kind == Kind::not_found);
}

TEST_CASE("a try that goes through pays the invoice and lifts the arrears") {
  Behind shop;
  const auto receipts = shop.receipts();
  const auto done = retry_invoice(shop.billing, shop.office, shop.due());
  REQUIRE(done);
  CHECK(done->status == InvoiceStatus::paid);
  CHECK(shop.subscription_status() == "active");
  CHECK(shop.payments() == 2);
  CHECK(shop.receipts() == receipts + 1);
  CHECK(shop.count("SELECT count(*) FROM dunning_cases WHERE status = 'recovered'") == 1);
  // The provider tells of it as well.
  shop.hears("evt_paid", Notice::About::invoice, "in_2", "invoice.paid");
  shop.settle();
  CHECK(shop.payments() == 2);
  CHECK(shop.receipts() == receipts + 1);
}

TEST_CASE("a try that is declined leaves everything to the provider's own schedule") {
  Behind shop;
  shop.gateway.declines = true;
  const auto declined = retry_invoice(shop.billing, shop.office, shop.due());
  REQUIRE_FALSE(declined);
  CHECK(declined.error().kind == Kind::conflict);
  CHECK(shop.gateway.invoice_tries.size() == 1);
  CHECK(shop.subscription_status() == "past_due");
  CHECK(shop.payments() == 1);
  CHECK(shop.count(
            "SELECT count(*) FROM dunning_cases WHERE status = 'open' AND attempts = 1 AND next_at IS NOT NULL") == 1);
}

TEST_CASE("a try beside the provider's own one takes the money once") {
  Behind shop;
  const auto receipts = shop.receipts();
  // Its own try went through a moment ago, and nobody has told yet.
  REQUIRE(shop.gateway.pay_invoice("in_2"));
  REQUIRE(shop.gateway.invoice_tries.size() == 1);
  const auto late = retry_invoice(shop.billing, shop.office, shop.due());
  REQUIRE(late);
  CHECK(late->status == InvoiceStatus::paid);
  CHECK(shop.gateway.invoice_tries.size() == 1);
  shop.hears("evt_paid", Notice::About::invoice, "in_2", "invoice.paid");
  shop.settle();
  CHECK(shop.payments() == 2);
  CHECK(shop.receipts() == receipts + 1);
}

TEST_CASE("a try whose answer is lost is asked for again and takes the money once") {
  Behind shop;
  shop.gateway.breaks_before = "pay's answer";
  const auto lost = retry_invoice(shop.billing, shop.office, shop.due());
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == Kind::provider);
  CHECK(shop.payments() == 1);
  const auto again = retry_invoice(shop.billing, shop.office, shop.due());
  REQUIRE(again);
  CHECK(again->status == InvoiceStatus::paid);
  CHECK(shop.gateway.invoice_tries.size() == 1);
  CHECK(shop.payments() == 2);
}

TEST_CASE("the case of arrears leaves what Stripe collects to Stripe") {
  Behind shop;
  const auto cases = list_cases(shop.billing, shop.office, {});
  REQUIRE(cases);
  REQUIRE(cases->rows.size() == 1);
  CHECK(cases->rows[0].theirs);
  const auto refused = retry_case(shop.billing, shop.office, cases->rows[0].id);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::conflict);
  CHECK(shop.gateway.charged == 0);
  CHECK(shop.gateway.invoice_tries.empty());
}

TEST_CASE("a receipt is sent again for what was paid, to whoever is still there") {
  Behind shop;
  const auto receipts = shop.receipts();
  REQUIRE(send_receipt(shop.billing, shop.office, shop.first()));
  CHECK(shop.receipts() == receipts + 1);
  const auto unpaid = send_receipt(shop.billing, shop.office, shop.due());
  REQUIRE_FALSE(unpaid);
  CHECK(unpaid.error().kind == Kind::conflict);
  CHECK(shop.receipts() == receipts + 1);
}

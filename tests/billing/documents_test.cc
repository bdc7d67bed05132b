#include "billing/invoices/documents.h"

#include "billing/invoices/details.h"
#include "billing/invoices/invoice_page.h"
#include "billing/payments/books.h"
#include "billing/payments/refunds.h"
#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

// A shop in which a course was bought once.
struct Sold : Shop {
  explicit Sold(const std::string& seller = {}) {
    fixture.app->options.billing.seller_name = seller;
    bought(order(of(product()))->view);
    REQUIRE(list_invoices(billing, fixture.caller(buyer), {})->rows.size() == 1);
  }
  InvoiceId invoice() { return list_invoices(billing, fixture.caller(buyer), {})->rows.at(0).id; }
  InvoiceView shown_invoice() {
    const auto view = show_invoice(billing, fixture.caller(buyer), invoice());
    REQUIRE(view);
    return *view;
  }
  std::string page() {
    const auto reply = invoice_document(billing, fixture.caller(buyer), invoice());
    REQUIRE(reply);
    return reply->body;
  }
  void refunds(std::int64_t minor) {
    const auto payment = list_payments(billing, fixture.caller(buyer), {})->rows.at(0).id;
    const auto office =
        fixture.caller(fixture.person("office" + std::to_string(minor) + "@school.example", Role::admin), Role::admin);
    RefundForm form;
    form.amount_minor = minor;
    form.access = AccessPolicy::keep;
    form.reason = "Asked for.";
    refund_payment(billing, office, payment, form, {}, [](auto) {});
    fixture.app->run_jobs();
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an invoice says for good who sold it") {
  Sold shop("Reed Schools Ltd");
  CHECK(shop.shown_invoice().seller->name == "Reed Schools Ltd");
  shop.fixture.app->options.billing.seller_name = "Another Firm";
  shop.fixture.app->options.billing.seller_address = "Moi Avenue 4; ;00100 Nairobi";
  CHECK(shop.shown_invoice().seller->name == "Reed Schools Ltd");
  CHECK(shop.shown_invoice().seller->address.empty());

  shop.fixture.clock.pass(hours(1));
  shop.bought(shop.order(Shop::of(shop.product({}, "second")))->view, "2");
  CHECK(shop.shown_invoice().seller->name == "Another Firm");
  CHECK(shop.shown_invoice().seller->address == std::vector<std::string>{"Moi Avenue 4", "00100 Nairobi"});
}

TEST_CASE("without a name of its own the seller is the site") {
  Sold shop;
  CHECK(shop.shown_invoice().seller->name == shop.billing.outreach.options.site_name);
}

TEST_CASE("what goes back has credit notes numbered without a gap, once each") {
  Sold shop;
  CHECK(shop.shown_invoice().credit_notes.empty());
  shop.refunds(1000);
  shop.settle();
  auto notes = shop.shown_invoice().credit_notes;
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].number == "CN-000001");
  CHECK(notes[0].amount_minor == 1000);
  shop.refunds(500);
  shop.settle();
  notes = shop.shown_invoice().credit_notes;
  REQUIRE(notes.size() == 2);
  CHECK(notes[1].number == "CN-000002");
  // Told again: nothing new.
  shop.hears("evt_again", Notice::About::payment, "pi_1");
  shop.settle();
  CHECK(shop.shown_invoice().credit_notes.size() == 2);
  CHECK(has(shop.page(), "CN-000002"));
}

TEST_CASE("a credit note whose money did not go is withdrawn, and its number stays") {
  Sold shop;
  shop.refunds(1000);
  shop.settle();
  REQUIRE(shop.shown_invoice().credit_notes.size() == 1);
  CHECK_FALSE(shop.shown_invoice().credit_notes[0].withdrawn_at);
  for (auto& [id, payment] : shop.gateway.payments)
    for (auto& refund : payment.refunds) refund.status = RefundStatus::failed;
  shop.hears("evt_failed", Notice::About::payment, "pi_1");
  shop.settle();
  REQUIRE(shop.shown_invoice().credit_notes.size() == 1);
  CHECK(shop.shown_invoice().credit_notes[0].withdrawn_at);
}

TEST_CASE("an invoice can be printed by its buyer and by administrators, and by nobody else") {
  Sold shop;
  const auto id = shop.invoice();
  const auto office = shop.fixture.caller(shop.fixture.person("office@school.example", Role::admin), Role::admin);
  const auto other = shop.fixture.caller(shop.fixture.person("other@school.example"));
  CHECK(invoice_document(shop.billing, office, id));
  const auto refused = invoice_document(shop.billing, other, id);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::not_found);
  const auto page = shop.page();
  CHECK(has(page, "Invoice INV-000001"));
  CHECK(has(page, "One course"));
  CHECK(has(page, "39.00"));
}

TEST_CASE("whatever people write stands on the page as text") {
  InvoiceView invoice;
  invoice.number = "<b>1</b>";
  invoice.status = InvoiceStatus::paid;
  invoice.currency = *Currency::parse("USD");
  invoice.lines.push_back({"\"><script>alert(1)</script>", 1, 1200, {}, {}});
  invoice.total_minor = invoice.subtotal_minor = invoice.paid_minor = 1200;
  invoice.taxes.push_back({"<i>VAT</i>", "KE", 1600, true, 1034, 166});
  invoice.seller = InvoiceSeller{"<img src=x>", {"<u>street</u>"}, "<s>1</s>"};
  invoice.buyer.emplace();
  invoice.buyer->name = "Reed & <em>Daughters</em>";
  invoice.buyer->address.emplace();
  invoice.buyer->address->city = "<h1>";
  const auto reply = invoice_page(invoice);
  for (const char* tag : {"<script", "<b>", "<img", "<i>", "<u>", "<s>", "<em>", "<h1></span>"})
    CHECK_FALSE(has(reply.body, tag));
  CHECK(has(reply.body, "Reed &amp; &lt;em&gt;Daughters"));
  CHECK(has(reply.body, "(contained)"));
}

TEST_CASE("a draft has no page yet, and an invoice of somebody who is gone names nobody") {
  Sold shop;
  InvoiceView gone = shop.shown_invoice();
  gone.buyer.reset();
  CHECK(has(invoice_page(gone).body, "This account was removed."));
  const auto id = shop.invoice();
  shop.fixture.db->write([&](WriteTx& tx) { tx.execute("UPDATE invoices SET status = 'draft' WHERE id = ?1", id); });
  const auto refused = invoice_document(shop.billing, shop.fixture.caller(shop.buyer), id);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::conflict);
}

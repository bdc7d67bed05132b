#include "billing/invoices/details.h"

#include "billing/payments/books.h"
#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

BillingDetails firm() {
  BillingDetails form;
  form.name = "Reed & Daughters Ltd";
  form.address.emplace();
  form.address->line1 = "Moi Avenue 4";
  form.address->line2 = "";
  form.address->city = "Nairobi";
  form.address->country = "ke";
  form.tax_id = "P051234567A";
  return form;
}

}  // namespace

TEST_CASE("whom invoices are made out to is said once, and stands on those that are issued from then on") {
  Shop shop;
  const auto caller = shop.fixture.caller(shop.buyer);
  const auto none = show_details(shop.billing, caller);
  REQUIRE(none);
  CHECK_FALSE(none->name);
  CHECK_FALSE(none->address);

  shop.bought(shop.order()->view);
  shop.hears("evt_invoice", Notice::About::invoice, "in_1");
  shop.fixture.app->run_jobs();
  const auto invoice = [&](std::size_t which = 0) {
    const auto id = list_invoices(shop.billing, caller, {})->rows.at(which).id;
    const auto view = show_invoice(shop.billing, caller, id);
    REQUIRE(view);
    return *view;
  };
  REQUIRE(invoice().buyer);
  CHECK_FALSE(invoice().buyer->name->empty());
  CHECK_FALSE(invoice().buyer->address);

  const auto set = set_details(shop.billing, caller, firm());
  REQUIRE(set);
  CHECK(set->address->country == "KE");
  CHECK_FALSE(set->address->line2);
  CHECK(show_details(shop.billing, caller)->tax_id == "P051234567A");
  // The one that was issued before says what it said.
  CHECK(invoice().buyer->name != "Reed & Daughters Ltd");
  shop.fixture.clock.pass(hours(1));
  shop.bought(shop.order(Shop::of(shop.product()))->view, "2");
  CHECK(invoice(0).buyer->name == "Reed & Daughters Ltd");
  CHECK(invoice(0).buyer->address->city == "Nairobi");
  CHECK_FALSE(invoice(1).buyer->address);
  // Nobody else's.
  const auto other = shop.fixture.caller(shop.fixture.person("other@school.example"));
  CHECK_FALSE(show_details(shop.billing, other)->name);

  REQUIRE(set_details(shop.billing, caller, {}));
  CHECK_FALSE(show_details(shop.billing, caller)->name);
  CHECK_FALSE(show_details(shop.billing, caller)->address);
  CHECK(invoice(0).buyer->tax_id == "P051234567A");
}

TEST_CASE("an address or number that cannot be one names its field") {
  auto form = firm();
  form.address->country = "K1";
  form.tax_id = "P05<script>";
  const auto refused = checked(form, FormCheck<BillingDetails>{});
  REQUIRE_FALSE(refused);
  REQUIRE(refused.error().fields.size() == 2);
  CHECK(refused.error().fields[0].field == "address.country");
  CHECK(refused.error().fields[1].field == "taxId");
}

// Plays the stories of tests/books; its README.md describes their language.

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "billing/offers/taxes.h"
#include "billing/orders.h"
#include "billing/payments/by_hand.h"
#include "billing/payments/refunds.h"
#include "billing/shop.h"
#include "billing/store.h"
#include "billing/subscriptions/renewals.h"
#include "checkout.h"
#include "platform/base/text.h"
#include "sample.h"

using namespace tuition;
using namespace tuition::billing;

namespace {

const Currency usd = *Currency::parse("USD");

struct Book : billing::tests::Shop {
  UserId office = fixture.person("office@school.example", Role::admin);
  ProductId product_id;
  PlanId plan_id;
  CheckoutView checkout;
  ManualPaymentId told;
  std::function<void()> last = [] {};
  int events = 0;
  std::size_t mails_seen = 0;

  Book() { fixture.app->gateways.all = {&gateway, &fixture.app->by_hand}; }

  Caller admin() { return fixture.caller(office, Role::admin); }
  std::string event_id() { return "evt_" + std::to_string(++events); }
  std::int64_t minor(std::string_view amount) { return parse_money(amount, usd)->minor; }
  bool takes_once() const { return gateway.called != "stripe"; }
  Subscription subscription() {
    return fixture.db->read([&](ReadTx& tx) { return store::subscriptions_of(tx, buyer).front(); });
  }
  PaymentId payment() {
    return fixture.db->read(
        [](ReadTx& tx) { return tx.one<PaymentId>("SELECT id FROM payments ORDER BY id DESC LIMIT 1").value(); });
  }
  std::string payment_there() {
    return fixture.db->read([](ReadTx& tx) {
      return tx.one<std::string>("SELECT provider_payment_id FROM payments ORDER BY id DESC LIMIT 1").value();
    });
  }
  // The notice, and a way to hear it once more under another id.
  void tell(Notice::About about, const std::string& object, const std::string& type) {
    last = [=, this] {
      hears(event_id(), about, object, type);
      fixture.app->run_jobs();
    };
    last();
  }

  void buys(const std::string& what) {
    const auto begun = what == "product" ? order(of(product_id)) : order(plan_form());
    REQUIRE(begun);
    checkout = begun->view;
    pays(checkout);
    auto& state = gateway.checkouts[session(checkout)];
    if (takes_once()) {
      state.subscription.reset();
      state.only_total = true;
      state.payment_id = state.session_id;
      state.card = SavedCard{Secret("AUTH_x"), "Visa 4081"};
    }
    tell(Notice::About::checkout, session(checkout), "checkout.session.completed");
    if (what == "plan" && !takes_once()) tell(Notice::About::invoice, "in_1", "invoice.paid");
  }
  // The page is finished, and the money is still on its way.
  void finishes() {
    const auto begun = order(of(product_id));
    REQUIRE(begun);
    checkout = begun->view;
    pays(checkout, std::to_string(++events));
    gateway.checkouts[session(checkout)].paid = false;
    tell(Notice::About::checkout, session(checkout), "checkout.session.completed");
  }
  void payment_ends(bool comes) {
    gateway.checkouts[session(checkout)].paid = comes;
    tell(Notice::About::checkout, session(checkout),
         comes ? "checkout.session.async_payment_succeeded" : "checkout.session.async_payment_failed");
  }
  void trial_ends_soon() {
    fixture.clock.pass(*gateway.subscriptions["sub_1"].trial_end - days(3) - fixture.clock.now());
    tell(Notice::About::subscription, "sub_1", "customer.subscription.trial_will_end");
  }
  void pauses() {
    auto& there = gateway.subscriptions["sub_1"];
    fixture.clock.pass(there.period_end - fixture.clock.now());
    there.status = SubscriptionStatus::paused;
    tell(Notice::About::subscription, "sub_1", "customer.subscription.paused");
  }
  // The buyer pays for the period that begins now.
  void resumes() {
    auto& there = gateway.subscriptions["sub_1"];
    there.status = SubscriptionStatus::active;
    there.period_start = fixture.clock.now();
    there.period_end = add_months(there.period_start, 1);
    InvoiceState state = gateway.invoices["in_1"];
    state.id = "in_2";
    state.payment_id = "pi_2";
    const auto price = subscription().price;
    state.subtotal_minor = state.total_minor = state.paid_minor =
        fixture.db->read([&](ReadTx& tx) { return store::price(tx, price)->amount_minor; });
    state.paid = fixture.clock.now();
    gateway.invoices["in_2"] = state;
    hears(event_id(), Notice::About::subscription, "sub_1", "customer.subscription.resumed");
    tell(Notice::About::invoice, "in_2", "invoice.paid");
  }
  CheckoutForm plan_form() const {
    CheckoutForm form;
    form.plan = plan_id;
    return form;
  }
  void refund(const std::string& amount) {
    RefundForm form;
    form.reason = "Asked for.";
    if (amount != "rest")
      form.amount_minor = minor(amount);
    else
      form.amount_minor = fixture.db->read([&](ReadTx& tx) {
        return tx.one<std::int64_t>("SELECT amount_minor FROM payments ORDER BY id DESC LIMIT 1").value();
      });
    bool done = false;
    refund_payment(billing, admin(), payment(), form, {}, [&](Result<StartedRefund> answer) { done = answer.ok(); });
    fixture.app->run_jobs();
    REQUIRE(done);
    last = [this, there = payment_there()] {
      hears(event_id(), Notice::About::payment, there, "charge.refunded");
      fixture.app->run_jobs();
    };
  }
  void refund_fails() {
    const auto there = payment_there();
    gateway.payments[there].refunds.back().status = RefundStatus::failed;
    tell(Notice::About::payment, there, "refund.failed");
  }
  void dispute(const std::string& how) {
    const auto there = payment_there();
    auto& disputes = gateway.payments[there].disputes;
    gateway.payments[there].payment_id = there;
    const bool over = !disputes.empty() && disputes.back().status != DisputeStatus::open;
    if (disputes.empty() || over)
      disputes.push_back({"dp_" + std::to_string(disputes.size()), DisputeStatus::open, 3900, usd, "fraudulent"});
    disputes.back().status = *named<DisputeStatus>(how);
    tell(Notice::About::payment, there, "charge.dispute.updated");
  }
  // The gateway's next invoice.
  void invoice(InvoiceStatus status, std::int64_t attempts, bool is_last) {
    auto& there = gateway.subscriptions["sub_1"];
    const bool paid = status == InvoiceStatus::paid;
    const bool new_period = there.status == SubscriptionStatus::active;
    if (new_period) {
      fixture.clock.pass(there.period_end - fixture.clock.now());
      there.period_start = there.period_end;
      there.period_end = add_months(there.period_start, 1);
    }
    there.status = paid ? SubscriptionStatus::active : SubscriptionStatus::past_due;
    const auto name =
        new_period ? "in_" + std::to_string(gateway.invoices.size() + 1) : gateway.invoices.rbegin()->first;
    InvoiceState state = gateway.invoices["in_1"];
    state.id = name;
    state.status = status;
    state.attempts = attempts;
    state.payment_id = paid ? "pi_" + name : "";
    state.paid_minor = paid ? state.total_minor : 0;
    state.paid.reset();
    if (paid) state.paid = fixture.clock.now();
    state.next_attempt.reset();
    if (!paid && !is_last) state.next_attempt = fixture.clock.now() + days(2);
    gateway.invoices[name] = state;
    tell(Notice::About::invoice, name, paid ? "invoice.paid" : "invoice.payment_failed");
  }
  void cancels() {
    bool done = false;
    cancel_subscription(billing, fixture.caller(buyer), {}, [&](const auto& answer) { done = answer.ok(); });
    fixture.app->run_jobs();
    REQUIRE(done);
  }
  void ends() {
    auto& there = gateway.subscriptions["sub_1"];
    fixture.clock.pass(there.period_end - fixture.clock.now());
    there.status = SubscriptionStatus::canceled;
    there.ended_at = fixture.clock.now();
    tell(Notice::About::subscription, "sub_1", "customer.subscription.deleted");
  }
  void tells_by_hand(const std::string& what) {
    ManualPaymentForm form;
    if (what == "plan") form.plan = plan_id;
    if (what == "product") form.product = product_id;
    const auto view = submit_by_hand(billing, fixture.caller(buyer), form, {});
    REQUIRE(view);
    told = view->id;
  }

  void play(const std::string& event) {
    std::istringstream words(event);
    std::string verb, one, two, three;
    words >> verb >> one >> two >> three;
    const auto trial_days = verb == "plan" ? parse_integer(three).value_or(0) : 0;
    if (verb == "gateway") {
      gateway.called = one;
    } else if (verb == "product") {
      product_id = *fixture.db->write([&](WriteTx& tx) {
        return offer_product(billing, tx,
                             {.code = "thing",
                              .name = "The thing",
                              .opens = {{.scope = entitlements::Scope::course, .scope_id = "any"}},
                              .prices = {{"USD", minor(one), Interval::once}}});
      });
    } else if (verb == "plan") {
      plan_id = *fixture.db->write([&](WriteTx& tx) {
        return offer_plan(billing, tx,
                          {.code = one + "-book",
                           .name = "Pass",
                           .trial_days = trial_days,
                           .prices = {{"USD", minor(two), Interval::month}}});
      });
    } else if (verb == "tax") {
      fixture.app->options.billing.country = "KE";
      REQUIRE(add_tax_rate(billing, admin(), {"KE", "VAT", *parse_integer(one) * 100, two == "contained"}));
    } else if (verb == "taxed") {
      CHECK(count("SELECT tax_minor FROM invoices ORDER BY id DESC LIMIT 1") == minor(one));
      CHECK(count("SELECT tax_minor FROM invoice_taxes ORDER BY invoice_id DESC LIMIT 1") == minor(one));
      CHECK(count("SELECT SUM(total_minor - subtotal_minor + discount_minor - CASE WHEN inclusive THEN 0 ELSE "
                  "t.tax_minor END) FROM invoices i JOIN invoice_taxes t ON t.invoice_id = i.id") == 0);
      CHECK(count("SELECT COUNT(*) FROM invoice_taxes WHERE name <> 'VAT' OR basis_points <> 1600") == 0);
    } else if (verb == "untax") {
      REQUIRE(remove_tax_rate(billing, admin(), list_tax_rates(billing)->front().id));
    } else if (verb == "untaxed") {
      CHECK(count("SELECT SUM(tax_minor) FROM refunds WHERE status IN ('pending', 'succeeded')") == minor(one));
    } else if (verb == "buys") {
      buys(one);
    } else if (verb == "refund" && one == "fails") {
      refund_fails();
    } else if (verb == "refund") {
      refund(one);
    } else if (verb == "dispute") {
      dispute(one);
    } else if (verb == "again") {
      last();
    } else if (verb == "renews") {
      invoice(InvoiceStatus::paid, 1, false);
    } else if (verb == "renewal") {
      invoice(InvoiceStatus::open, *parse_integer(two), three == "last");
    } else if (verb == "recovers") {
      invoice(InvoiceStatus::paid, 4, false);
    } else if (verb == "finishes") {
      finishes();
    } else if (verb == "payment") {
      payment_ends(one == "comes");
    } else if (verb == "trial") {
      trial_ends_soon();
    } else if (verb == "pauses") {
      pauses();
    } else if (verb == "resumes") {
      resumes();
    } else if (verb == "cancels") {
      cancels();
    } else if (verb == "ends") {
      ends();
    } else if (verb == "declines") {
      gateway.declines = true;
    } else if (verb == "pays") {
      gateway.declines = false;
    } else if (verb == "days") {
      fixture.clock.pass(days(*parse_integer(one)));
      sweep_renewals(billing);
      fixture.app->run_jobs();
    } else if (verb == "tells") {
      tells_by_hand(one);
    } else if (verb == "approves") {
      REQUIRE(approve_by_hand(billing, admin(), told, {}));
      fixture.app->run_jobs();
    } else if (verb == "rejects") {
      REQUIRE(reject_by_hand(billing, admin(), told, {}));
      fixture.app->run_jobs();
    } else {
      FAIL("no such event: " << event);
    }
  }

  // What a bank has taken back, or may take, is not the school's.
  std::int64_t balance() {
    return count(
        "SELECT COALESCE(SUM(p.amount_minor - COALESCE((SELECT SUM(r.amount_minor) FROM refunds r WHERE r.payment_id "
        "= p.id AND r.status IN ('pending', 'succeeded')), 0)), 0) FROM payments p WHERE p.status IN ('success', "
        "'partially_refunded', 'refunded')");
  }
  // Subjects of the mails since the last line.
  std::vector<std::string> new_mails() {
    std::vector<std::string> subjects;
    for (; mails_seen < fixture.mailer.sent.size(); ++mails_seen)
      subjects.push_back(fixture.mailer.sent[mails_seen].subject);
    return subjects;
  }
};

void play(const std::filesystem::path& file) {
  Book book;
  std::istringstream lines(tuition::tests::sample("tests/books/" + file.filename().string()));
  std::string line;
  int number = 0;
  while (std::getline(lines, line)) {
    ++number;
    if (trim(line).empty() || trim(line).starts_with("#")) continue;
    INFO(file.filename().string() << ":" << number << ": " << line);
    const auto columns = split(line, '|');
    REQUIRE(columns.size() == 4);
    book.play(std::string(trim(columns[0])));
    if (const auto balance = trim(columns[1]); !balance.empty()) CHECK(book.balance() == book.minor(balance));
    if (const auto access = trim(columns[2]); access != "any") CHECK(book.has_access() == (access == "open"));
    auto mails = book.new_mails();
    const auto wanted = trim(columns[3]);
    if (wanted.empty()) continue;
    std::string all;
    for (const auto& subject : mails) all += subject + "; ";
    INFO("mails: " << all);
    const auto words = wanted == "-" ? std::vector<std::string_view>{} : split(wanted, ',');
    CHECK(mails.size() == words.size());
    for (const auto word : words)
      CHECK(std::any_of(mails.begin(), mails.end(),
                        [&](const std::string& subject) { return contains_ignoring_case(subject, trim(word)); }));
  }
}

}  // namespace

TEST_CASE("the stories about money end with the balance, the access and the mails that they tell of") {
  int stories = 0;
  for (const auto& each : std::filesystem::directory_iterator(tuition::tests::checkout() / "tests/books"))
    if (each.path().extension() == ".book") {
      play(each.path());
      ++stories;
    }
  CHECK(stories >= 10);
}

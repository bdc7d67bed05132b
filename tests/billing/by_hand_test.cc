#include "billing/payments/by_hand.h"

#include "billing/figures.h"
#include "billing/payments/refunds.h"
#include "billing/shop.h"
#include "catalogue/pictures.h"
#include "uses_index.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

struct Counter : Shop {
  UserId admin = fixture.person("office@school.example", Role::admin);

  Counter() {
    fixture.app->gateways.all = {&gateway, &fixture.app->by_hand};
    fixture.options.billing.manual_methods = {"bank", "cash"};
  }
  Caller office() { return fixture.caller(admin, Role::admin); }
  Result<ManualPaymentView> tells(const ManualPaymentForm& form) {
    return submit_by_hand(billing, fixture.caller(buyer), form, {});
  }
  ManualPaymentForm for_plan() {
    ManualPaymentForm form;
    form.plan = plan;
    form.note = "Sent on Monday.";
    return form;
  }
};

}  // namespace

TEST_CASE("a payment by hand opens nothing until somebody has seen the money") {
  Counter counter;
  const auto told = counter.tells(counter.for_plan());
  REQUIRE(told);
  CHECK(told->reference.starts_with("MAN-"));
  CHECK(told->amount_minor == 1200);
  CHECK_FALSE(counter.has_access());
  CHECK(counter.tells(counter.for_plan()).error().kind == Kind::conflict);

  const auto approved = approve_by_hand(counter.billing, counter.office(), told->id, {});
  REQUIRE(approved);
  counter.fixture.app->run_jobs();
  CHECK(counter.has_access());
  CHECK(counter.count("SELECT count(*) FROM payments WHERE provider = 'manual' AND status = 'success'") == 1);
  CHECK(counter.count("SELECT count(*) FROM invoices WHERE status = 'paid'") == 1);
  CHECK(counter.fixture.mailer.count("buyer@school.example", "") >= 1);
  CHECK(approve_by_hand(counter.billing, counter.office(), told->id, {}).error().kind == Kind::conflict);
  CHECK(reject_by_hand(counter.billing, counter.office(), told->id, {}).error().kind == Kind::conflict);
}

TEST_CASE("a rejected one is told, and may be followed by another") {
  Counter counter;
  const auto told = counter.tells(counter.for_plan());
  ReviewForm review;
  review.note = "Nothing came in.";
  REQUIRE(reject_by_hand(counter.billing, counter.office(), told->id, review));
  counter.fixture.app->run_jobs();
  CHECK(counter.mails("could not find your payment") == 1);
  CHECK_FALSE(counter.has_access());
  CHECK(counter.tells(counter.for_plan()));
}

TEST_CASE("whoever told of it may take it back while it waits, and nobody else") {
  Counter counter;
  const auto told = counter.tells(counter.for_plan());
  const auto other = counter.fixture.caller(counter.fixture.person("other@school.example"));
  CHECK(withdraw_by_hand(counter.billing, other, told->id).error().kind == Kind::not_found);
  REQUIRE(withdraw_by_hand(counter.billing, counter.fixture.caller(counter.buyer), told->id));
  CHECK(withdraw_by_hand(counter.billing, counter.fixture.caller(counter.buyer), told->id).error().kind ==
        Kind::conflict);
  CHECK(approve_by_hand(counter.billing, counter.office(), told->id, {}).error().kind == Kind::conflict);
}

TEST_CASE("ways that are not offered are refused, and so is what the buyer has") {
  Counter counter;
  auto form = counter.for_plan();
  form.method = HandMethod::mobile_money;
  CHECK(counter.tells(form).error().kind == Kind::invalid);

  const auto told = counter.tells(counter.for_plan());
  const auto checkout = counter.order();
  counter.bought(checkout->view);
  CHECK(approve_by_hand(counter.billing, counter.office(), told->id, {}).error().kind == Kind::unprocessable);
}

TEST_CASE("a product paid by hand can be sent back by hand") {
  Counter counter;
  ManualPaymentForm form;
  form.product = counter.product();
  const auto told = counter.tells(form);
  REQUIRE(approve_by_hand(counter.billing, counter.office(), told->id, {}));
  CHECK(counter.may_use("course-1"));
  const auto payment = counter.fixture.db->read(
      [](ReadTx& tx) { return tx.one<PaymentId>("SELECT id FROM payments WHERE provider = 'manual'").value(); });
  RefundForm refund;
  refund.reason = "Changed their mind.";
  bool done = false;
  refund_payment(counter.billing, counter.office(), payment, refund, {},
                 [&](Result<StartedRefund> answer) { done = answer.ok(); });
  counter.fixture.app->run_jobs();
  CHECK(done);
  CHECK_FALSE(counter.may_use("course-1"));
}

TEST_CASE("a receipt is the payer's own upload, and comes when it comes") {
  Counter counter;
  const std::string mine = "0190c0de-0000-7000-8000-000000000001";
  const std::string theirs = "0190c0de-0000-7000-8000-000000000002";
  counter.billing.has_receipt = [&](ReadTx&, const UserId& user, const std::string& media) {
    return user == counter.buyer && media == mine;
  };
  auto form = counter.for_plan();
  form.proof = theirs;
  CHECK(counter.tells(form).error().kind == Kind::invalid);
  const auto told = counter.tells(counter.for_plan());
  REQUIRE(told);
  const auto buyer = counter.fixture.caller(counter.buyer);
  ProofForm more;
  more.proof = theirs;
  CHECK(amend_by_hand(counter.billing, buyer, told->id, more).error().kind == Kind::invalid);
  more.proof = mine;
  const auto amended = amend_by_hand(counter.billing, buyer, told->id, more);
  REQUIRE(amended);
  CHECK(amended->proof == mine);
  CHECK(amended->note == "Sent on Monday.");
  ProofForm words;
  words.note = "In Ada's name.";
  CHECK(amend_by_hand(counter.billing, buyer, told->id, words)->proof == mine);
  CHECK(counter.fixture.db->read([&](ReadTx& tx) { return is_receipt(tx, mine); }));
  CHECK_FALSE(counter.fixture.db->read([&](ReadTx& tx) { return is_receipt(tx, theirs); }));
  CHECK(amend_by_hand(counter.billing, counter.office(), told->id, words).error().kind == Kind::not_found);
  REQUIRE(approve_by_hand(counter.billing, counter.office(), told->id, {}));
  CHECK(amend_by_hand(counter.billing, buyer, told->id, words).error().kind == Kind::conflict);
}

TEST_CASE("a proof that a payment names stays, and one that nothing names is swept after a day") {
  Counter counter;
  auto& door = counter.fixture.app->catalogue;
  const auto who = counter.fixture.caller(counter.buyer);
  const auto upload = [&](std::uint32_t width) {
    auto begun = catalogue::MediaUpload::begin(door, who, catalogue::Purpose::proof, "receipt.png", {}).value();
    REQUIRE(begun->take(tuition::tests::png(width, 64)));
    return begun->finish().value().id;
  };
  const auto used = upload(64);
  const auto unused = upload(65);
  auto form = counter.for_plan();
  form.proof = used.text();
  REQUIRE(counter.tells(form));

  const auto there = [&](const catalogue::MediaId& id) {
    return counter.fixture.db->read([&](ReadTx& tx) { return catalogue::media(tx, id).has_value(); });
  };
  CHECK(catalogue::delete_media(door, who, used).error().code == "MEDIA_IN_USE");
  catalogue::sweep_media(door);
  CHECK(there(unused));
  counter.fixture.clock.pass(days(2));
  catalogue::sweep_media(door);
  CHECK(there(used));
  CHECK_FALSE(there(unused));
  CHECK(counter.count("SELECT count(*) FROM audit_logs WHERE action = 'media.deleted'") == 1);
  CHECK(tuition::tests::uses_index(*counter.fixture.db, "SELECT 1 FROM manual_payments WHERE proof_media_id = ?1"));
}

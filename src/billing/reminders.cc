#include "billing/reminders.h"

#include "billing/billing.h"
#include "billing/offers/offers.h"
#include "billing/store.h"

namespace tuition::billing {
namespace {

// What is older is forgotten, not dug up again.
constexpr Duration reminder_window = days(3);

void remind_of_order(Billing& billing, WriteTx& tx, const Checkout& order) {
  const auto now = billing.clock.now();
  // One mail, however many pages were opened for it.
  if (!store::note_order_reminded(tx, order.id, order.user, now)) return;
  const auto buyer = billing.buyer(tx, order.user);
  if (!buyer || store::wants_no_reminders(tx, order.user)) return;
  OfferWish wish;
  if (!order.plan.empty()) wish.plan = order.plan;
  if (!order.product.empty()) wish.product = order.product;
  // Not on sale any more, or bought meanwhile.
  if (!choose_offer(tx, order.user, wish, now)) return;
  outreach::OrderReminder message{.name = buyer->name, .item_name = offer_of(tx, order.plan, order.product).name};
  if (!order.plan.empty()) message.plan_id = order.plan.text();
  outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = order.user}, message);
}

}  // namespace

jobs::Outcome remind_of_orders(Billing& billing) {
  if (billing.options.reminder_hours == 0) return jobs::Outcome::done();
  const auto now = billing.clock.now();
  const auto due = now - hours(billing.options.reminder_hours);
  billing.db.write([&](WriteTx& tx) {
    for (const auto& order : store::unfinished_orders(tx, due - reminder_window, due))
      if (store::open_checkouts(tx, order.user).empty()) remind_of_order(billing, tx, order);
  });
  return jobs::Outcome::done();
}

}  // namespace tuition::billing

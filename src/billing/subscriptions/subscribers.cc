#include "billing/subscriptions/subscribers.h"

#include "billing/billing.h"
#include "billing/pages.h"
#include "billing/store.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

SubscriberView subscriber_row(Billing& billing, ReadTx& tx, const Subscription& row) {
  SubscriberView view;
  view.id = row.id;
  view.user = row.user;
  if (const auto buyer = billing.buyer(tx, row.user)) view.email = buyer->email;
  view.plan_name = row.plan_name;
  view.status = row.status;
  if (const auto price = store::price(tx, row.price)) {
    view.amount_minor = price->amount_minor;
    view.currency = price->currency;
    view.interval = price->interval;
    view.interval_count = price->interval_count;
  }
  view.provider = row.provider;
  view.period_end = row.period_end;
  view.cancel_at_period_end = row.cancel_at_period_end;
  view.ended_at = row.ended_at;
  view.surplus = row.surplus;
  view.created_at = row.created_at;
  return view;
}

}  // namespace

Result<Page<SubscriberView>> list_subscribers(Billing& billing, const Caller& caller, const SubscribersForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<SubscriberView, SubscriptionId>(
        form.limit, form.cursor,
        [&](const SubscriptionId& after, std::int64_t limit) {
          return store::subscriptions(tx, caller, form.status, form.plan.value_or(PlanId{}), after, limit);
        },
        [&](const Subscription& row) { return subscriber_row(billing, tx, row); });
  });
}

http::Routes subscriber_routes(Billing& billing) {
  return {
      {.method = http::Method::get,
       .path = "/api/admin/subscriptions",
       .operation = "listAllSubscriptions",
       .access = http::Access::admin,
       .bucket = http::Bucket::admin,
       .sentence = "Everybody's subscriptions, the newest first.",
       .endpoint = http::json(
           [&billing](const http::Request& request, const SubscribersForm& form) -> Result<Page<SubscriberView>> {
             return list_subscribers(billing, request.caller, form);
           }),
       .alias = "/admin/subscriptions",
       .scope = "billing:read"},
  };
}

}  // namespace tuition::billing

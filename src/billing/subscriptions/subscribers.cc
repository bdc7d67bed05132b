#include "billing/subscriptions/subscribers.h"

#include "billing/billing.h"
#include "billing/orders.h"
#include "billing/pages.h"
#include "billing/store.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/base/text.h"
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
  view.test = store::is_test(tx, row.id);
  return view;
}

using SubscriberAnswer = http::Answer<http::Enveloped<SubscriptionView>>;

OrderKind kind_of(SubscriberAct act) {
  switch (act) {
    case SubscriberAct::cancel:
    case SubscriberAct::extend: return OrderKind::cancel_at_end;
    case SubscriberAct::cancel_now: return OrderKind::cancel_now;
    case SubscriberAct::resume: return OrderKind::resume;
    case SubscriberAct::change: return OrderKind::change_at_end;
    case SubscriberAct::pause: return OrderKind::pause;
  }
  return OrderKind::cancel_at_end;
}

void change_subscriber(Billing& billing, const Caller& caller, const SubscriptionId& id, const SubscriberForm& form,
                       const SubscriberAnswer& answer) {
  if (form.action == SubscriberAct::extend) {
    if (!form.until) return answer(invalid_field("until", "is required"));
    auto extended = extend_period(billing, caller, id, *form.until, form.reason.value_or(""));
    if (!extended) return answer(std::move(extended).error());
    return answer(http::Enveloped<SubscriptionView>{.data = std::move(extended).value()});
  }
  InTheirStead order{kind_of(form.action), form.plan, form.interval, form.interval_count, {}};
  if (form.reason && !form.reason->empty()) order.comment = form.reason;
  order_for(billing, caller, id, order, [answer](Result<Ordered<SubscriptionView>> ordered) {
    if (!ordered) return answer(std::move(ordered).error());
    http::Enveloped<SubscriptionView> reply{.data = std::move(ordered->view)};
    if (ordered->pending) {
      reply.status = 202;
      reply.message = "The payment provider is slow to answer. It will be done as soon as it does.";
    }
    answer(std::move(reply));
  });
}

SubscriptionId subscription_in(const http::Request& request) {
  return SubscriptionId(std::string(request.param("id")));
}

}  // namespace

Result<SubscriberCaseView> show_subscriber(Billing& billing, const Caller& caller, const SubscriptionId& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<SubscriberCaseView> {
    const auto row = store::subscription(tx, id);
    if (!caller.is_admin() || !row) return not_found("There is no such subscription.");
    return SubscriberCaseView{subscriber_row(billing, tx, *row), view_of(billing, tx, *row),
                              is_live(row->status) && renewed_here(*row)};
  });
}

Result<Page<SubscriptionChangeView>> list_changes(Billing& billing, const Caller& caller, const SubscriptionId& id,
                                                  const ShortListForm& form) {
  return billing.db.read([&](ReadTx& tx) -> Result<Page<SubscriptionChangeView>> {
    if (!caller.is_admin() || !store::subscription(tx, id)) return not_found("There is no such subscription.");
    std::int64_t after = 0;
    if (form.cursor) {
      const auto place = TRY(place_of(*form.cursor, "changes"));
      const auto number = parse_integer(place.id);
      if (!number) return no_such_place();
      after = *number;
    }
    Page<SubscriptionChangeView> page;
    page.limit = form.limit.value_or(page_limit_default);
    for (auto& each : store::changes_of(tx, caller, id, after, page.limit + 1)) {
      if (static_cast<std::int64_t>(page.rows.size()) == page.limit) {
        page.next = cursor_behind("changes", std::to_string(after));
        break;
      }
      after = each.number;
      page.rows.push_back({std::move(each.kind), JsonText{std::move(each.before)}, JsonText{std::move(each.after)},
                           std::move(each.reason), each.at});
    }
    return page;
  });
}

Result<Page<SubscriberView>> list_subscribers(Billing& billing, const Caller& caller, const SubscribersForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<SubscriberView, SubscriptionId>(
        form.limit, form.cursor,
        [&](const SubscriptionId& after, std::int64_t limit) {
          return store::subscriptions(tx, caller, form.status, form.plan.value_or(PlanId{}), form.tests.value_or(false),
                                      after, limit);
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
      {.method = http::Method::get,
       .path = "/api/admin/subscriptions/{id}",
       .operation = "getSubscriber",
       .access = http::Access::admin,
       .bucket = http::Bucket::admin,
       .sentence = "Somebody's subscription.",
       .endpoint = http::json([&billing](const http::Request& request) -> Result<SubscriberCaseView> {
         return show_subscriber(billing, request.caller, subscription_in(request));
       }),
       .statuses = {404},
       .alias = "/admin/subscriptions/{id}",
       .scope = "billing:read"},
      {.method = http::Method::post,
       .path = "/api/admin/subscriptions/{id}/preview-change",
       .operation = "previewSubscriberChange",
       .access = http::Access::admin,
       .bucket = http::Bucket::admin,
       .sentence = "What a change of somebody's plan by the school would cost, and when it would take place.",
       .endpoint =
           http::json([&billing](const http::Request& request, const ChangeForm& form) -> Result<ChangePreview> {
             return preview_change_for(billing, request.caller, subscription_in(request), form);
           }),
       .statuses = {404, 409, 422},
       .alias = "/admin/subscriptions/{id}/preview-change",
       .scope = "billing:read"},
      {.method = http::Method::put,
       .path = "/api/admin/subscriptions/{id}",
       .operation = "changeSubscriber",
       .access = http::Access::admin,
       .bucket = http::Bucket::admin,
       .sentence = "Cancel, pause, resume, change or extend somebody's subscription.",
       .endpoint =
           http::json([&billing](const http::Request& request, const SubscriberForm& form, SubscriberAnswer answer) {
             change_subscriber(billing, request.caller, subscription_in(request), form, answer);
           }),
       .statuses = {202, 404, 409, 422, 503},
       .alias = "/admin/subscriptions/{id}",
       .scope = "billing:write"},
      {.method = http::Method::get,
       .path = "/api/admin/subscriptions/{id}/changes",
       .operation = "listSubscriptionChanges",
       .access = http::Access::admin,
       .bucket = http::Bucket::admin,
       .sentence = "What changed about a subscription, the oldest first.",
       .endpoint = http::json(
           [&billing](const http::Request& request, const ShortListForm& form) -> Result<Page<SubscriptionChangeView>> {
             return list_changes(billing, request.caller, subscription_in(request), form);
           }),
       .statuses = {404},
       .alias = "/admin/subscriptions/{id}/changes",
       .scope = "billing:read"},
  };
}

}  // namespace tuition::billing

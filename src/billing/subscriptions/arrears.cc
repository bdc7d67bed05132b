#include "billing/subscriptions/arrears.h"

#include "audit/audit.h"
#include "billing/act_route.h"
#include "billing/billing.h"
#include "billing/pages.h"
#include "billing/store.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/store_renewals.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

DunningCaseView view_of(Billing& billing, ReadTx& tx, const store::DunningCase& row) {
  DunningCaseView view;
  view.id = row.id.text();
  view.subscription = row.subscription;
  view.status = row.status;
  view.attempts = row.attempts;
  view.next_at = row.next_at;
  view.grace_until = row.grace_until;
  view.opened_at = row.opened_at;
  view.closed_at = row.closed_at;
  if (const auto subscription = store::subscription(tx, row.subscription)) {
    view.user = subscription->user;
    view.plan_name = subscription->plan_name;
    view.provider = subscription->provider;
    const auto* gateway = billing.gateways.named(subscription->provider);
    view.provider_name = gateway ? std::string(gateway->label()) : subscription->provider;
    view.theirs = !renewed_here(*subscription);
    if (const auto buyer = billing.buyer(tx, subscription->user)) view.email = buyer->email;
  }
  return view;
}

// The case, where it is one of ours to decide about.
Result<store::DunningCase> deciding(Billing& billing, ReadTx& tx, const std::string& id) {
  const auto row = store::dunning_case(tx, store::DunningCaseId(id));
  if (!row) return not_found("There is no such case.");
  if (row->closed_at) return conflict("CONFLICT", "This case is closed.");
  const auto subscription = store::subscription(tx, row->subscription);
  if (!billing.gateways.named(subscription->provider) || !renewed_here(*subscription))
    return conflict("CONFLICT", "The payment provider tries again by its own schedule; see its dashboard.");
  return *row;
}

void record(Billing& billing, WriteTx& tx, const Caller& caller, const store::DunningCase& row, const char* action,
            const char* sentence) {
  audit::record(tx, {.at = billing.clock.now(),
                     .actor = caller,
                     .action = action,
                     .category = audit::Category::business,
                     .target_type = "subscription",
                     .target_id = row.subscription.text(),
                     .description = sentence});
}

}  // namespace

void note_failure(Billing& billing, WriteTx& tx, const Subscription& subscription, const FailedTry& failed) {
  const auto now = billing.clock.now();
  const bool theirs = !renewed_here(subscription);
  const auto policy = store::dunning_policy(tx, billing.options.grace_days);
  auto known = store::open_case(tx, subscription.id);
  if (known && known->attempts >= failed.attempt) return;
  auto row = known.value_or(store::DunningCase{});
  if (!known) {
    row.id = new_id<store::DunningCaseTag>(billing.clock, billing.entropy);
    row.subscription = subscription.id;
    row.opened_at = now;
    row.grace_until = subscription.grace_until.value_or(grace_end(policy, now));
    row.status = "open";
  }
  row.attempts = failed.attempt;
  row.next_at = theirs ? failed.next_at : next_try(policy, row.opened_at, failed.attempt);
  if (known) {
    store::update_case(tx, row);
  } else {
    store::add_case(tx, row);
  }
  record(billing, tx, system_caller(), row, "payment.failed", "A payment did not go through.");
  const auto buyer = billing.buyer(tx, subscription.user);
  if (!buyer) return;
  outreach::PaymentFailed message{
      .name = buyer->name, .plan_name = subscription.plan_name, .amount = to_text(failed.amount)};
  message.access_until = day_of(row.grace_until);
  if (row.next_at) {
    message.retry_on = day_of(*row.next_at);
  } else {
    message.last_try_on = day_of(now);
  }
  if (!failed.pay_at.empty()) message.pay_at = failed.pay_at;
  outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = subscription.user}, message);
}

void close_arrears(Billing& billing, WriteTx& tx, const SubscriptionId& subscription, bool recovered) {
  auto row = store::open_case(tx, subscription);
  if (!row) return;
  row->status = recovered ? "recovered" : "ended";
  row->next_at.reset();
  row->closed_at = billing.clock.now();
  store::update_case(tx, *row);
}

Result<DunningPolicyView> show_policy(Billing& billing) {
  return billing.db.read([&](ReadTx& tx) -> Result<DunningPolicyView> {
    const auto policy = store::dunning_policy(tx, billing.options.grace_days);
    return DunningPolicyView{policy.retry_days, policy.grace_days};
  });
}

Result<DunningPolicyView> set_policy(Billing& billing, const Caller& caller, const DunningPolicyForm& form) {
  const DunningPolicy policy{form.retry_days, form.grace_days};
  TRY(check_policy(policy));
  return billing.db.write([&](WriteTx& tx) -> Result<DunningPolicyView> {
    store::set_dunning_policy(tx, policy, billing.clock.now());
    audit::record(tx, {.at = billing.clock.now(),
                       .actor = caller,
                       .action = "billing.dunning_policy_set",
                       .category = audit::Category::business,
                       .description = "When to try again after a failed payment was changed; " +
                                      std::to_string(policy.grace_days) + " days of grace."});
    return DunningPolicyView{policy.retry_days, policy.grace_days};
  });
}

Result<Page<DunningCaseView>> list_cases(Billing& billing, const Caller& caller, const DunningCasesForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<DunningCaseView, store::DunningCaseId>(
        form.limit, form.cursor,
        [&](const store::DunningCaseId& after, std::int64_t limit) {
          return store::dunning_cases(tx, caller, form.status, after, limit);
        },
        [&](const store::DunningCase& row) { return view_of(billing, tx, row); });
  });
}

Result<DunningCaseView> pause_case(Billing& billing, const Caller& caller, const std::string& id) {
  return billing.db.write([&](WriteTx& tx) -> Result<DunningCaseView> {
    auto row = TRY(deciding(billing, tx, id));
    row.status = "paused";
    store::update_case(tx, row);
    record(billing, tx, caller, row, "billing.dunning_paused", "Stopped trying to collect a payment.");
    return view_of(billing, tx, row);
  });
}

Result<DunningCaseView> retry_case(Billing& billing, const Caller& caller, const std::string& id) {
  return billing.db.write([&](WriteTx& tx) -> Result<DunningCaseView> {
    auto row = TRY(deciding(billing, tx, id));
    if (being_paid(tx, *store::subscription(tx, row.subscription)))
      return conflict("PAYMENT_RUNNING",
                      "The buyer is paying for this on a page or by hand at the moment. Please look again later.");
    row.status = "open";
    row.next_at = billing.clock.now();
    store::update_case(tx, row);
    push_renewal(billing, tx, row.subscription);
    record(billing, tx, caller, row, "billing.dunning_retried", "Asked to collect a payment now.");
    return view_of(billing, tx, row);
  });
}

http::Routes arrears_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  return {
      {.method = Method::get,
       .path = "/api/admin/dunning/policy",
       .operation = "getDunningPolicy",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "When we try again after a payment failed, and how long access goes on.",
       .endpoint = http::json([&billing](const Request&) { return show_policy(billing); }),
       .alias = "/admin/dunning/policy",
       .scope = "billing:read"},
      {.method = Method::put,
       .path = "/api/admin/dunning/policy",
       .operation = "setDunningPolicy",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Set when to try again after a payment failed.",
       .endpoint =
           http::json([&billing](const Request& request, const DunningPolicyForm& form) -> Result<DunningPolicyView> {
             return set_policy(billing, request.caller, form);
           }),
       .alias = "/admin/dunning/policy",
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/admin/dunning/cases",
       .operation = "listDunningCases",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Subscriptions whose payment failed, the newest first.",
       .endpoint = http::json(
           [&billing](const Request& request, const DunningCasesForm& form) -> Result<Page<DunningCaseView>> {
             return list_cases(billing, request.caller, form);
           }),
       .alias = "/admin/dunning/cases",
       .scope = "billing:read"},
      act_route(billing, "/api/admin/dunning/cases/{id}/pause", "pauseDunningCase", "Stop trying to collect a payment.",
                {404, 409}, pause_case),
      act_route(billing, "/api/admin/dunning/cases/{id}/retry", "retryDunningCase", "Try to collect a payment now.",
                {404, 409}, retry_case),
  };
}

}  // namespace tuition::billing

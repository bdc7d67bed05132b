#include "billing/subscriptions/gifts.h"

#include <algorithm>

#include "accounts/figures.h"
#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/store.h"
#include "billing/subscriptions/store_gifts.h"
#include "platform/base/short_list.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

constexpr Duration longest = days(3653);

FormCheck<GiftForm> ends_in_time(const Clock& clock) {
  return [&clock](const GiftForm& form, FormProblems& problems) {
    const auto now = clock.now();
    if (form.until <= now || form.until - now > longest)
      problems.add("until", "must be in the future, within ten years");
  };
}

Error no_such_person() { return not_found("There is no such person."); }

bool exists(ReadTx& tx, const UserId& user) {
  const auto person = accounts::person(tx, user);
  return person && person->status != accounts::UserStatus::erased;
}

HeldSubscription view_of(const store::Gift& gift, Instant now) {
  HeldSubscription view;
  view.id = gift.id;
  view.plan = {gift.plan, gift.plan_code, gift.plan_name};
  view.status = gift.ends_at > now ? SubscriptionStatus::active : SubscriptionStatus::canceled;
  view.provider = "complimentary";
  view.period_start = gift.starts_at;
  view.period_end = gift.ends_at;
  view.cancel_at_period_end = true;
  view.created_at = gift.starts_at;
  if (gift.ends_at <= now) view.ended_at = gift.ends_at;
  return view;
}

HeldSubscription view_of(store::Bought row) {
  HeldSubscription view;
  view.id = std::move(row.id);
  view.plan = {row.plan, row.plan_code, row.plan_name};
  view.status = row.status;
  view.provider = std::move(row.provider);
  view.interval = row.interval;
  view.interval_count = row.interval_count;
  view.amount_minor = row.amount_minor;
  view.currency = row.currency;
  view.period_start = row.period_start;
  view.period_end = row.period_end;
  view.cancel_at_period_end = row.cancel_at_period_end;
  view.created_at = row.created_at;
  view.ended_at = row.ended_at;
  return view;
}

}  // namespace

Result<std::vector<HeldSubscription>> list_held(Billing& billing, const Caller& caller, const UserId& user) {
  return billing.db.read([&](ReadTx& tx) -> Result<std::vector<HeldSubscription>> {
    if (!caller.is(user) && !caller.is_admin()) return no_such_person();
    if (!exists(tx, user)) return no_such_person();
    const auto now = billing.clock.now();
    std::vector<HeldSubscription> all;
    for (auto& row : store::bought_by(tx, caller, user)) all.push_back(view_of(std::move(row)));
    for (const auto& gift : store::gifts_of(tx, caller, user)) all.push_back(view_of(gift, now));
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& one, const auto& other) { return one.created_at > other.created_at; });
    return all;
  });
}

Result<HeldSubscription> give_subscription(Billing& billing, const Caller& caller, const UserId& user,
                                           const GiftForm& form) {
  if (!caller.is_admin()) return Error{Kind::forbidden, "FORBIDDEN", "This is for administrators."};
  const auto now = billing.clock.now();
  TRY(checked<GiftForm>(form, ends_in_time(billing.clock)));
  return billing.db.write([&](WriteTx& tx) -> Result<HeldSubscription> {
    const auto buyer = billing.buyer(tx, user);
    if (!buyer) return no_such_person();
    const auto plan = store::plan(tx, form.plan);
    if (!plan) return invalid_field("planId", "is no plan of this school");
    const auto given = store::gifts_of(tx, caller, user);
    const bool has_it = std::any_of(given.begin(), given.end(),
                                    [&](const auto& gift) { return gift.plan == plan->id && gift.ends_at > now; });
    if (has_it || store::live_subscription(tx, user, plan->group))
      return conflict("ALREADY_SUBSCRIBED", "This person has a subscription of that kind already.");

    const store::Gift gift{.id = new_uuid(billing.clock, billing.entropy),
                           .user = user,
                           .plan = plan->id,
                           .plan_code = plan->code,
                           .plan_name = plan->name,
                           .given_by = caller.user,
                           .starts_at = now,
                           .ends_at = form.until};
    store::add_gift(tx, gift);
    const auto scope = named<entitlements::Scope>(plan->scope);
    check(scope.has_value(), "a plan's scope is one the ledger knows");
    entitlements::grant(billing.entitlements, tx,
                        {.user = user,
                         .scope = *scope,
                         .scope_id = plan->scope_id,
                         .source = entitlements::Source::grant,
                         .source_id = gift.id,
                         .starts_at = now,
                         .ends_at = form.until,
                         .reason = plan->name + ", given by the school."});
    outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = user},
                      outreach::PlanGiven{.name = buyer->name, .plan_name = plan->name, .until = day_of(form.until)});
    audit::record(tx,
                  {.at = now,
                   .actor = caller,
                   .action = "subscription.given",
                   .category = audit::Category::business,
                   .target_type = "user",
                   .target_id = user.text(),
                   .description = "The plan " + plan->code + " was given until " + to_text(day_of(form.until)) + "."});
    return view_of(gift, now);
  });
}

namespace {

using Added = http::Enveloped<AddedSubscription>;

// A checkout, told as the subscription that it will become.
Added incomplete(StartedCheckout started) {
  Added out;
  auto& view = out.data;
  view.id = started.view.id.text();
  view.plan = started.view.plan.value_or(PlanRef{});
  view.status = SubscriptionStatus::incomplete;
  view.provider = started.view.provider;
  view.interval = started.view.price.interval;
  view.interval_count = started.view.price.interval_count;
  view.amount_minor = started.view.price.amount_minor;
  view.currency = started.view.price.currency;
  view.period_start = view.period_end = view.created_at = started.view.created_at;
  out.status = started.pending ? 202 : 201;
  if (started.pending) out.message = "The payment page is being prepared. Ask again in a moment.";
  out.location = "/api/billing/checkout/" + started.view.id.text();
  view.checkout = std::move(started.view);
  return out;
}

// Administrators give, everybody buys for themselves.
void subscribe(Billing& billing, const http::Request& request, const UserId& user, const SubscribeForm& form,
               const http::Answer<Added>& answer) {
  const Caller& caller = request.caller;
  if (!caller.is(user) && !caller.is_admin()) return answer(no_such_person());
  if (form.product || !form.plan)
    return answer(form.product ? invalid_field("productId", "is not for subscriptions; buy it by a checkout")
                               : invalid_field("planId", "is required"));
  if (form.until) {
    auto given = give_subscription(billing, caller, user, {*form.plan, *form.until});
    if (!given) return answer(std::move(given).error());
    Added out;
    static_cast<HeldSubscription&>(out.data) = std::move(*given);
    return answer(std::move(out));
  }
  if (!caller.is(user)) return answer(invalid_field("until", "must say until when the plan is given"));
  const bool at_once = request.header("prefer").find("respond-async") != std::string_view::npos;
  start_checkout(billing, caller, form, request.header("idempotency-key"),
                 at_once ? Patience::answer_at_once : Patience::wait, [answer](Result<StartedCheckout> started) {
                   if (started) return answer(incomplete(std::move(*started)));
                   answer(std::move(started).error());
                 });
}

}  // namespace

http::Routes gift_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  const auto user_in = [](const Request& request) { return UserId(std::string(request.param("id"))); };
  return {
      {.method = Method::get,
       .path = "/api/users/{id}/subscriptions",
       .operation = "listUserSubscriptions",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "What a person has and had, bought or given, for themselves and for administrators.",
       .endpoint = http::json(
           [&billing, user_in](const Request& request, const ShortListForm& form) -> Result<Page<HeldSubscription>> {
             return page_of_all(TRY(list_held(billing, request.caller, user_in(request))), form,
                                [](const HeldSubscription& each) { return each.id; });
           }),
       .statuses = {404},
       .alias = "/users/{id}/subscriptions",
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/users/{id}/subscriptions",
       .operation = "addSubscription",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "For administrators: open a plan to somebody until a day, for nothing. For people themselves: begin "
                   "to buy one, as by a checkout.",
       .endpoint = http::json(
           [&billing, user_in](const Request& request, const SubscribeForm& form, http::Answer<Added> answer) {
             subscribe(billing, request, user_in(request), form, answer);
           }),
       .statuses = {202, 404, 409, 422, 503},
       .alias = "/users/{id}/subscriptions",
       .success = 201,
       .scope = "users:write"},
  };
}

}  // namespace tuition::billing

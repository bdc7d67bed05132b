#pragma once

// Everybody's subscriptions, as administrators see them.

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/base/short_list.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

struct SubscriberView {
  SubscriptionId id{};
  UserId user{};
  std::string email{};
  std::string plan_name{};
  SubscriptionStatus status = SubscriptionStatus::active;
  std::int64_t amount_minor = 0;
  std::optional<Currency> currency{};
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
  std::string provider{};
  Instant period_end{};
  bool cancel_at_period_end = false;
  std::optional<Instant> ended_at{};
  bool surplus = false;
  Instant created_at{};
  bool test = false;
};
constexpr auto fields_of(const SubscriberView*) {
  return table("Subscriber", field("id", &SubscriberView::id, "The subscription's id."),
               field("userId", &SubscriberView::user, "Whose it is."),
               field("email", &SubscriberView::email, "Their address; empty where they are gone."),
               field("planName", &SubscriberView::plan_name, "The plan."),
               field("status", &SubscriberView::status, "Where it stands."),
               field("amountMinor", &SubscriberView::amount_minor, "What each period costs, in the smallest unit."),
               field("currency", &SubscriberView::currency, "ISO 4217 code."),
               field("interval", &SubscriberView::interval, "How often it is charged."),
               field("intervalCount", &SubscriberView::interval_count, "Every so many intervals."),
               field("provider", &SubscriberView::provider, "Who takes the payments."),
               field("currentPeriodEnd", &SubscriberView::period_end, "When the paid period ends."),
               field("cancelAtPeriodEnd", &SubscriberView::cancel_at_period_end, "Whether it ends with the period."),
               field("endedAt", &SubscriberView::ended_at, "When it ended."),
               field("surplus", &SubscriberView::surplus, "A second one by mistake, cancelled and refunded at once."),
               field("createdAt", &SubscriberView::created_at, "When it began."),
               field("test", &SubscriberView::test, "Whether it was paid with a test key, and is no money."));
}

struct SubscribersForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<SubscriptionStatus> status{};
  std::optional<PlanId> plan{};
  std::optional<bool> tests{};
};
constexpr auto fields_of(const SubscribersForm*) {
  return table("SubscribersForm", field("limit", &SubscribersForm::limit, "How many, 20 unless said.", range(1, 100)),
               field("cursor", &SubscribersForm::cursor, "Where the page before ended.", length(1, 200)),
               field("status", &SubscribersForm::status, "Only those that stand there."),
               field("planId", &SubscribersForm::plan, "Only those to one plan."),
               field("tests", &SubscribersForm::tests, "Those paid with a test key as well, once a live key is set."));
}

enum class SubscriberAct { cancel, cancel_now, resume, change, extend, pause };
constexpr auto names_of(SubscriberAct) {
  using std::pair, std::string_view;
  using enum SubscriberAct;
  return std::array{pair{cancel, string_view{"cancel"}}, pair{cancel_now, string_view{"cancel_now"}},
                    pair{resume, string_view{"resume"}}, pair{change, string_view{"change"}},
                    pair{extend, string_view{"extend"}}, pair{pause, string_view{"pause"}}};
}

struct SubscriberForm {
  SubscriberAct action = SubscriberAct::cancel;
  std::optional<PlanId> plan{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<Instant> until{};
  std::optional<std::string> reason{};
};
constexpr auto fields_of(const SubscriberForm*) {
  return table(
      "SubscriberForm",
      field("action", &SubscriberForm::action,
            "cancel with its period or cancel_now; pause; resume, from either; change to another plan with the next "
            "period; extend."),
      field("planId", &SubscriberForm::plan, "The plan to change to."),
      field("interval", &SubscriberForm::interval, "How often it is charged then; as before when not said."),
      field("intervalCount", &SubscriberForm::interval_count, "Every so many intervals.", range(1, 36)),
      field("until", &SubscriberForm::until, "For extend: when the period that is paid for ends now."),
      field("reason", &SubscriberForm::reason, "Why, for the records.", length(0, 500)));
}

// One of them, with what may be done about it.
struct SubscriberCaseView {
  SubscriberView subscriber{};
  SubscriptionView subscription{};
  bool extendable = false;
};
constexpr auto fields_of(const SubscriberCaseView*) {
  return table("SubscriberCase", field("subscriber", &SubscriberCaseView::subscriber, "Whose it is."),
               field("subscription", &SubscriberCaseView::subscription, "The same as they see it."),
               field("extendable", &SubscriberCaseView::extendable,
                     "Whether its period can be extended here; elsewhere its provider keeps the periods."));
}

struct SubscriptionChangeView {
  std::string kind{};
  JsonText before{"{}"};
  JsonText after{"{}"};
  std::optional<std::string> reason{};
  Instant at{};
};
constexpr auto fields_of(const SubscriptionChangeView*) {
  return table("SubscriptionChange",
               field("kind", &SubscriptionChangeView::kind, "plan, status, cancellation or period."),
               field("before", &SubscriptionChangeView::before, "What it was: plan, status and end of the period."),
               field("after", &SubscriptionChangeView::after, "What it is since."),
               field("reason", &SubscriptionChangeView::reason, "Why somebody cancelled, where they said."),
               field("at", &SubscriptionChangeView::at, "When."));
}

// NOT_FOUND.
Result<SubscriberCaseView> show_subscriber(Billing& billing, const Caller& caller, const SubscriptionId& id);

// Everything that changed about one, the oldest first.
Result<Page<SubscriptionChangeView>> list_changes(Billing& billing, const Caller& caller, const SubscriptionId& id,
                                                  const ShortListForm& form = {});

Result<Page<SubscriberView>> list_subscribers(Billing& billing, const Caller& caller, const SubscribersForm& form);

http::Routes subscriber_routes(Billing& billing);

}  // namespace tuition::billing

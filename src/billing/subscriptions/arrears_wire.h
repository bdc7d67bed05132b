#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"

namespace tuition::billing {

struct DunningPolicyForm {
  std::vector<std::int64_t> retry_days{};
  std::int64_t grace_days = 7;
};
constexpr auto fields_of(const DunningPolicyForm*) {
  return table(
      "DunningPolicyForm",
      field("retryDays", &DunningPolicyForm::retry_days,
            "On which days after the first failure to try again; where the provider does not by itself.", items(0, 10)),
      field("graceDays", &DunningPolicyForm::grace_days, "How many days access goes on.", range(0, 90)));
}

inline void check_form(const DunningPolicyForm& form, FormProblems& problems) {
  std::int64_t before = 0;
  for (const auto day : form.retry_days) {
    if (day <= before) problems.add("retryDays", "must be whole days in order, each once");
    if (day > form.grace_days && problems.fine("graceDays"))
      problems.add("retryDays", "must not be after the days of grace");
    before = day;
  }
}

struct DunningPolicyView {
  std::vector<std::int64_t> retry_days{};
  std::int64_t grace_days = 7;
};
constexpr auto fields_of(const DunningPolicyView*) {
  return table(
      "DunningPolicy",
      field("retryDays", &DunningPolicyView::retry_days, "On which days after the first failure we try again."),
      field("graceDays", &DunningPolicyView::grace_days, "How many days access goes on."));
}

struct DunningCaseView {
  std::string id{};
  SubscriptionId subscription{};
  std::optional<UserId> user{};
  std::string email{};
  std::string plan_name{};
  std::string provider{};
  std::string provider_name{};
  bool theirs = false;
  std::string status{};
  std::int64_t attempts = 0;
  std::optional<Instant> next_at{};
  Instant grace_until{};
  Instant opened_at{};
  std::optional<Instant> closed_at{};
};
constexpr auto fields_of(const DunningCaseView*) {
  return table("DunningCase", field("id", &DunningCaseView::id, "The case's id."),
               field("subscriptionId", &DunningCaseView::subscription, "The subscription whose payment failed."),
               field("userId", &DunningCaseView::user, "Whose it is."),
               field("email", &DunningCaseView::email, "Their address."),
               field("planName", &DunningCaseView::plan_name, "The plan."),
               field("provider", &DunningCaseView::provider, "Who takes the payments."),
               field("providerName", &DunningCaseView::provider_name, "The same, as people know them."),
               field("theirs", &DunningCaseView::theirs, "Whether they try again by their own schedule; else we do."),
               field("status", &DunningCaseView::status, "open, paused, recovered or ended."),
               field("attempts", &DunningCaseView::attempts, "Tries that failed."),
               field("nextAt", &DunningCaseView::next_at, "When the next try is due; null: none by itself."),
               field("graceUntil", &DunningCaseView::grace_until, "Until when access goes on."),
               field("openedAt", &DunningCaseView::opened_at, "When the first try failed."),
               field("closedAt", &DunningCaseView::closed_at, "When it was paid or ended."));
}

struct DunningCasesForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<std::string> status{};
};
constexpr auto fields_of(const DunningCasesForm*) {
  return table("DunningCasesForm", field("limit", &DunningCasesForm::limit, "How many, 20 unless said.", range(1, 100)),
               field("cursor", &DunningCasesForm::cursor, "Where the page before ended.", length(1, 200)),
               field("status", &DunningCasesForm::status, "Only those that stand there.", formatted(Format::word, 20)));
}

}  // namespace tuition::billing

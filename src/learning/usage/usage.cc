#include "learning/usage/usage.h"

#include <set>

#include "accounts/figures.h"
#include "learning/honours/local_day.h"
#include "learning/honours/store_honours.h"
#include "learning/learning.h"
#include "learning/store.h"
#include "learning/usage/store_usage.h"
#include "learning/views.h"

namespace tuition::learning {
namespace {

constexpr std::int32_t week_days = 7;

// 1970-01-01 was a Thursday, three days after a Monday.
Day monday_of(Day day) {
  const auto since = ((day.number + 3) % week_days + week_days) % week_days;
  return {day.number - since};
}

}  // namespace

Day week_begin(const Zone& zone, Instant now, std::int64_t back) {
  const auto monday = monday_of(local_day(zone, now).day);
  return {monday.number - week_days * static_cast<std::int32_t>(back)};
}

std::vector<UsageWeek> weeks_of(const Zone& zone, Instant now, std::int64_t count, const std::vector<Deed>& deeds) {
  std::vector<UsageWeek> weeks;
  for (auto back = count - 1; back >= 0; --back) weeks.push_back({.from = week_begin(zone, now, back)});
  std::vector<std::set<Day>> active(weeks.size());
  for (const auto& deed : deeds) {
    const auto day = local_day(zone, deed.at).day;
    const auto at = (day.number - weeks.front().from.number) / week_days;
    if (day < weeks.front().from || static_cast<std::size_t>(at) >= weeks.size()) continue;
    auto& week = weeks[static_cast<std::size_t>(at)];
    week.lessons_done += deed.sort == Deed::Sort::lesson;
    week.quizzes_taken += deed.sort == Deed::Sort::quiz;
    week.practice_rounds += deed.sort == Deed::Sort::practice;
    week.xp += deed.points;
    active[static_cast<std::size_t>(at)].insert(day);
  }
  for (std::size_t i = 0; i < weeks.size(); ++i) weeks[i].active_days = static_cast<std::int64_t>(active[i].size());
  return weeks;
}

UsageView usage_of(Learning& door, const Caller& caller, const UsageForm& form) {
  const auto count = form.weeks.value_or(usage_weeks_default);
  const auto now = door.clock.now();
  return door.db.read([&](ReadTx& tx) {
    const auto person = accounts::person(tx, caller.user);
    const auto& zone = door.zones.named(person ? person->timezone.value_or("UTC") : "UTC");
    // A day more, because the zone's days are not UTC's.
    const Instant since{(std::int64_t{week_begin(zone, now, count - 1).number} - 1) * days(1).ms};
    return UsageView{.stats = view_of(store::stats(tx, caller.user).value_or(Stats{}), now),
                     .quizzes_taken = store::quizzes_taken(tx, caller.user),
                     .practice_rounds = store::practice_finished(tx, caller.user),
                     .courses_completed = store::courses_completed(tx, caller.user),
                     .weeks = weeks_of(zone, now, count, store::deeds_since(tx, caller.user, since))};
  });
}

}  // namespace tuition::learning

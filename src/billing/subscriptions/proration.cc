#include "billing/subscriptions/proration.h"

namespace tuition::billing {
namespace {

// How often in four hundred years, which have a whole number of days and weeks.
std::int64_t times(Interval interval) {
  switch (interval) {
    case Interval::day: return 146'097;
    case Interval::week: return 20'871;
    case Interval::month: return 4'800;
    case Interval::year: return 400;
    case Interval::once: return 0;
  }
  return 0;
}

}  // namespace

ChangeKind kind_of_change(const Price& from, const Price& to) {
  // Cross-multiplied: nothing is rounded.
  const auto before = from.amount_minor * times(from.interval) * to.interval_count;
  const auto after = to.amount_minor * times(to.interval) * from.interval_count;
  return after >= before ? ChangeKind::upgrade : ChangeKind::downgrade;
}

}  // namespace tuition::billing

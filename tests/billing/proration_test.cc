#include "billing/subscriptions/proration.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::billing {

TEST_CASE("what a year costs says whether a change is a step up or down") {
  struct Row {
    std::int64_t from;
    Interval from_interval;
    std::int64_t to;
    Interval to_interval;
    ChangeKind kind;
  };
  for (const auto& row : {Row{1200, Interval::month, 2400, Interval::month, ChangeKind::upgrade},
                          Row{2400, Interval::month, 1200, Interval::month, ChangeKind::downgrade},
                          Row{1200, Interval::month, 12000, Interval::year, ChangeKind::downgrade},
                          Row{12000, Interval::year, 1200, Interval::month, ChangeKind::upgrade},
                          Row{1000, Interval::month, 12000, Interval::year, ChangeKind::upgrade},
                          Row{300, Interval::week, 1200, Interval::month, ChangeKind::downgrade},
                          Row{100, Interval::day, 3000, Interval::month, ChangeKind::downgrade}}) {
    INFO(row.from << " " << name_of(row.from_interval) << " to " << row.to << " " << name_of(row.to_interval));
    Price from;
    from.amount_minor = row.from;
    from.interval = row.from_interval;
    Price to;
    to.amount_minor = row.to;
    to.interval = row.to_interval;
    CHECK(kind_of_change(from, to) == row.kind);
  }
}

}  // namespace tuition::billing

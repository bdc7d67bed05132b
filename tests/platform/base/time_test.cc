#include "platform/base/time.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition {
namespace {
Instant at(std::string_view text) { return *parse_instant(text); }
}  // namespace

TEST_CASE("a moment is written in UTC and reads back the same") {
  for (const auto* text :
       {"1970-01-01T00:00:00.000Z", "2026-11-20T08:30:00.123Z", "2024-02-29T23:59:59.999Z", "1969-12-31T23:59:59.999Z"})
    CHECK(to_text(at(text)) == text);
  CHECK(to_text(at("2026-11-20T10:00:00+02:00")) == "2026-11-20T08:00:00.000Z");
  CHECK(to_text(at("2026-11-20T10:00:00.5-05:30")) == "2026-11-20T15:30:00.500Z");
}

TEST_CASE("what is no date-time with offset is refused") {
  for (const auto* text : {"", "2026-11-20", "2026-11-20T08:30:00", "2026-02-30T00:00:00Z", "2026-11-20T24:00:00Z",
                           "2026-11-20T08:60:00Z", "2026-11-20T08:30:00.Z", "2026-11-20T08:30:00Zz"})
    CHECK_FALSE(parse_instant(text));
}

TEST_CASE("a month later is the same day, or the last one where the month is shorter") {
  CHECK(to_text(add_months(at("2026-01-31T12:00:00Z"), 1)) == "2026-02-28T12:00:00.000Z");
  CHECK(to_text(add_months(at("2024-01-31T12:00:00Z"), 1)) == "2024-02-29T12:00:00.000Z");
  CHECK(to_text(add_months(at("2026-12-15T00:00:00Z"), 1)) == "2027-01-15T00:00:00.000Z");
  CHECK(to_text(add_months(at("2024-02-29T00:00:00Z"), 12)) == "2025-02-28T00:00:00.000Z");
}

TEST_CASE("days are counted in UTC, also before 1970") {
  CHECK(to_text(day_of(at("2026-11-20T23:59:59.999Z"))) == "2026-11-20");
  CHECK(day_of(at("1969-12-31T23:00:00Z")).number == -1);
  CHECK(parse_day("2026-11-20") == day_of(at("2026-11-20T05:00:00Z")));
  CHECK_FALSE(parse_day("2026-13-01"));
}

TEST_CASE("dates for HTTP and mail name the weekday") {
  CHECK(http_date(at("2026-11-20T08:30:00Z")) == "Fri, 20 Nov 2026 08:30:00 GMT");
  CHECK(mail_date(at("2026-11-20T08:30:00Z")) == "Fri, 20 Nov 2026 08:30:00 +0000");
}

TEST_CASE("durations are read from ISO 8601 or plain seconds") {
  CHECK(parse_duration("90")->ms == 90'000);
  CHECK(parse_duration("P1DT2H") == hours(26));
  CHECK(parse_duration("P1M") == days(30));
  CHECK(parse_duration("PT5M") == minutes(5));
  for (const auto* text : {"", "P", "PT", "1D", "P1X", "P-1D", "-5", "P1"}) CHECK_FALSE(parse_duration(text));
}

}  // namespace tuition

#include "billing/offers/tax.h"

#include <catch2/catch_test_macros.hpp>
#include <numeric>

using namespace tuition;
using namespace tuition::billing;

namespace {

const Currency kes = *Currency::parse("KES");
const Currency jpy = *Currency::parse("JPY");

std::optional<Tax> vat(std::int64_t basis_points, bool inclusive) { return Tax{"VAT", "KE", basis_points, inclusive}; }

}  // namespace

TEST_CASE("a tax is contained in a price or added to it, rounded half up") {
  struct Row {
    std::int64_t price;
    std::int64_t basis_points;
    bool inclusive;
    std::int64_t net, tax, total;
  };
  const Row rows[] = {
      {11600, 1600, true, 10000, 1600, 11600},
      {150000, 1600, true, 129310, 20690, 150000},
      {0, 1600, true, 0, 0, 0},
      {10000, 1600, false, 10000, 1600, 11600},
      {150000, 1600, false, 150000, 24000, 174000},
      {1, 1600, false, 1, 0, 1},
      {3, 1600, false, 3, 0, 3},
      {4, 1600, false, 4, 1, 5},
      {1999, 725, false, 1999, 145, 2144},
      {1999, 725, true, 1864, 135, 1999},
      {100, 10000, false, 100, 100, 200},
      {100, 10000, true, 50, 50, 100},
      {999, 1, false, 999, 0, 999},
      {5000, 1, false, 5000, 1, 5001},
  };
  for (const auto& row : rows) {
    INFO(row.price << " at " << row.basis_points << (row.inclusive ? " in it" : " on it"));
    const auto got = taxed({row.price, kes}, vat(row.basis_points, row.inclusive));
    REQUIRE(got);
    CHECK(got->net.minor == row.net);
    CHECK(got->tax.minor == row.tax);
    CHECK(got->total.minor == row.total);
    CHECK(got->net.minor + got->tax.minor == got->total.minor);
  }
}

TEST_CASE("without a tax a price is what it is") {
  const auto got = taxed({1234, jpy}, std::nullopt);
  CHECK(got->net.minor == 1234);
  CHECK(got->tax.minor == 0);
  CHECK(got->total == Money{1234, jpy});
}

TEST_CASE("an amount too large to tax is refused, not wrapped around") {
  CHECK(!taxed({9'000'000'000'000'000'000, kes}, vat(1600, false)));
}

TEST_CASE("what was paid is taken apart into the price it was made of") {
  for (const std::int64_t basis_points : {1, 500, 725, 1600, 1900, 2100, 9999, 10000})
    for (std::int64_t price = 0; price < 5000; price += 7) {
      const auto made = taxed({price, kes}, vat(basis_points, false));
      const auto apart = untaxed(made->total, vat(basis_points, false));
      INFO(price << " at " << basis_points);
      REQUIRE(apart->net.minor == price);
      REQUIRE(apart->tax == made->tax);
    }
}

TEST_CASE("refunds bring back a payment's tax in shares that add up to it") {
  for (const std::int64_t tax : {0, 1, 100, 1600, 2069}) {
    std::int64_t before = 0;
    std::int64_t back = 0;
    for (const std::int64_t part : {333, 1, 4666, 5000, 1600}) {
      const auto share = tax_sent_back({11600, kes}, tax, before, part);
      REQUIRE(share);
      CHECK(*share >= 0);
      back += *share;
      before += part;
    }
    CHECK(before == 11600);
    CHECK(back == tax);
  }
  CHECK(*tax_sent_back({11600, kes}, 1600, 0, 5800) == 800);
  CHECK(*tax_sent_back({0, kes}, 0, 0, 0) == 0);
}

TEST_CASE("lines bear their share of the tax that was added to them, and no more is given out") {
  const auto grown = with_tax_added({100, 200, 33}, 53);
  CHECK(grown == std::vector<std::int64_t>{116, 232, 38});
  CHECK(std::accumulate(grown.begin(), grown.end(), std::int64_t{0}) == 333 + 53);
  CHECK(with_tax_added({100, 200}, 0) == std::vector<std::int64_t>{100, 200});
  CHECK(with_tax_added({}, 10).empty());
  CHECK(with_tax_added({0, 0}, 10) == std::vector<std::int64_t>{0, 0});
}

TEST_CASE("a tax in words is the same for the same tax, and says all of it") {
  const Tax taxes[] = {
      {"VAT", "KE", 1600, true}, {"VAT", "KE", 1600, false}, {"Sales tax of the county", "US", 725, false}};
  for (const auto& each : taxes) CHECK(tax_named(own_name_of(each)) == each);
  CHECK(own_name_of(taxes[0]) != own_name_of(taxes[1]));
  CHECK(!tax_named("nothing"));
  CHECK(percent_of(1600) == "16");
  CHECK(percent_of(725) == "7.25");
  CHECK(percent_of(750) == "7.5");
  CHECK(percent_of(5) == "0.05");
}

TEST_CASE("a country has its own rate or none") {
  const TaxRate rate{"1", "KE", "VAT", 1600, false};
  CHECK(rate_for({rate}, "KE")->name == "VAT");
  CHECK(!rate_for({rate}, "DE"));
  CHECK(!rate_for({rate}, ""));
  CHECK(tax_of(rate) == Tax{"VAT", "KE", 1600, false});
}

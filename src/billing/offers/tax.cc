#include "billing/offers/tax.h"

#include "platform/base/text.h"

namespace tuition::billing {
namespace {

constexpr std::int64_t hundred_per_cent = 10'000;  // in basis points

}  // namespace

std::optional<TaxRate> rate_for(const std::vector<TaxRate>& rates, const std::string& country) {
  for (const auto& each : rates)
    if (each.country == country) return each;
  return std::nullopt;
}

Tax tax_of(const TaxRate& rate) { return {rate.name, rate.country, rate.basis_points, rate.inclusive}; }

Result<Taxed> taxed(const Money& price, const std::optional<Tax>& tax) {
  if (!tax) return Taxed{price, {0, price.currency}, price};
  if (tax->inclusive) return untaxed(price, tax);
  const auto added = TRY(share_round_half_up(price, tax->basis_points, hundred_per_cent));
  return Taxed{price, added, TRY(add(price, added))};
}

Result<Taxed> untaxed(const Money& total, const std::optional<Tax>& tax) {
  if (!tax) return Taxed{total, {0, total.currency}, total};
  if (tax->inclusive) {
    const auto contained = TRY(share_round_half_up(total, tax->basis_points, hundred_per_cent + tax->basis_points));
    return Taxed{TRY(subtract(total, contained)), contained, total};
  }
  // The price that this tax was added to: rounding has moved the total by less than half a unit of it.
  const auto net = TRY(share_round_half_up(total, hundred_per_cent, hundred_per_cent + tax->basis_points));
  return Taxed{net, TRY(subtract(total, net)), total};
}

Result<std::int64_t> tax_sent_back(const Money& paid, std::int64_t tax_minor, std::int64_t before_minor,
                                   std::int64_t part_minor) {
  if (tax_minor == 0 || paid.minor <= 0) return std::int64_t{0};
  const Money tax{tax_minor, paid.currency};
  const auto until = TRY(share_round_half_up(tax, before_minor + part_minor, paid.minor));
  const auto before = TRY(share_round_half_up(tax, before_minor, paid.minor));
  return until.minor - before.minor;
}

std::vector<std::int64_t> with_tax_added(const std::vector<std::int64_t>& lines, std::int64_t tax_minor) {
  std::int64_t sum = 0;
  for (const auto line : lines) sum += line;
  if (tax_minor == 0 || sum <= 0) return lines;
  std::vector<std::int64_t> grown;
  const Money tax{tax_minor, {}};
  std::int64_t seen = 0;
  std::int64_t given = 0;
  for (const auto line : lines) {
    seen += line;
    const auto until = share_round_half_up(tax, seen, sum);
    const auto share = until ? until->minor - given : 0;
    given += share;
    grown.push_back(line + share);
  }
  return grown;
}

std::string own_name_of(const Tax& tax) {
  return tax.country + " " + std::to_string(tax.basis_points) + (tax.inclusive ? " inclusive " : " exclusive ") +
         tax.name;
}

std::optional<Tax> tax_named(const std::string& own_name) {
  const auto parts = split(own_name, ' ');
  if (parts.size() < 4) return std::nullopt;
  const auto basis_points = parse_integer(parts[1]);
  if (!basis_points) return std::nullopt;
  const auto before_name = parts[0].size() + parts[1].size() + parts[2].size() + 3;
  return Tax{own_name.substr(before_name), std::string(parts[0]), *basis_points, parts[2] == "inclusive"};
}

std::string percent_of(std::int64_t basis_points) {
  auto text = std::to_string(basis_points / 100);
  if (const auto rest = basis_points % 100; rest != 0) {
    text += "." + std::to_string(100 + rest).substr(1);
    if (text.ends_with('0')) text.pop_back();
  }
  return text;
}

}  // namespace tuition::billing

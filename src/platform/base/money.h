#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace tuition {

// An ISO 4217 code, upper case.
class Currency {
 public:
  Currency() = default;
  // Null for anything but three letters that name a currency we know; case does not matter.
  static std::optional<Currency> parse(std::string_view text);

  const std::string& code() const { return code_; }
  // How many decimals people write: 2 for most, 0 for JPY, 3 for KWD.
  int exponent() const;
  auto operator<=>(const Currency&) const = default;

 private:
  std::string code_;
};

// An amount in the currency's smallest unit. Arithmetic is checked: a result that does not fit, or two currencies that
// differ, is an Error.
struct Money {
  std::int64_t minor = 0;
  Currency currency{};
  auto operator<=>(const Money&) const = default;
};

Result<Money> add(const Money& a, const Money& b);
Result<Money> subtract(const Money& a, const Money& b);
Result<Money> multiply(const Money& a, std::int64_t factor);
// amount * numerator / denominator, halves away from zero.
Result<Money> share_round_half_up(const Money& amount, std::int64_t numerator, std::int64_t denominator);

// "12.50 USD", "1200 JPY".
std::string to_text(const Money& money);
// Major units as people type them: "12.5" in USD is 1250. No separators, no sign but a leading minus.
std::optional<Money> parse_money(std::string_view major, const Currency& currency);

}  // namespace tuition

#include "platform/base/money.h"

#include <algorithm>
#include <array>

namespace tuition {
namespace {

// ISO 4217, in order; those whose exponent is not 2 are listed again below.
constexpr std::string_view known =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY "
    "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR "
    "IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG "
    "SEK SGD "
    "SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF "
    "XCD XOF "
    "XPF YER ZAR ZMW ZWL";
constexpr std::string_view without_decimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
constexpr std::string_view with_three = "BHD IQD JOD KWD LYD OMR TND";

bool lists(std::string_view list, std::string_view code) {
  for (std::size_t at = 0; at + 3 <= list.size(); at += 4)
    if (list.substr(at, 3) == code) return true;
  return false;
}

Error overflow() { return Error{Kind::unprocessable, "UNPROCESSABLE", "That amount is too large."}; }

Error mixed() {
  return Error{Kind::internal, "INTERNAL_ERROR", "Something went wrong on our side.", "two currencies were mixed"};
}

}  // namespace

std::optional<Currency> Currency::parse(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  Currency currency;
  for (char c : text) currency.code_ += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (!lists(known, currency.code_)) return std::nullopt;
  return currency;
}

int Currency::exponent() const { return lists(without_decimals, code_) ? 0 : lists(with_three, code_) ? 3 : 2; }

Result<Money> add(const Money& a, const Money& b) {
  if (a.currency != b.currency) return mixed();
  Money sum{0, a.currency};
  if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) return overflow();
  return sum;
}

Result<Money> subtract(const Money& a, const Money& b) {
  if (a.currency != b.currency) return mixed();
  Money difference{0, a.currency};
  if (__builtin_sub_overflow(a.minor, b.minor, &difference.minor)) return overflow();
  return difference;
}

Result<Money> multiply(const Money& a, std::int64_t factor) {
  Money product{0, a.currency};
  if (__builtin_mul_overflow(a.minor, factor, &product.minor)) return overflow();
  return product;
}

Result<Money> share_round_half_up(const Money& amount, std::int64_t numerator, std::int64_t denominator) {
  if (denominator <= 0) return overflow();
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(amount.minor) * numerator;
  const Wide half = denominator / 2;
  const Wide whole = product >= 0 ? (product + half) / denominator : -((-product + half) / denominator);
  // An odd denominator has no exact half, so adding its floor rounds correctly there too.
  if (whole > INT64_MAX || whole < INT64_MIN) return overflow();
  return Money{static_cast<std::int64_t>(whole), amount.currency};
}

std::string to_text(const Money& money) {
  const int exponent = money.currency.exponent();
  const bool negative = money.minor < 0;
  std::string digits = std::to_string(money.minor);
  if (negative) digits.erase(0, 1);
  if (exponent > 0) {
    const auto width = static_cast<std::size_t>(exponent);
    if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
    digits.insert(digits.size() - width, ".");
  }
  return (negative ? "-" : "") + digits + " " + money.currency.code();
}

std::optional<Money> parse_money(std::string_view major, const Currency& currency) {
  const bool negative = !major.empty() && major.front() == '-';
  if (negative) major.remove_prefix(1);
  const auto point = major.find('.');
  const auto whole = major.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view{} : major.substr(point + 1);
  const auto exponent = static_cast<std::size_t>(currency.exponent());
  const auto is_digits = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.empty() || whole.size() > 15 || !is_digits(whole) || !is_digits(fraction)) return std::nullopt;
  if (fraction.size() > exponent || (point != std::string_view::npos && fraction.empty())) return std::nullopt;
  std::int64_t minor = 0;
  for (char c : whole) minor = minor * 10 + (c - '0');
  for (std::size_t i = 0; i < exponent; ++i) minor = minor * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  return Money{negative ? -minor : minor, currency};
}

}  // namespace tuition

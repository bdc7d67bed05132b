#include "accounts/passwords/lockout.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace tuition::accounts::lockout {
namespace {

Duration left(const Failures& failures, Growth growth, Instant now) {
  const Duration over = (failures.last + delay_after(failures.count, growth)) - now;
  return over.ms > 0 ? over : Duration{};
}

}  // namespace

Duration wait(const Tries& tries, Instant now) {
  const auto here = left(tries.from_here, account_growth, now);
  const auto address = left(tries.from_address, address_growth, now);
  switch (tries.known) {
    case Tries::Known::by_browser: return here;
    case Tries::Known::by_address: return std::max(here, address);
    case Tries::Known::no: break;
  }
  return std::max(left(tries.on_account, account_growth, now), address);
}

std::string network_of(std::string_view ip) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, std::string(ip).c_str(), bytes.data()) != 1) return std::string(ip);
  return to_hex(std::span(bytes).first(8)) + "/64";
}

}  // namespace tuition::accounts::lockout

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/base/time.h"

namespace tuition::accounts::lockout {

// How long must somebody wait before the next try to sign in? Delays grow with every failure and end by themselves;
// nothing is ever locked for good, so nobody can be kept out by a stranger who guesses at their account.
//
//   account   5 failures within the hour cost nothing, then 1 s, 2 s, 4 s ... up to 15 minutes
//   address   20 failures within the hour (a school behind one address), then 1 s, 2 s, 4 s ... up to 5 minutes
//
// From a place where the right password was given before only the failures from that very place count: while strangers
// guess elsewhere, the owner still gets in. A place is a browser, known for half a year by a cookie that nobody can
// guess, even where strangers come from the same address; failing that, an address, known for 30 days. An address is
// shared: the delay of the address itself is for everybody there but a known browser, or else whoever guesses from it
// could tell by not having to wait who has an account.

struct Failures {
  std::int64_t count = 0;
  Instant last{};
};

struct Tries {
  Failures on_account{};    // from anywhere
  Failures from_address{};  // on any account
  Failures from_here{};     // on this account from this browser or, where that is not known, this address
  enum class Known { no, by_address, by_browser };
  Known known = Known::no;
};

inline constexpr Duration window = hours(1);
inline constexpr Duration remembered = days(180);
inline constexpr Duration address_remembered = days(30);

struct Growth {
  std::int64_t free;
  Duration most;
};
inline constexpr Growth account_growth{5, minutes(15)};
inline constexpr Growth address_growth{20, minutes(5)};

constexpr Duration delay_after(std::int64_t failures, Growth growth) {
  if (failures < growth.free) return {};
  const std::int64_t doublings = failures - growth.free;
  if (doublings >= 20) return growth.most;
  const Duration delay = seconds(std::int64_t{1} << doublings);
  return delay < growth.most ? delay : growth.most;
}

// What is left of the delay; zero when a try is welcome.
Duration wait(const Tries& tries, Instant now);

// What stands for an address in these rules: the address itself, or the first 64 bits of one of IPv6, because whoever
// has one has all of those.
std::string network_of(std::string_view ip);

}  // namespace tuition::accounts::lockout

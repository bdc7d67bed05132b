#pragma once

#include <cstdint>
#include <string>

namespace tuition::sandbox {

// A payment that went through at one of the pretend providers, for who wants to do something about it.
struct Paid {
  std::string provider{};
  std::string id{};  // of the payment intent; at Paystack the reference
  std::int64_t amount = 0;
  std::string currency{};
  std::string dispute{};  // its status; empty: nobody doubts it
};

}  // namespace tuition::sandbox

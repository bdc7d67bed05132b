#include "billing/inbox/forgeries.h"

#include "platform/http/network.h"

namespace tuition::billing {

Forgeries::Forgeries(metrics::Registry& registry)
    : counter_(registry.counter("tuition_billing_bad_signatures_total",
                                "Messages that claim to come from a payment provider and are not signed by it.")) {}

bool Forgeries::seen(std::string_view address, Instant now) {
  counter_.add();
  const auto parsed = http::Address::parse(address);
  const std::lock_guard lock(mutex_);
  const std::int64_t minute = now.ms / minutes(1).ms;
  if (minute != minute_) {
    minute_ = minute;
    written_.clear();
  }
  return written_.size() < lines_most && written_.insert(parsed ? parsed->limit_key() : std::string(address)).second;
}

}  // namespace tuition::billing

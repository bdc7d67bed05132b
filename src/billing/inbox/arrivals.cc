#include "billing/inbox/arrivals.h"

namespace tuition::billing {
namespace {

std::string_view word_for(Arrivals::Outcome outcome) {
  switch (outcome) {
    case Arrivals::Outcome::accepted: return "accepted";
    case Arrivals::Outcome::duplicate: return "duplicate";
    case Arrivals::Outcome::ignored: return "ignored";
    case Arrivals::Outcome::rejected: return "rejected";
  }
  return {};
}

}  // namespace

// All are there from the start: a rate can be asked of a count that stands at zero, not of one that is missing.
Arrivals::Arrivals(metrics::Registry& registry) {
  for (const auto* provider : {"stripe", "paystack"})
    for (const auto outcome : {Outcome::accepted, Outcome::duplicate, Outcome::ignored, Outcome::rejected})
      counters_[{provider, outcome}] = &registry.counter(
          "tuition_webhook_events_total", "Messages of payment providers, by what became of them at the door.",
          {{"provider", provider}, {"result", std::string(word_for(outcome))}});
}

void Arrivals::count(std::string_view provider, Outcome outcome) {
  if (const auto found = counters_.find({std::string(provider), outcome}); found != counters_.end())
    found->second->add();
}

}  // namespace tuition::billing

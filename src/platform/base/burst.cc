#include "platform/base/burst.h"

#include <utility>
#include <vector>

namespace tuition {
namespace {
thread_local int bursts_here = 0;
thread_local std::vector<std::function<void()>> acts_here;
}  // namespace

Burst::Burst() { ++bursts_here; }

Burst::~Burst() {
  if (--bursts_here > 0) return;
  for (const auto& act : std::exchange(acts_here, {})) act();
}

void Burst::at_end(std::function<void()> act) {
  if (bursts_here == 0) return act();
  acts_here.push_back(std::move(act));
}

}  // namespace tuition

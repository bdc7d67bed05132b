#include "platform/base/burst.h"

#include <utility>
#include <vector>

namespace tuition {
namespace {
thread_local int depth_here = 0;
thread_local std::vector<std::function<void()>> acts_here;
}  // namespace

Burst::Burst() { ++depth_here; }

Burst::~Burst() {
  if (--depth_here > 0) return;
  for (const auto& act : std::exchange(acts_here, {})) act();
}

void Burst::at_end(std::function<void()> act) {
  if (depth_here == 0) return act();
  acts_here.push_back(std::move(act));
}

}  // namespace tuition

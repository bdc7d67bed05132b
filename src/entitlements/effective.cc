#include "entitlements/effective.h"

#include <algorithm>

namespace tuition::entitlements {

bool covers(const Right& right, const Target& target) {
  switch (right.scope) {
    case Scope::all: return true;
    case Scope::category: return !target.category.empty() && right.scope_id == target.category;
    case Scope::course: return !target.course_id.empty() && right.scope_id == target.course_id;
    case Scope::feature: return !target.feature.empty() && right.scope_id == target.feature;
  }
  return false;
}

Answer effective(const std::vector<Right>& rights, const Target& target, Instant now) {
  std::vector<const Right*> fitting;
  for (const auto& right : rights)
    if (covers(right, target) && (!right.ends_at || *right.ends_at > std::max(now, right.starts_at)))
      fitting.push_back(&right);
  std::sort(fitting.begin(), fitting.end(), [](const Right* a, const Right* b) { return a->starts_at < b->starts_at; });

  Answer answer;
  Instant reach = now;
  for (const auto* right : fitting) {
    if (right->starts_at > reach) {
      if (!answer.allowed) answer.until = right->starts_at;
      break;
    }
    answer.allowed = true;
    if (!right->ends_at) {
      answer.until.reset();
      return answer;
    }
    reach = std::max(reach, *right->ends_at);
    answer.until = reach;
  }
  return answer;
}

bool any_in_force(const std::vector<Right>& rights, Instant now) {
  return std::any_of(rights.begin(), rights.end(), [now](const Right& right) {
    return right.starts_at <= now && (!right.ends_at || *right.ends_at > now);
  });
}

}  // namespace tuition::entitlements

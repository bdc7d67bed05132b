#pragma once

#include <optional>
#include <string>

#include "entitlements/types.h"
#include "platform/base/fields.h"

namespace tuition::entitlements {

struct EntitlementView {
  EntitlementId id{};
  Scope scope = Scope::course;
  std::optional<std::string> scope_id{};
  Source source = Source::manual;
  Instant starts_at{};
  std::optional<Instant> ends_at{};
  bool active = false;
  std::string reason{};
};

constexpr auto fields_of(const EntitlementView*) {
  return table(
      "Entitlement", field("id", &EntitlementView::id, "The entitlement."),
      field("scope", &EntitlementView::scope, "How far it reaches: everything, a category, a course, a feature."),
      field("scopeId", &EntitlementView::scope_id,
            "The category, the course's id or the feature's name; null where it reaches everything."),
      field("source", &EntitlementView::source, "What gave it."),
      field("startsAt", &EntitlementView::starts_at, "From when it counts."),
      field("endsAt", &EntitlementView::ends_at, "Until when it counts; null: for good."),
      field("active", &EntitlementView::active, "Whether it counts now."),
      field("reason", &EntitlementView::reason, "Why, in a sentence."));
}

}  // namespace tuition::entitlements

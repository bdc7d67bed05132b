#include "catalogue/authoring/course_terms.h"

#include <set>

#include "catalogue/authoring/store_terms.h"
#include "platform/base/fields_json.h"

namespace tuition::catalogue {

void read_course_rules(std::string_view rules_json, CourseTerms& terms) {
  if (rules_json == "{}") return;
  const auto parsed = parse_json(rules_json);
  if (!parsed) return;
  if (const auto* months = parsed->find("certificateMonths"); months && months->sort == JsonNode::Sort::integer)
    terms.certificate_months = months->integer;
  if (const auto* before = parsed->find("prerequisites"); before && before->sort == JsonNode::Sort::list)
    for (const auto& each : before->items) terms.prerequisites.emplace_back(each.text);
}

std::string kept_course_rules(const std::optional<std::int64_t>& certificate_months,
                              const std::vector<CourseId>& prerequisites) {
  std::string kept = "{";
  if (certificate_months) kept += "\"certificateMonths\":" + std::to_string(*certificate_months);
  if (!prerequisites.empty()) {
    std::vector<std::string> ids;
    for (const auto& each : prerequisites) ids.push_back(each.text());
    kept += std::string(kept.size() > 1 ? "," : "") + "\"prerequisites\":" + to_json(ids);
  }
  return kept + "}";
}

bool waits_for_itself(ReadTx& tx, const CourseId& course, const std::vector<CourseId>& before) {
  std::set<CourseId> seen;
  auto open = before;
  while (!open.empty()) {
    const auto id = open.back();
    open.pop_back();
    if (id == course) return true;
    if (!seen.insert(id).second) continue;
    if (const auto terms = course_terms(tx, id))
      open.insert(open.end(), terms->prerequisites.begin(), terms->prerequisites.end());
  }
  return false;
}

std::optional<CourseTerms> course_terms(ReadTx& tx, const CourseId& id) { return store::course_terms(tx, id); }

}  // namespace tuition::catalogue

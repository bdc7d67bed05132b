#include "catalogue/course_terms.h"

#include "catalogue/store_terms.h"
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

std::optional<CourseTerms> course_terms(ReadTx& tx, const CourseId& id) { return store::course_terms(tx, id); }

}  // namespace tuition::catalogue

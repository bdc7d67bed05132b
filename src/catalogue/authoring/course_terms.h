#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// What a course asks and gives beside its lessons, as courses.rules_json and its columns hold it.
namespace tuition::catalogue {

// Reads {"certificateMonths": 24, "prerequisites": ["<course id>", ...]}; what else is in it is left alone.
void read_course_rules(std::string_view rules_json, CourseTerms& terms);

// What read_course_rules reads.
std::string kept_course_rules(const std::optional<std::int64_t>& certificate_months,
                              const std::vector<CourseId>& prerequisites);

// Whether `before`, and what those courses wait for in turn, lead back to the course.
bool waits_for_itself(ReadTx& tx, const CourseId& course, const std::vector<CourseId>& before);

// Of any course, published or not. None: no such course.
std::optional<CourseTerms> course_terms(ReadTx& tx, const CourseId& id);

}  // namespace tuition::catalogue

#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// What a course asks and gives beside its lessons, as courses.rules_json and its columns hold it.
namespace tuition::catalogue {

// Reads {"certificateMonths": 24, "prerequisites": ["<course id>", ...]}; what else is in it is left alone.
void read_course_rules(std::string_view rules_json, CourseTerms& terms);

// Of any course, published or not. None: no such course.
std::optional<CourseTerms> course_terms(ReadTx& tx, const CourseId& id);

}  // namespace tuition::catalogue

#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// The statements about what courses ask and give beside their lessons, and what practice asks.
namespace tuition::catalogue::store {

std::optional<CourseTerms> course_terms(ReadTx& tx, const CourseId& id);
void set_course_rules(WriteTx& tx, const CourseId& id, const std::string& rules_json);
std::unordered_map<std::string, CourseTerms> published_terms(ReadTx& tx);      // by the course's id
std::optional<std::string> practice_body(ReadTx& tx, const LessonId& lesson);  // of a lesson of that kind

}  // namespace tuition::catalogue::store

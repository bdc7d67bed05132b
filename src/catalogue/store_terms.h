#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// The statements about what courses ask and give beside their lessons.
namespace tuition::catalogue::store {

std::optional<CourseTerms> course_terms(ReadTx& tx, const CourseId& id);
std::unordered_map<std::string, CourseTerms> published_terms(ReadTx& tx);  // by the course's id

}  // namespace tuition::catalogue::store

#pragma once

#include "catalogue/types.h"
#include "platform/base/caller.h"
#include "platform/base/error.h"

// Pure: who looks after a course's learners.
namespace tuition::learning {

// Administrators, the course's own instructor, and where it has none of its own, every instructor.
inline bool teaches(const Caller& caller, const catalogue::CourseTerms& terms) {
  if (caller.is_admin()) return true;
  return caller.role == Role::instructor && (terms.teacher.empty() || caller.is(terms.teacher));
}

inline Error not_your_course() {
  return {Kind::forbidden, "FORBIDDEN", "Another instructor looks after the learners of this course."};
}

}  // namespace tuition::learning

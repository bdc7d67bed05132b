#pragma once

#include "catalogue/types.h"
#include "platform/base/caller.h"

// Pure: who looks after a course's learners. For every other instructor these, like all that is made for those who
// teach the course, are not there: they get the words that an invented id gets.
namespace tuition::learning {

// Administrators, the course's own instructor, and where it has none of its own, every instructor.
inline bool teaches(const Caller& caller, const catalogue::CourseTerms& terms) {
  if (caller.is_admin()) return true;
  return caller.role == Role::instructor && (terms.teacher.empty() || caller.is(terms.teacher));
}

}  // namespace tuition::learning

#pragma once

#include <optional>

#include "catalogue/types.h"
#include "learning/access.h"
#include "learning/honours/statistics.h"
#include "learning/progress/done_map.h"
#include "learning/types.h"
#include "learning/wire.h"

// Pure: what we know, as it is sent.
namespace tuition::learning {

StatsView view_of(const Stats& stats, Instant now);
LessonProgress view_of(const Progress& progress);
ScopedProgress view_of(Scope scope, const std::string& scope_id, const Progress& progress);

CourseProgress summary_of(const catalogue::Course& course, const DoneMap& done);          // without levels
CourseProgress course_progress_of(const catalogue::Course& course, const DoneMap& done);  // with them

// `done` is null for somebody who has not begun.
CourseCard card_of(const catalogue::Course& course, const Viewer& viewer, const DoneMap* done);
ModuleOutline outline_of(const catalogue::Course& course, const catalogue::Module& module, const Viewer& viewer,
                         const Standing& standing);

}  // namespace tuition::learning

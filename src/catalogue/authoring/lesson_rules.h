#pragma once

#include <string>
#include <string_view>

#include "catalogue/types.h"
#include "platform/base/fields.h"
#include "platform/base/result.h"

// Pure: what an author may ask of a lesson, and how it is kept (lessons.rules_json).
namespace tuition::catalogue {

constexpr auto fields_of(const LessonRules*) {
  return table(
      "LessonRules",
      field("completion", &LessonRules::completion,
            "What completes the lesson: read (said so), watched (a share of the recording), passed (its quiz) or dwell "
            "(time spent); null: as its kind has it."),
      field("watchedPercent", &LessonRules::watched_percent, "The share of a recording, for completion watched.",
            range(1, 100)),
      field("dwellSeconds", &LessonRules::dwell_seconds, "The time to spend, for completion dwell.", range(1, 86400)),
      field("dripDays", &LessonRules::drip_days, "It opens so many days after joining the course.", range(0, 3650)),
      field("dripAt", &LessonRules::drip_at, "It opens at this time."),
      field("prerequisites", &LessonRules::prerequisites, "Lessons of the course to complete before.", items(0, 50)));
}

// Refuses what does not go together: each problem stands at its field, "rules.watchedPercent".
Result<void> check_rules(LessonKind kind, const LessonRules& rules);

std::string kept_rules(const LessonRules& rules);
LessonRules rules_of(std::string_view kept);

// Whether a page may embed this address: https on a privacy host of YouTube or Vimeo, without what could leave an
// attribute.
bool is_embeddable(std::string_view url);

// The address to embed for one that people copy from the browser: youtube.com/watch?v=, youtu.be/, vimeo.com/123. What
// is none of these stays as it is.
std::string embed_address(std::string_view url);

}  // namespace tuition::catalogue

#include "learning/progress/completion.h"

#include <algorithm>

namespace tuition::learning {
namespace {

using catalogue::Completion;
using catalogue::LessonKind;

std::int64_t dwelt_s(const Progress& progress, Instant now) {
  return progress.created_at == Instant{} ? 0 : (now - progress.created_at).ms / 1000;
}

// What was watched is what a player tells, and anybody can tell it. Players go up to double speed and say every quarter
// of a minute what they played; a minute is left for reports that came late or never.
constexpr std::int64_t fastest_speed = 2;
constexpr std::int64_t unreported_s = 60;

std::int64_t seconds_to_play(const catalogue::Lesson& lesson, const Progress& progress, Instant now) {
  const auto asked = *lesson.duration_seconds * lesson.rules.watched_percent.value_or(100) / 100;
  return std::max<std::int64_t>(0, asked / fastest_speed - unreported_s - dwelt_s(progress, now));
}

std::string take_your_time(std::int64_t left) {
  return "Take your time with it: " + std::to_string(left) + (left == 1 ? " second" : " seconds") + " more.";
}

}  // namespace

bool completed_by_saying(const catalogue::Lesson& lesson) {
  if (lesson.kind == LessonKind::quiz || lesson.kind == LessonKind::practice) return false;
  return !lesson.rules.completion || *lesson.rules.completion == Completion::read;
}

std::int64_t watched_percent(const Progress& progress, std::int64_t duration_s) {
  std::int64_t sum = 0;
  for (const auto& each : progress.watched)
    sum += std::max<std::int64_t>(0, std::min(each.to, duration_s) - std::min(each.from, duration_s));
  return duration_s > 0 ? sum * 100 / duration_s : 0;
}

bool has_done_enough(const catalogue::Lesson& lesson, const Progress& progress, bool said, Instant now) {
  if (completed_by_saying(lesson)) return said;
  if (!lesson.rules.completion || lesson.kind == LessonKind::quiz || lesson.kind == LessonKind::practice) return false;
  switch (*lesson.rules.completion) {
    case Completion::read: return said;
    case Completion::passed: return false;
    case Completion::watched:
      if (!lesson.duration_seconds) return said;
      return watched_percent(progress, *lesson.duration_seconds) >= lesson.rules.watched_percent.value_or(100) &&
             seconds_to_play(lesson, progress, now) == 0;
    case Completion::dwell: return dwelt_s(progress, now) >= lesson.rules.dwell_seconds.value_or(0);
  }
  return false;
}

std::optional<std::string> what_is_left(const catalogue::Lesson& lesson, const Progress& progress, Instant now) {
  if (progress.completed || completed_by_saying(lesson)) return std::nullopt;
  if (lesson.kind == LessonKind::quiz) return "Pass the quiz to complete this lesson.";
  if (lesson.kind == LessonKind::practice) return "Pass a round of practice to complete this lesson.";
  switch (*lesson.rules.completion) {
    case Completion::read: return std::nullopt;
    case Completion::passed: return "Pass the quiz to complete this lesson.";
    case Completion::watched:
      if (!lesson.duration_seconds) return std::nullopt;
      if (watched_percent(progress, *lesson.duration_seconds) >= lesson.rules.watched_percent.value_or(100)) {
        const auto left = seconds_to_play(lesson, progress, now);
        return left > 0 ? std::optional(take_your_time(left)) : std::nullopt;
      }
      return "Play at least " + std::to_string(lesson.rules.watched_percent.value_or(100)) +
             "% of it: " + std::to_string(watched_percent(progress, *lesson.duration_seconds)) + "% so far.";
    case Completion::dwell: {
      const auto left = lesson.rules.dwell_seconds.value_or(0) - dwelt_s(progress, now);
      if (left <= 0) return std::nullopt;
      return take_your_time(left);
    }
  }
  return std::nullopt;
}

}  // namespace tuition::learning

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "learning/types.h"
#include "platform/base/fields.h"

namespace tuition::learning {

struct AchievementView {
  std::string key{};
  std::string title{};
  std::string sentence{};
  std::int64_t goal = 0;
  std::int64_t value = 0;
  std::optional<Instant> earned_at{};
};

constexpr auto fields_of(const AchievementView*) {
  return table("Achievement", field("key", &AchievementView::key, "Its name, which never changes."),
               field("title", &AchievementView::title, "Its title."),
               field("sentence", &AchievementView::sentence, "What it is for."),
               field("goal", &AchievementView::goal, "How much of it there must be."),
               field("value", &AchievementView::value, "How much there is, at most the goal."),
               field("earnedAt", &AchievementView::earned_at, "When it was earned; null: not yet."));
}

struct AchievementsView {
  std::int64_t rank = 1;
  std::int64_t xp = 0;
  std::int64_t rank_from_xp = 0;
  std::int64_t next_rank_xp = 0;
  std::vector<AchievementView> achievements{};
};

constexpr auto fields_of(const AchievementsView*) {
  return table("Achievements", field("rank", &AchievementsView::rank, "The rank the caller's points make, from 1."),
               field("xp", &AchievementsView::xp, "The caller's points."),
               field("rankFromXp", &AchievementsView::rank_from_xp, "The points at which this rank begins."),
               field("nextRankXp", &AchievementsView::next_rank_xp, "The points at which the next one begins."),
               field("achievements", &AchievementsView::achievements, "All there are, earned or not."));
}

enum class Window { week, month, all };

constexpr auto names_of(Window) {
  return std::array{std::pair{Window::week, std::string_view{"week"}},
                    std::pair{Window::month, std::string_view{"month"}},
                    std::pair{Window::all, std::string_view{"all"}}};
}

struct LeaderboardForm {
  std::optional<catalogue::CourseId> course_id{};
  std::optional<Window> window{};
  std::optional<std::int64_t> limit{};
};

constexpr auto fields_of(const LeaderboardForm*) {
  return table("LeaderboardForm",
               field("courseId", &LeaderboardForm::course_id, "Points of this course only; when absent, of all."),
               field("window", &LeaderboardForm::window,
                     "Points of the last 7 days (week), the last 30 (month), or all; week when absent."),
               field("limit", &LeaderboardForm::limit, "How many at most; 20 when absent.", range(1, 100)));
}

struct LeaderView {
  std::int64_t rank = 1;
  std::string name{};
  std::int64_t xp = 0;
  bool is_you = false;
};

constexpr auto fields_of(const LeaderView*) {
  return table("Leader", field("rank", &LeaderView::rank, "The place; equal points share one."),
               field("name", &LeaderView::name, "The person's name; empty: none was given."),
               field("xp", &LeaderView::xp, "Points in that time."),
               field("isYou", &LeaderView::is_you, "Whether this is the caller."));
}

struct LeaderboardView {
  Window window = Window::week;
  std::optional<catalogue::CourseId> course_id{};
  std::vector<LeaderView> leaders{};
  bool opted_in = false;
  std::int64_t own_xp = 0;
  std::optional<std::int64_t> own_rank{};
};

constexpr auto fields_of(const LeaderboardView*) {
  return table("Leaderboard", field("window", &LeaderboardView::window, "The time it is about."),
               field("courseId", &LeaderboardView::course_id, "The course it is about; null: all."),
               field("leaders", &LeaderboardView::leaders, "People who want to be on it, the most points first."),
               field("optedIn", &LeaderboardView::opted_in, "Whether others see the caller here."),
               field("ownXp", &LeaderboardView::own_xp, "The caller's points in that time."),
               field("ownRank", &LeaderboardView::own_rank,
                     "The place these make among them, also when others do not see it; null: no points yet."));
}

}  // namespace tuition::learning

#include "learning/honours/honours.h"

#include <algorithm>

#include "learning/honours/achievements.h"
#include "learning/honours/store_honours.h"
#include "learning/learning.h"
#include "learning/store.h"

namespace tuition::learning {
namespace {

constexpr std::int64_t leaders_default = 20;
constexpr std::int64_t refreshed_at_once = 200;  // other writes get their turn in between

Instant since(Window window, Instant now) {
  switch (window) {
    case Window::week: return now - days(7);
    case Window::month: return now - days(30);
    case Window::all: return Instant{0};
  }
  return Instant{0};
}

}  // namespace

AchievementsView list_achievements(Learning& door, const Caller& caller) {
  return door.db.read([&](ReadTx& tx) {
    const auto stats = store::stats(tx, caller.user).value_or(Stats{});
    const auto earned = store::achievements_of(tx, caller.user);
    const Reached reached{.lessons = stats.lessons_done,
                          .quizzes = stats.quizzes_passed,
                          .streak = stats.streak_best,
                          .points = stats.xp,
                          .courses = store::courses_completed(tx, caller.user),
                          .full_marks = store::full_marks(tx, caller.user),
                          .practice = store::practice_passed(tx, caller.user)};
    const auto rank = rank_of(stats.xp);
    AchievementsView view{rank.number, stats.xp, rank.from, rank.next, {}};
    for (const auto& each : achievements()) {
      AchievementView one{std::string(each.key),
                          std::string(each.title),
                          std::string(each.sentence),
                          each.goal,
                          std::min(value_of(reached, each.measure), each.goal),
                          {}};
      if (const auto found = earned.find(one.key); found != earned.end()) one.earned_at = found->second;
      view.achievements.push_back(std::move(one));
    }
    return view;
  });
}

Result<LeaderboardView> leaderboard(Learning& door, const Caller& caller, const LeaderboardForm& form) {
  const auto course = form.course_id.value_or(catalogue::CourseId{});
  if (form.course_id && !catalogue::shelf(door.catalogue)->course(course.text()))
    return not_found("There is no such course.");
  const auto limit = form.limit.value_or(leaders_default);
  LeaderboardView view;
  view.window = form.window.value_or(Window::week);
  view.course_id = form.course_id;
  const auto from = since(view.window, door.clock.now());
  return door.db.read([&](ReadTx& tx) -> Result<LeaderboardView> {
    view.opted_in = store::is_opted_in(tx, caller.user);
    // Whoever stands on it is told what others see.
    const auto standing = store::board_points(tx, caller.user, course, view.window);
    view.own_xp = standing ? *standing : store::points_of(tx, caller.user, course, from);
    if (view.own_xp > 0) view.own_rank = store::people_ahead(tx, course, view.window, view.own_xp) + 1;
    const auto leaders = store::leaders(tx, course, view.window, limit);
    for (std::size_t i = 0; i < leaders.size(); ++i) {
      const bool level = i > 0 && leaders[i].points == leaders[i - 1].points;
      const auto rank = level ? view.leaders.back().rank : static_cast<std::int64_t>(i) + 1;
      view.leaders.push_back({rank, leaders[i].name, leaders[i].points, caller.is(leaders[i].user)});
    }
    return std::move(view);
  });
}

void refresh_leaderboard(Learning& door) {
  const auto now = door.clock.now();
  for (const auto window : {Window::week, Window::month}) {
    std::int64_t taken = refreshed_at_once;
    while (taken == refreshed_at_once)
      door.db.write(
          [&](WriteTx& tx) { taken = store::take_out_old(tx, window, since(window, now), refreshed_at_once); });
  }
}

}  // namespace tuition::learning

#include "learning/progress/advance.h"

#include <algorithm>

namespace tuition::learning {

Progress advance(const Progress& was, const Report& said, Instant now) {
  Progress is = was;
  if (was.created_at == Instant{}) is.created_at = now;
  is.updated_at = std::max(was.updated_at, now);
  if (said.position_s)
    is.position_s = std::max(was.position_s, std::clamp<std::int64_t>(*said.position_s, 0, position_max_s));
  if (!said.watched.empty()) {
    is.watched.insert(is.watched.end(), said.watched.begin(), said.watched.end());
    is.watched = joined(std::move(is.watched));
  }
  if (said.score) {
    const auto score = std::clamp(*said.score, 0.0, 100.0);
    is.score_last = score;
    is.score_best = std::max(was.score_best.value_or(0), score);
    ++is.attempts;
  }
  if (said.completed && !was.completed) {
    is.completed = true;
    is.completed_at = now;
  }
  return is;
}

std::vector<WatchedRange> joined(std::vector<WatchedRange> ranges) {
  for (auto& each : ranges) {
    each.from = std::clamp<std::int64_t>(each.from, 0, position_max_s);
    each.to = std::clamp<std::int64_t>(each.to, 0, position_max_s);
  }
  std::erase_if(ranges, [](const WatchedRange& each) { return each.to <= each.from; });
  std::sort(ranges.begin(), ranges.end(), [](const WatchedRange& a, const WatchedRange& b) { return a.from < b.from; });
  std::vector<WatchedRange> out;
  for (const auto& each : ranges) {
    if (!out.empty() && each.from <= out.back().to) {
      out.back().to = std::max(out.back().to, each.to);
    } else {
      out.push_back(each);
    }
  }
  while (out.size() > watched_ranges_max) {
    std::size_t at = 1;
    for (std::size_t i = 2; i < out.size(); ++i)
      if (out[i].from - out[i - 1].to < out[at].from - out[at - 1].to) at = i;
    out[at - 1].to = out[at].to;
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return out;
}

std::int64_t seconds_of(const std::vector<WatchedRange>& ranges) {
  std::int64_t sum = 0;
  for (const auto& each : ranges) sum += each.to - each.from;
  return sum;
}

std::int64_t time_credit_s(const Progress& progress, std::optional<std::int64_t> duration_s) {
  const auto watched = seconds_of(progress.watched);
  return progress.completed ? std::max(watched, duration_s.value_or(0)) : watched;
}

}  // namespace tuition::learning

#include "catalogue/quizzes/practice_set.h"

#include <algorithm>
#include <array>

#include "catalogue/authoring/store_terms.h"
#include "platform/base/fields.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

constexpr std::string_view fence = "```practice";

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? trim(text.substr(prefix.size())) : std::string_view{};
}

std::optional<std::int64_t> number_in(std::string_view text, std::int64_t min, std::int64_t max) {
  const auto value = parse_integer(text);
  return value && *value >= min && *value <= max ? value : std::nullopt;
}

// "interval, level 1, C4 to C6"
std::optional<std::string> read_spec(std::string_view text, ExerciseSpec& spec) {
  const auto parts = split(text, ',');
  const auto kind = named<ExerciseKind>(trim(parts[0]));
  if (!kind) return "begins with interval, chord, rhythm or note";
  spec.kind = *kind;
  if (spec.kind == ExerciseKind::chord) spec.high = 79;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto part = trim(parts[i]);
    if (const auto level = without_prefix(part, "level "); !level.empty()) {
      const auto value = number_in(level, 1, 3);
      if (!value) return "level is 1, 2 or 3";
      spec.level = *value;
    } else if (const auto to = part.find(" to "); to != std::string_view::npos && spec.kind != ExerciseKind::rhythm) {
      const auto low = read_pitch(trim(part.substr(0, to)));
      const auto high = read_pitch(trim(part.substr(to + 4)));
      if (!low || !high) return "a range goes from a pitch to a pitch, such as C4 to C6";
      if (*high - *low < 12) return "a range is an octave at least";
      spec.low = *low;
      spec.high = *high;
    } else {
      return "after the kind comes level 1 to 3, or a range such as C4 to C6";
    }
  }
  return std::nullopt;
}

std::optional<std::string> read_line(std::string_view line, PracticeSet& set) {
  if (line.starts_with("- ")) {
    ExerciseSpec spec;
    if (auto problem = read_spec(trim(line.substr(2)), spec)) return problem;
    if (set.specs.size() == 20) return "is the 21st line of exercises: 20 are enough";
    set.specs.push_back(spec);
    return std::nullopt;
  }
  if (const auto value = without_prefix(line, "exercises:"); !value.empty()) {
    const auto count = number_in(value, 1, 50);
    if (!count) return "exercises is a number from 1 to 50";
    set.exercises = *count;
    return std::nullopt;
  }
  if (const auto value = without_prefix(line, "pass:"); !value.empty()) {
    const auto percent = number_in(value, 1, 100);
    if (!percent) return "pass is a number from 1 to 100";
    set.pass_percent = *percent;
    return std::nullopt;
  }
  return "is exercises: a number, pass: a number, or - and a kind of exercise";
}

}  // namespace

std::optional<std::int64_t> read_pitch(std::string_view text) {
  constexpr std::string_view letters = "CDEFGAB";
  constexpr std::array<std::int64_t, 7> steps{0, 2, 4, 5, 7, 9, 11};
  if (text.size() < 2 || text.size() > 3) return std::nullopt;
  const auto letter = letters.find(text[0]);
  const char octave = text.back();
  if (letter == std::string_view::npos || octave < '1' || octave > '8') return std::nullopt;
  auto midi = (octave - '0' + 1) * 12 + steps[letter];
  if (text.size() == 3) {
    if (text[1] != '#' && text[1] != 'b') return std::nullopt;
    midi += text[1] == '#' ? 1 : -1;
  }
  if (midi < 24 || midi > 108) return std::nullopt;
  return midi;
}

std::optional<PracticeSet> read_practice_set(std::string_view body_md, std::vector<PracticeProblem>& problems) {
  PracticeSet set;
  bool inside = false;
  bool closed = false;
  std::int64_t number = 0;
  std::int64_t begun = 1;
  for (const auto raw : split(body_md, '\n')) {
    ++number;
    const auto line = trim(raw);
    if (!inside) {
      if (line == fence && closed) problems.push_back({number, "is a second practice fence"});
      if (line == fence && !closed) {
        inside = true;
        begun = number;
      }
      continue;
    }
    if (line == "```") {
      inside = false;
      closed = true;
      continue;
    }
    if (line.empty()) continue;
    if (auto problem = read_line(line, set)) problems.push_back({number, std::move(*problem)});
  }
  if (inside) problems.push_back({begun, "the practice fence is not closed"});
  if (!inside && !closed)
    problems.push_back({1, "a practice lesson has a ```practice fence that says what to practise"});
  if (closed && set.specs.empty())
    problems.push_back({begun, "names no exercises: one line at least, such as - interval"});
  if (!problems.empty()) return std::nullopt;
  return set;
}

std::optional<PracticeSet> practice_set(ReadTx& tx, const LessonId& lesson) {
  const auto body = store::practice_body(tx, lesson);
  if (!body) return std::nullopt;
  std::vector<PracticeProblem> problems;
  return read_practice_set(*body, problems);
}

}  // namespace tuition::catalogue

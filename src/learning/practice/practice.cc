#include "learning/practice/practice.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "learning/quizzes/dice.h"
#include "platform/base/check.h"
#include "platform/base/fields.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {
namespace {

using catalogue::ExerciseKind;
using catalogue::ExerciseSpec;

constexpr std::int64_t note_ms = 900;
constexpr std::int64_t chord_ms = 1800;

// --- Intervals

constexpr std::array<std::string_view, 13> interval_names{
    "Unison",        "Minor second", "Major second", "Minor third",   "Major third",   "Perfect fourth", "Tritone",
    "Perfect fifth", "Minor sixth",  "Major sixth",  "Minor seventh", "Major seventh", "Octave"};

std::vector<std::int64_t> intervals_of(std::int64_t level) {
  switch (level) {
    case 1: return {2, 4, 5, 7, 12};
    case 2: return {1, 2, 3, 4, 5, 7, 8, 9, 12};
    default: return {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  }
}

Exercise interval(const ExerciseSpec& spec, Dice& dice) {
  const auto steps = intervals_of(spec.level);
  Exercise made;
  made.kind = ExerciseKind::interval;
  made.right = dice.below(static_cast<std::int64_t>(steps.size()));
  const auto step = steps[static_cast<std::size_t>(made.right)];
  const auto low = spec.low + dice.below(spec.high - spec.low - step + 1);
  // Level 1 rises, level 2 falls as well, level 3 sounds together, too.
  const auto way = spec.level == 1 ? 0 : dice.below(spec.level);
  const auto first = way == 1 ? low + step : low;
  const auto second = way == 1 ? low : low + step;
  made.prompt = way == 2 ? "Two notes together. Which interval is it?" : "Two notes. Which interval is it?";
  made.notes = {{first, 0, note_ms}, {second, way == 2 ? 0 : note_ms, note_ms + note_ms / 2}};
  for (const auto each : steps) made.choices.emplace_back(interval_names[static_cast<std::size_t>(each)]);
  return made;
}

// --- Chords

struct Quality {
  std::string_view name;
  std::vector<std::int64_t> steps;
};

std::vector<Quality> qualities_of(std::int64_t level) {
  std::vector<Quality> all{{"Major", {0, 4, 7}}, {"Minor", {0, 3, 7}}};
  if (level >= 2) {
    all.push_back({"Diminished", {0, 3, 6}});
    all.push_back({"Augmented", {0, 4, 8}});
  }
  if (level >= 3) {
    all.push_back({"Dominant seventh", {0, 4, 7, 10}});
    all.push_back({"Major seventh", {0, 4, 7, 11}});
    all.push_back({"Minor seventh", {0, 3, 7, 10}});
  }
  return all;
}

Exercise chord(const ExerciseSpec& spec, Dice& dice) {
  const auto qualities = qualities_of(spec.level);
  Exercise made;
  made.kind = ExerciseKind::chord;
  made.right = dice.below(static_cast<std::int64_t>(qualities.size()));
  auto steps = qualities[static_cast<std::size_t>(made.right)].steps;
  // Triads may stand on another of their notes from level 2 on; an augmented one sounds the same on each.
  if (spec.level >= 2 && steps.size() == 3)
    for (auto turns = dice.below(3); turns > 0; --turns) {
      const auto lowest = steps.front();
      steps.erase(steps.begin());
      steps.push_back(lowest + 12);
    }
  const auto base = steps.front();
  for (auto& step : steps) step -= base;
  const auto low = spec.low + dice.below(std::max<std::int64_t>(1, spec.high - spec.low - steps.back() + 1));
  made.prompt = "A chord. Which kind is it?";
  for (const auto step : steps) made.notes.push_back({low + step, 0, chord_ms});
  for (const auto& each : qualities) made.choices.emplace_back(each.name);
  return made;
}

// --- Notes on the staff

struct Written {
  std::int64_t letter = 0;  // 0 is C
  std::int64_t octave = 4;
  std::int64_t accidental = 0;
};

constexpr std::array<std::int64_t, 7> letter_steps{0, 2, 4, 5, 7, 9, 11};
constexpr std::string_view letter_names = "CDEFGAB";

std::int64_t midi_of(const Written& note) {
  return (note.octave + 1) * 12 + letter_steps[static_cast<std::size_t>(note.letter)] + note.accidental;
}

std::string name_of_note(std::int64_t letter, std::int64_t accidental) {
  std::string name(1, letter_names[static_cast<std::size_t>(letter)]);
  if (accidental != 0) name += accidental > 0 ? " sharp" : " flat";
  return name;
}

std::string abc_of(const Written& note) {
  std::string out = note.accidental == 0 ? "" : note.accidental > 0 ? "^" : "_";
  const char letter = letter_names[static_cast<std::size_t>(note.letter)];
  if (note.octave >= 5) {
    out += static_cast<char>(letter - 'A' + 'a');
    out.append(static_cast<std::size_t>(note.octave - 5), '\'');
  } else {
    out += letter;
    out.append(static_cast<std::size_t>(4 - note.octave), ',');
  }
  return out;
}

Exercise reading(const ExerciseSpec& spec, Dice& dice) {
  std::vector<Written> all;
  for (std::int64_t octave = 1; octave <= 7; ++octave)
    for (std::int64_t letter = 0; letter < 7; ++letter)
      for (std::int64_t accidental = -1; accidental <= 1; ++accidental) {
        if (accidental != 0 && spec.level < 3) continue;
        const Written note{letter, octave, accidental};
        // E sharp, C flat and their like are for later.
        const bool rare =
            (accidental > 0 && (letter == 2 || letter == 6)) || (accidental < 0 && (letter == 3 || letter == 0));
        // Level 1 keeps to the staff.
        const bool on_staff = midi_of(note) >= 64 && midi_of(note) <= 77;
        if (!rare && midi_of(note) >= spec.low && midi_of(note) <= spec.high && (spec.level > 1 || on_staff))
          all.push_back(note);
      }
  if (all.empty()) all.push_back({4, 4, 0});
  const auto note = dice.one_of(all);
  const bool bass = midi_of(note) < 60;
  Exercise made;
  made.kind = ExerciseKind::note;
  made.prompt = "Which note is this?";
  made.abc = std::string("X:1\nM:none\nL:1/1\nK:C clef=") + (bass ? "bass" : "treble") + "\n" + abc_of(note) + "|]\n";
  if (spec.level < 3) {
    for (std::int64_t letter = 0; letter < 7; ++letter) made.choices.push_back(name_of_note(letter, 0));
    made.right = note.letter;
    return made;
  }
  // With accidentals: the same line in its three forms, and its neighbours with the same accidental.
  for (const auto& [by, accidental] :
       {std::pair{0, 0}, std::pair{0, 1}, std::pair{0, -1}, std::pair{1, 0}, std::pair{6, 0}}) {
    const auto name =
        by == 0 ? name_of_note(note.letter, accidental) : name_of_note((note.letter + by) % 7, note.accidental);
    made.choices.push_back(name);
  }
  const auto right = name_of_note(note.letter, note.accidental);
  dice.shuffle(made.choices);
  made.right = std::find(made.choices.begin(), made.choices.end(), right) - made.choices.begin();
  return made;
}

// --- Rhythms. In sixteenths; a beat is a quarter of four.

struct Figure {
  std::vector<std::int64_t> lengths;  // negative: a rest
  std::int64_t beats;
};

std::vector<Figure> figures_of(std::int64_t level) {
  std::vector<Figure> all{{{4}, 1}, {{4}, 1}, {{8}, 2}, {{2, 2}, 1}};
  if (level >= 2) {
    all.push_back({{-4}, 1});
    all.push_back({{6, 2}, 2});
    all.push_back({{2, 2, 2, 2}, 2});
  }
  if (level >= 3) {
    all.push_back({{2, 1, 1}, 1});
    all.push_back({{1, 1, 2}, 1});
    all.push_back({{1, 1, 1, 1}, 1});
    all.push_back({{3, 1}, 1});
    all.push_back({{2, 4, 2}, 2});
    all.push_back({{-2, 2}, 1});
  }
  return all;
}

Exercise rhythm(const ExerciseSpec& spec, Dice& dice) {
  constexpr std::array<std::int64_t, 3> tempos{72, 80, 84};
  constexpr std::array<std::int64_t, 3> tolerances{140, 110, 90};
  const auto level = static_cast<std::size_t>(spec.level - 1);
  const auto figures = figures_of(spec.level);
  Exercise made;
  made.kind = ExerciseKind::rhythm;
  made.prompt = "Tap this rhythm.";
  made.tempo = tempos[level];
  made.tolerance_ms = tolerances[level];
  const std::int64_t bars = spec.level == 1 ? 1 : 2;
  made.beats = bars * 4;
  made.abc = "X:1\nM:4/4\nL:1/16\nK:C clef=perc stafflines=1\n";
  std::int64_t at = 0;
  for (std::int64_t bar = 0; bar < bars; ++bar) {
    for (std::int64_t left = 4; left > 0;) {
      auto figure = dice.one_of(figures);
      const bool too_long = figure.beats > left;
      // The first thing is heard, and no figure crosses the bar line.
      if (too_long || (at == 0 && figure.lengths.front() < 0)) figure = {{4}, 1};
      for (const auto length : figure.lengths) {
        made.abc += (length < 0 ? "z" : "B") + std::to_string(std::abs(length));
        if (length > 0) made.onsets_ms.push_back(at * 15'000 / made.tempo);
        at += std::abs(length);
      }
      made.abc += ' ';
      left -= figure.beats;
    }
    made.abc += bar + 1 == bars ? "|]\n" : "| ";
  }
  return made;
}

Exercise made_of(const ExerciseSpec& spec, Dice& dice) {
  switch (spec.kind) {
    case ExerciseKind::interval: return interval(spec, dice);
    case ExerciseKind::chord: return chord(spec, dice);
    case ExerciseKind::rhythm: return rhythm(spec, dice);
    case ExerciseKind::note: return reading(spec, dice);
  }
  return {};
}

// How many taps and onsets pair up, both taken in order, when the taps are moved by `offset`.
std::int64_t pairs(const std::vector<std::int64_t>& onsets, const std::vector<std::int64_t>& taps, std::int64_t offset,
                   std::int64_t tolerance) {
  std::int64_t hits = 0;
  for (std::size_t i = 0, j = 0; i < onsets.size() && j < taps.size();) {
    const auto apart = taps[j] + offset - onsets[i];
    if (std::abs(apart) <= tolerance) {
      ++hits, ++i, ++j;
    } else if (apart < 0) {
      ++j;
    } else {
      ++i;
    }
  }
  return hits;
}

Result<std::int64_t> tapped(const Exercise& exercise, const JsonNode& answer) {
  constexpr std::int64_t lateness_max_ms = 200;
  constexpr std::size_t taps_max = 200;
  std::vector<std::int64_t> taps;
  if (answer.sort != JsonNode::Sort::list || answer.items.size() > taps_max)
    return invalid_field("answer", "must be the times of the taps, in milliseconds from the first beat on");
  for (const auto& each : answer.items) {
    if (each.sort != JsonNode::Sort::integer || std::abs(each.integer) > 600'000)
      return invalid_field("answer", "must be whole milliseconds from the first beat on");
    taps.push_back(each.integer);
  }
  std::sort(taps.begin(), taps.end());
  std::int64_t best = 0;
  for (std::int64_t offset = -lateness_max_ms; offset <= lateness_max_ms; offset += 10)
    best = std::max(best, pairs(exercise.onsets_ms, taps, offset, exercise.tolerance_ms));
  // Taps too many cost as much as taps too few.
  return whole * 2 * best / static_cast<std::int64_t>(exercise.onsets_ms.size() + taps.size());
}

}  // namespace

std::vector<Exercise> exercises_of(const catalogue::PracticeSet& set, std::uint64_t seed) {
  check(!set.specs.empty(), "a set names exercises");
  Dice dice(seed);
  std::vector<Exercise> all;
  for (std::int64_t i = 0; i < set.exercises; ++i)
    all.push_back(made_of(set.specs[static_cast<std::size_t>(i) % set.specs.size()], dice));
  return all;
}

Result<std::int64_t> points_for(const Exercise& exercise, std::string_view answer_json) {
  const auto answer = TRY(parse_json(answer_json));
  if (exercise.kind == ExerciseKind::rhythm) return tapped(exercise, answer);
  if (answer.sort != JsonNode::Sort::integer || answer.integer < 0 ||
      answer.integer >= static_cast<std::int64_t>(exercise.choices.size()))
    return invalid_field("answer", "must be the number of a choice, counted from 0");
  return answer.integer == exercise.right ? whole : 0;
}

std::string answer_of(const Exercise& exercise) {
  return exercise.choices.empty() ? "" : exercise.choices[static_cast<std::size_t>(exercise.right)];
}

std::string kept_set(const catalogue::PracticeSet& set) {
  std::string out = "{\"exercises\":" + std::to_string(set.exercises) +
                    ",\"pass\":" + std::to_string(set.pass_percent) + ",\"specs\":[";
  for (const auto& each : set.specs) {
    if (out.back() == '}') out += ',';
    out += "{\"kind\":\"" + std::string(name_of(each.kind)) + "\",\"level\":" + std::to_string(each.level) +
           ",\"low\":" + std::to_string(each.low) + ",\"high\":" + std::to_string(each.high) + "}";
  }
  return out + "]}";
}

catalogue::PracticeSet read_kept_set(std::string_view kept) {
  const auto parsed = parse_json(kept);
  check(parsed.ok(), "a kept set is JSON");
  catalogue::PracticeSet set{parsed->find("exercises")->integer, parsed->find("pass")->integer, {}};
  for (const auto& each : parsed->find("specs")->items)
    set.specs.push_back({named<ExerciseKind>(each.find("kind")->text).value(), each.find("level")->integer,
                         each.find("low")->integer, each.find("high")->integer});
  return set;
}

}  // namespace tuition::learning

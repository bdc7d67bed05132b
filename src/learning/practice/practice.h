#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/base/result.h"

// Pure: ear and reading exercises from a seed, and their scoring.
//
// The same set and seed make the same exercises on every machine, so a round keeps no more than these two. What an
// exercise sounds or looks like must be known where it is played and drawn, so a learner who reads the traffic instead
// of listening finds the answer there: practice is for who practises. What is right, and what it is worth, is decided
// here all the same, once per exercise.
namespace tuition::learning {

struct Note {
  std::int64_t midi = 60;
  std::int64_t start_ms = 0;
  std::int64_t length_ms = 0;
};

struct Exercise {
  catalogue::ExerciseKind kind = catalogue::ExerciseKind::interval;
  std::string prompt{};
  std::vector<Note> notes{};              // what is heard; empty: nothing
  std::string abc{};                      // what is seen, as ABC; empty: nothing
  std::vector<std::string> choices{};     // to choose from; empty: it is tapped
  std::int64_t right = 0;                 // the index of the right choice
  std::int64_t tempo = 0;                 // beats a minute, for rhythm
  std::int64_t beats = 0;                 // of the whole rhythm
  std::vector<std::int64_t> onsets_ms{};  // when it is tapped, from the first beat on
  std::int64_t tolerance_ms = 0;
};

std::vector<Exercise> exercises_of(const catalogue::PracticeSet& set, std::uint64_t seed);

// Hundredths of the exercise's worth. `answer_json` is the number of a choice, or the times of the taps in milliseconds
// from the first beat on, by the player's clock. A rhythm is judged by how many taps fall on an onset, each of them
// used once; being early or late throughout, as loudspeakers and screens make people, does not count up to a point.
inline constexpr std::int64_t whole = 100;
inline constexpr std::int64_t right_from = 80;  // a rhythm counts as right
Result<std::int64_t> points_for(const Exercise& exercise, std::string_view answer_json);

// The right answer in words.
std::string answer_of(const Exercise& exercise);

std::string kept_set(const catalogue::PracticeSet& set);
catalogue::PracticeSet read_kept_set(std::string_view kept);

}  // namespace tuition::learning

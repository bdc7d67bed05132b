#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// What a lesson of kind practice asks, as its author writes it into the lesson's text. Beside the fence the text is
// like any other; the fence itself is not shown.
//
//   ```practice
//   exercises: 10
//   pass: 80
//   - interval, level 1, C4 to C6
//   - chord, level 2
//   - rhythm, level 1
//   - note, level 3
//   ```
//
// `exercises` is how many make a round (1 to 50; 10 when absent), `pass` the percent that passes (80 when absent). Each
// line below names one kind and its level (1 to 3; 1 when absent) and, where sounds or notes are concerned, the range
// from the lowest to the highest pitch, an octave at least. The exercises of a round are taken from all lines in turn.
namespace tuition::catalogue {

struct PracticeProblem {
  std::int64_t line = 1;  // of the text, from 1
  std::string what{};
};

// None with problems: there is no fence, or something in it is wrong.
std::optional<PracticeSet> read_practice_set(std::string_view body_md, std::vector<PracticeProblem>& problems);

// "C4", "F#3", "Bb5"; none: it is no pitch from C1 to C8.
std::optional<std::int64_t> read_pitch(std::string_view text);

// Of a lesson, published or not; none: it has none.
std::optional<PracticeSet> practice_set(ReadTx& tx, const LessonId& lesson);

}  // namespace tuition::catalogue

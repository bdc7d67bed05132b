#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"

// Pure: which questions an attempt asks, in which order, and how the options of each are shown; drawn and shuffled from
// a seed, and kept with the attempt.
namespace tuition::learning {

struct Asked {
  catalogue::QuestionId question{};
  // What is shown at place i is the author's option shown[i]; empty: as the author has them. For matching these are the
  // choices, whose options stay in place.
  std::vector<std::int64_t> shown{};
  bool operator==(const Asked&) const = default;
};

// `draw` of the quiz's questions, or all. A shuffled quiz asks them in any order and shows choices in any; one that is
// not keeps its author's, also when it draws. What is to be put in order or matched is always shuffled, and never shown
// as the answer.
std::vector<Asked> asked_of(const catalogue::Quiz& quiz, std::uint64_t seed);

std::string kept_order(const std::vector<Asked>& asked);
// Also of attempts that kept the questions' ids alone.
std::vector<Asked> read_order(std::string_view kept);

const Asked* find_asked(const std::vector<Asked>& asked, const catalogue::QuestionId& question);

// The answer in terms of what was shown, put in terms of what the author wrote. What has no such form stays as it is,
// for grading to refuse.
std::string as_author(const Asked& asked, std::string_view answer_json);

}  // namespace tuition::learning

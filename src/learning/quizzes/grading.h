#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/base/result.h"

// Pure: answers to points.
namespace tuition::learning {

struct Grade {
  bool correct = false;
  std::int64_t points = 0;
};

// `answer_json` is an index (single, true_false), a list of indexes (multiple: those ticked; ordering: all of them in
// their order; matching: for each option that of its choice) or text (number, text; a number may also be given as a
// number). All or nothing: a multiple choice is right when exactly the right options are ticked, so that ticking
// everything wins nothing. Fails when the answer has another form than the question's kind asks for.
//
// With negative marks a wrong answer costs what a right one is worth, so that guessing wins nothing.
enum class Marks { positive, negative };
Result<Grade> grade(const catalogue::Question& question, std::string_view answer_json, Marks marks = Marks::positive);

// Of an ordering: the author's options as they belong. Of a matching: what there is to choose from, in the author's
// order.
std::vector<std::int64_t> right_order(const catalogue::Question& question);
std::vector<std::string> choices_of(const catalogue::Question& question);

// Of a whole attempt: never below zero.
std::int64_t score_of(const std::vector<std::int64_t>& points);

// The written decimal in thousand-millionths; none when it is no number or has more than nine digits before the point.
// Takes a point or a comma, a sign, spaces around it; digits beyond the ninth after the point are dropped.
std::optional<std::int64_t> read_decimal(std::string_view text);

// Of a whole attempt.
bool passes(std::int64_t score, std::int64_t max_score, std::int64_t pass_percent);

}  // namespace tuition::learning

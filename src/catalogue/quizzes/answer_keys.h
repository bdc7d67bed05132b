#pragma once

#include "catalogue/quizzes/wire_quizzes.h"
#include "catalogue/types.h"
#include "platform/base/result.h"

// Pure: what authors say is right, to what is kept (quiz_data.options_json, correct_answer) and back.
namespace tuition::catalogue {

// Refuses what no learner could answer, each problem at its field. The options of an ordering, and the choices of a
// matching, are kept in an order that follows from their texts and gives nothing away.
Result<QuestionDraft> kept_question(const QuestionForm& form);

// The author's words again: fills in what the kind has.
void show_key(const QuestionDraft& kept, QuestionSource& view);

// For who makes these by other means: items in their right order; pairs.
void keep_order(const std::vector<std::string>& items, QuestionDraft& kept);
void keep_pairs(const std::vector<PairForm>& pairs, QuestionDraft& kept);
std::vector<std::string> order_of(const QuestionDraft& kept);
std::vector<PairForm> pairs_of(const QuestionDraft& kept);

}  // namespace tuition::catalogue

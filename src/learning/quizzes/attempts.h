#pragma once

#include "learning/quizzes/quiz_wire.h"
#include "learning/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// Take a quiz. Every verb asks access first; an attempt belongs to who began it, and who teaches the course may read
// it. Nobody else learns that it exists.
namespace tuition::learning {

struct Learning;

Result<QuizView> get_quiz(Learning& door, const Caller& caller, const catalogue::QuizId& id);
// The quiz of a module: the first of its lessons' that there is.
Result<QuizView> get_module_quiz(Learning& door, const Caller& caller, const catalogue::ModuleId& id);
// An attempt that is open already is handed out again, so that a lost page costs none. CONFLICT when none is left.
Result<AttemptView> start_attempt(Learning& door, const Caller& caller, const catalogue::QuizId& id);
// Recorded once and for all; the quiz says whether its result is told at once.
Result<AnswerResult> answer_question(Learning& door, const Caller& caller, const catalogue::QuizId& quiz,
                                     const AttemptId& id, const AnswerForm& form);
// Closes the attempt; what was not answered counts nothing. An attempt that is closed is answered as it is.
Result<AttemptView> submit_attempt(Learning& door, const Caller& caller, const catalogue::QuizId& quiz,
                                   const AttemptId& id);
// One's own, as long as the quiz is open to one: as much as the quiz tells. For who teaches the course, all of it.
Result<AttemptView> get_attempt(Learning& door, const Caller& caller, const catalogue::QuizId& quiz,
                                const AttemptId& id);

}  // namespace tuition::learning

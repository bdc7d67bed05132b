#pragma once

#include "catalogue/quizzes/wire_quizzes.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"

// Quizzes with their answers, as the course's author works on them. Rights as in authoring.h; nobody else ever gets an
// answer from here.
//
// Attempts point to the questions they were asked. So once a quiz has been taken, a question is not rewritten under
// them: the new words become a question of their own, and the old one is retired, out of the quiz and still readable.
namespace tuition::catalogue {

struct Catalogue;

// In a module, with a lesson of its own, or for a lesson of kind quiz that has none (CONFLICT where it has one).
Result<QuizSource> create_quiz(Catalogue& door, const Caller& caller, const QuizForm& form);
Result<QuizSource> quiz_source(Catalogue& door, const Caller& caller, const QuizId& id);
Result<QuizSource> change_quiz(Catalogue& door, const Caller& caller, const QuizId& id, const QuizForm& form);
// With its lesson. HAS_ATTEMPTS where people have taken it, unless forced.
Result<Removed> remove_quiz(Catalogue& door, const Caller& caller, const QuizId& id, const ForceForm& form);

Result<QuestionSource> add_question(Catalogue& door, const Caller& caller, const QuizId& quiz,
                                    const QuestionForm& form);
Result<QuestionSource> change_question(Catalogue& door, const Caller& caller, const QuizId& quiz, const QuestionId& id,
                                       const QuestionForm& form);
// archived: people have answered it, so it is kept for their attempts.
Result<Removed> remove_question(Catalogue& door, const Caller& caller, const QuizId& quiz, const QuestionId& id);
Result<QuizSource> reorder_questions(Catalogue& door, const Caller& caller, const QuizId& quiz, const OrderForm& form);

// Every question written for a quiz of the course, those taken out included, and copies of them into a quiz.
Result<Page<BankQuestion>> question_bank(Catalogue& door, const Caller& caller, const CourseId& course,
                                         const BankForm& form);
Result<QuizSource> copy_questions(Catalogue& door, const Caller& caller, const QuizId& quiz, const CopyForm& form);

}  // namespace tuition::catalogue

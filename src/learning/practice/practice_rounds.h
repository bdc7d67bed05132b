#pragma once

#include "learning/practice/wire_practice.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// Do the exercises of a practice lesson. Access is asked first, as everywhere; a round belongs to who began it, and
// nobody else learns that it exists.
namespace tuition::learning {

struct Learning;

Result<PracticeView> get_practice(Learning& door, const Caller& caller, const catalogue::LessonId& lesson);
// A round that is open already is handed out again. It keeps the exercises it began with, whatever its author changes.
Result<PracticeRound> start_round(Learning& door, const Caller& caller, const catalogue::LessonId& lesson);
Result<PracticeRound> get_round(Learning& door, const Caller& caller, const RoundId& id);
// Once per exercise, in any order; the last one finishes the round, scores it and, passed, completes the lesson.
Result<PracticeAnswered> answer_exercise(Learning& door, const Caller& caller, const RoundId& id,
                                         const PracticeAnswerForm& form);

// A round of a text that is being written, for who writes it: nothing is kept, and the same seed makes the same round.
Result<PracticeTrial> try_practice(Learning& door, const PracticeTrialForm& form);
Result<PracticeResult> answer_trial(const PracticeTrialAnswerForm& form);

}  // namespace tuition::learning

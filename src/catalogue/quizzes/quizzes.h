#pragma once

#include <map>
#include <optional>
#include <string>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// Questions and answers, the author's side.
namespace tuition::catalogue {

// The quiz with its answers, rendered. Who asks must not pass them on before they are due. `retired` questions are left
// out; see question().
std::optional<Quiz> quiz(ReadTx& tx, const QuizId& id);

// The words of its questions without markup, by their ids.
std::map<std::string, std::string> question_words(ReadTx& tx, const QuizId& id);

// One question of a quiz, also when it has been taken out since.
std::optional<Question> question(ReadTx& tx, const QuizId& quiz, const QuestionId& id);

}  // namespace tuition::catalogue

#include "catalogue/quizzes/quizzes.h"

#include "catalogue/authoring/store_authoring.h"
#include "catalogue/markdown.h"
#include "catalogue/media/media.h"
#include "catalogue/store.h"
#include "platform/base/check.h"
#include "platform/base/fields_json.h"

namespace tuition::catalogue {
namespace {

Question shown(store::QuestionRow row, const Addresses& addresses) {
  Question made{row.id,
                row.kind,
                to_html(row.question, addresses).value(),
                {},
                row.correct_json,
                {},
                row.points,
                row.media.value_or("")};
  for (const auto& option : store::texts_of(row.options.text)) made.options.push_back(to_plain(option));
  if (!row.explanation.empty()) made.explanation_html = to_html(row.explanation, addresses).value();
  return made;
}

// What the quiz's course calls its files.
Addresses addresses_of(ReadTx& tx, const QuizId& quiz) {
  const auto owned = store::owner_of(tx, quiz);
  return owned ? file_addresses(tx, owned->course.text()) : Addresses{};
}

}  // namespace

std::optional<Quiz> quiz(ReadTx& tx, const QuizId& id) {
  auto row = store::quiz(tx, id);
  if (!row) return std::nullopt;
  Quiz made{row->id,
            row->lesson,
            std::move(row->title),
            row->pass_percent,
            row->attempts_max,
            row->time_limit_s,
            row->shuffle,
            row->feedback,
            {},
            row->negative_marks,
            row->draw};
  const auto addresses = addresses_of(tx, id);
  for (auto& each : store::questions(tx, id)) made.questions.push_back(shown(std::move(each), addresses));
  return made;
}

std::map<std::string, std::string> question_words(ReadTx& tx, const QuizId& id) {
  std::map<std::string, std::string> words;
  for (const auto& each : store::questions(tx, id)) words.emplace(each.id.text(), to_plain(each.question));
  return words;
}

std::optional<Question> question(ReadTx& tx, const QuizId& quiz, const QuestionId& id) {
  auto row = store::question(tx, quiz, id);
  if (!row) return std::nullopt;
  return shown(std::move(*row), addresses_of(tx, quiz));
}

}  // namespace tuition::catalogue

#include "learning/quizzes/question_order.h"

#include <algorithm>
#include <numeric>

#include "learning/quizzes/dice.h"
#include "learning/quizzes/grading.h"
#include "platform/base/check.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {
namespace {

using catalogue::QuestionKind;
using Sort = JsonNode::Sort;

std::vector<std::int64_t> counted(std::size_t size) {
  std::vector<std::int64_t> all(size);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

bool is_choice(QuestionKind kind) { return kind == QuestionKind::single || kind == QuestionKind::multiple; }

std::vector<std::int64_t> shown_of(const catalogue::Question& question, bool shuffles, Dice& dice) {
  const bool orders = question.kind == QuestionKind::ordering;
  const bool matches = question.kind == QuestionKind::matching;
  if (!orders && !matches && !(shuffles && is_choice(question.kind))) return {};
  auto shown = counted(matches ? choices_of(question).size() : question.options.size());
  dice.shuffle(shown);
  // Turned by one, what happens to lie in the right order does not any more.
  if (orders && shown.size() > 1 && shown == right_order(question))
    std::rotate(shown.begin(), shown.begin() + 1, shown.end());
  return shown;
}

void append_translated(std::string& out, const JsonNode& node, const std::vector<std::int64_t>& shown) {
  const bool known =
      node.sort == Sort::integer && node.integer >= 0 && node.integer < static_cast<std::int64_t>(shown.size());
  out += known ? std::to_string(shown[static_cast<std::size_t>(node.integer)]) : node.to_json();
}

}  // namespace

std::vector<Asked> asked_of(const catalogue::Quiz& quiz, std::uint64_t seed) {
  Dice dice(seed);
  auto order = counted(quiz.questions.size());
  const auto drawn = quiz.draw ? std::min(order.size(), static_cast<std::size_t>(std::max<std::int64_t>(1, *quiz.draw)))
                               : order.size();
  if (quiz.shuffle || drawn < order.size()) dice.shuffle(order);
  order.resize(drawn);
  if (!quiz.shuffle) std::sort(order.begin(), order.end());
  std::vector<Asked> asked;
  for (const auto i : order) {
    const auto& question = quiz.questions[static_cast<std::size_t>(i)];
    asked.push_back({question.id, shown_of(question, quiz.shuffle, dice)});
  }
  return asked;
}

std::string kept_order(const std::vector<Asked>& asked) {
  std::string out = "[";
  for (const auto& each : asked) {
    if (out.size() > 1) out += ',';
    out += "{\"id\":\"" + each.question.text() + "\",\"shown\":[";
    for (std::size_t i = 0; i < each.shown.size(); ++i) out += (i > 0 ? "," : "") + std::to_string(each.shown[i]);
    out += "]}";
  }
  return out + "]";
}

std::vector<Asked> read_order(std::string_view kept) {
  const auto parsed = parse_json(kept);
  check(parsed.ok() && parsed->sort == Sort::list, "a kept order is a list");
  std::vector<Asked> asked;
  for (const auto& each : parsed->items) {
    if (each.sort == Sort::text) {
      asked.push_back({catalogue::QuestionId(each.text), {}});
      continue;
    }
    Asked one{catalogue::QuestionId(each.find("id")->text), {}};
    for (const auto& place : each.find("shown")->items) one.shown.push_back(place.integer);
    asked.push_back(std::move(one));
  }
  return asked;
}

const Asked* find_asked(const std::vector<Asked>& asked, const catalogue::QuestionId& question) {
  const auto found =
      std::find_if(asked.begin(), asked.end(), [&](const Asked& each) { return each.question == question; });
  return found == asked.end() ? nullptr : &*found;
}

std::string as_author(const Asked& asked, std::string_view answer_json) {
  if (asked.shown.empty()) return std::string(answer_json);
  const auto answer = parse_json(answer_json);
  if (!answer) return std::string(answer_json);
  std::string out;
  if (answer->sort == Sort::list) {
    out += '[';
    for (const auto& each : answer->items) {
      if (out.size() > 1) out += ',';
      append_translated(out, each, asked.shown);
    }
    return out + ']';
  }
  append_translated(out, *answer, asked.shown);
  return out;
}

}  // namespace tuition::learning

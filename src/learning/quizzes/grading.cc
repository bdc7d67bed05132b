#include "learning/quizzes/grading.h"

#include <algorithm>
#include <vector>

#include "platform/base/check.h"
#include "platform/base/fields_json.h"
#include "platform/base/fold.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

using catalogue::QuestionKind;
using Sort = JsonNode::Sort;

JsonNode key_of(const catalogue::Question& question) {
  auto key = parse_json(question.correct_json);
  check(key.ok(), "a stored answer is JSON");
  return std::move(key).value();
}

Error wrong_form(std::string reason) { return invalid_field("answer", std::move(reason)); }

bool is_option(const JsonNode& node, const catalogue::Question& question) {
  return node.sort == Sort::integer && node.integer >= 0 &&
         node.integer < static_cast<std::int64_t>(question.options.size());
}

Result<bool> one_option(const catalogue::Question& question, const JsonNode& answer) {
  if (!is_option(answer, question)) return wrong_form("must be the number of an option, counted from 0");
  return answer.integer == key_of(question).integer;
}

Result<bool> some_options(const catalogue::Question& question, const JsonNode& answer) {
  if (answer.sort != Sort::list || !std::all_of(answer.items.begin(), answer.items.end(),
                                                [&](const JsonNode& each) { return is_option(each, question); }))
    return wrong_form("must be a list of numbers of options, counted from 0");
  const auto indexes = [](const JsonNode& list) {
    std::vector<std::int64_t> all;
    for (const auto& each : list.items) all.push_back(each.integer);
    std::sort(all.begin(), all.end());
    return all;
  };
  auto ticked = indexes(answer);
  if (std::adjacent_find(ticked.begin(), ticked.end()) != ticked.end())
    return wrong_form("must not name an option twice");
  return ticked == indexes(key_of(question));
}

bool within(const JsonNode& key, std::string_view text) {
  const auto given = read_decimal(text);
  const auto value = read_decimal(key.find("value")->text);
  const auto tolerance = read_decimal(key.find("tolerance")->text);
  return given && value && tolerance && std::max(*given, *value) - std::min(*given, *value) <= *tolerance;
}

// "1,234.5" and "12,000": commas that part thousands. "12,000" may also be a decimal comma, so both readings count.
std::string without_thousands(std::string_view text) {
  std::string out;
  const auto point = std::min(text.find('.'), text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool parts = text[i] == ',' && i > 0 && i < point && (point - i) % 4 == 0;
    if (!parts) out += text[i];
  }
  return out;
}

std::vector<std::int64_t> numbers_in(const JsonNode& list) {
  std::vector<std::int64_t> all;
  for (const auto& each : list.items) all.push_back(each.integer);
  return all;
}

bool is_index_below(const JsonNode& node, std::size_t size) {
  return node.sort == Sort::integer && node.integer >= 0 && node.integer < static_cast<std::int64_t>(size);
}

Result<bool> in_order(const catalogue::Question& question, const JsonNode& answer) {
  const auto size = question.options.size();
  if (answer.sort != Sort::list || answer.items.size() != size ||
      !std::all_of(answer.items.begin(), answer.items.end(),
                   [&](const JsonNode& each) { return is_index_below(each, size); }))
    return wrong_form("must be a list of the numbers of all options, counted from 0");
  auto sorted = numbers_in(answer);
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    return wrong_form("must not name an option twice");
  return numbers_in(answer) == right_order(question);
}

Result<bool> in_pairs(const catalogue::Question& question, const JsonNode& answer) {
  const auto choices = choices_of(question).size();
  if (answer.sort != Sort::list || answer.items.size() != question.options.size() ||
      !std::all_of(answer.items.begin(), answer.items.end(),
                   [&](const JsonNode& each) { return is_index_below(each, choices); }))
    return wrong_form("must be a list with the number of a choice for each option, counted from 0");
  const auto key = key_of(question);
  return numbers_in(answer) == numbers_in(*key.find("pairs"));
}

Result<bool> number(const catalogue::Question& question, const JsonNode& answer) {
  std::string text;
  if (answer.sort == Sort::text)
    text = answer.text;
  else if (answer.sort == Sort::integer || answer.sort == Sort::number)
    text = answer.to_json();
  else
    return wrong_form("must be a number, as text");
  if (text.size() > 100) return wrong_form("must be at most 100 characters long");
  const auto key = key_of(question);
  return within(key, text) || within(key, without_thousands(trim(text)));
}

// Case, space around and the length of spaces between words do not count.
std::string without_case_and_spacing(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : without_case(trim(text))) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      space = true;
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

Result<bool> words(const catalogue::Question& question, const JsonNode& answer) {
  if (answer.sort != Sort::text) return wrong_form("must be text");
  if (answer.text.size() > 1000) return wrong_form("must be at most 1000 characters long");
  const auto given = without_case_and_spacing(answer.text);
  const auto key = key_of(question);
  return std::any_of(key.items.begin(), key.items.end(),
                     [&](const JsonNode& accepted) { return without_case_and_spacing(accepted.text) == given; });
}

}  // namespace

std::vector<std::int64_t> right_order(const catalogue::Question& question) { return numbers_in(key_of(question)); }

std::vector<std::string> choices_of(const catalogue::Question& question) {
  const auto key = key_of(question);
  std::vector<std::string> all;
  if (const auto* choices = key.find("choices"))
    for (const auto& each : choices->items) all.push_back(each.text);
  return all;
}

std::int64_t score_of(const std::vector<std::int64_t>& points) {
  std::int64_t sum = 0;
  for (const auto each : points) sum += each;
  return std::max<std::int64_t>(0, sum);
}

Result<Grade> grade(const catalogue::Question& question, std::string_view answer_json, Marks marks) {
  const auto answer = TRY(parse_json(answer_json));
  bool correct = false;
  switch (question.kind) {
    case QuestionKind::single:
    case QuestionKind::true_false: correct = TRY(one_option(question, answer)); break;
    case QuestionKind::multiple: correct = TRY(some_options(question, answer)); break;
    case QuestionKind::number: correct = TRY(number(question, answer)); break;
    case QuestionKind::text: correct = TRY(words(question, answer)); break;
    case QuestionKind::ordering: correct = TRY(in_order(question, answer)); break;
    case QuestionKind::matching: correct = TRY(in_pairs(question, answer)); break;
  }
  if (correct) return Grade{true, question.points};
  return Grade{false, marks == Marks::negative ? -question.points : 0};
}

std::optional<std::int64_t> read_decimal(std::string_view text) {
  text = trim(text);
  bool negative = false;
  for (const std::string_view minus : {"-", "\xe2\x88\x92"}) {  // U+2212, what people paste
    if (!text.starts_with(minus)) continue;
    negative = true;
    text.remove_prefix(minus.size());
    break;
  }
  if (!negative && text.starts_with('+')) text.remove_prefix(1);

  std::int64_t value = 0;
  int before = 0;
  int after = -1;  // digits after the point, once there is one
  for (const char c : text) {
    if ((c == '.' || c == ',') && after < 0 && before > 0) {
      after = 0;
    } else if (c < '0' || c > '9') {
      return std::nullopt;
    } else if (after < 0) {
      if (++before > 9) return std::nullopt;
      value = value * 10 + (c - '0');
    } else if (after < 9) {
      ++after;
      value = value * 10 + (c - '0');
    }
  }
  if (before == 0 || after == 0) return std::nullopt;
  for (int i = std::max(after, 0); i < 9; ++i) value *= 10;
  return negative ? -value : value;
}

bool passes(std::int64_t score, std::int64_t max_score, std::int64_t pass_percent) {
  return max_score > 0 && score * 100 >= pass_percent * max_score;
}

}  // namespace tuition::learning

#include "catalogue/quizzes/answer_keys.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "catalogue/authoring/author_text.h"
#include "catalogue/folders/package_text.h"
#include "platform/base/check.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

// The places of the texts in an order that depends on the texts alone, and is the given one only where there is none
// besides.
std::vector<std::size_t> scrambled(const std::vector<std::string>& texts) {
  const auto digest = [](const std::string& text) {
    std::uint64_t sum = 14695981039346656037U;  // FNV-1a
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return sum;
  };
  std::vector<std::size_t> places(texts.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return digest(texts[a]) < digest(texts[b]); });
  if (std::is_sorted(places.begin(), places.end()) && places.size() > 1)
    std::rotate(places.begin(), places.begin() + 1, places.end());
  return places;
}

JsonNode parsed(const QuestionDraft& kept) {
  auto key = parse_json(kept.correct_json);
  check(key.ok(), "a stored answer is JSON");
  return std::move(key).value();
}

bool repeats(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return std::adjacent_find(texts.begin(), texts.end()) != texts.end();
}

class Keeper {
 public:
  explicit Keeper(const QuestionForm& form) : form_(form) {}

  Result<QuestionDraft> keep() {
    kept_.kind = form_.kind;
    kept_.question = kept_markdown(form_.question);
    while (!kept_.question.empty() && kept_.question.back() == '\n') kept_.question.pop_back();
    kept_.explanation = kept_markdown(form_.explanation.value_or(""));
    while (!kept_.explanation.empty() && kept_.explanation.back() == '\n') kept_.explanation.pop_back();
    kept_.points = form_.points.value_or(1);
    switch (form_.kind) {
      case QuestionKind::single:
      case QuestionKind::multiple:
      case QuestionKind::true_false: keep_choices(); break;
      case QuestionKind::number: keep_number(); break;
      case QuestionKind::text: keep_accepted(); break;
      case QuestionKind::ordering: keep_items(); break;
      case QuestionKind::matching: keep_matches(); break;
    }
    refuse_others();
    if (wrong_.empty()) try_as_text();
    if (wrong_.empty()) return std::move(kept_);
    return Error{Kind::invalid, "VALIDATION_ERROR", "Please check the marked fields.", {}, std::move(wrong_)};
  }

 private:
  void complain(std::string field, std::string reason) { wrong_.push_back({std::move(field), std::move(reason)}); }

  void keep_choices() {
    std::vector<std::int64_t> right;
    for (const auto& each : form_.choices) {
      if (each.right) right.push_back(static_cast<std::int64_t>(kept_.options.size()));
      kept_.options.push_back(each.text);
    }
    if (kept_.options.size() < 2) complain("choices", "must be two at least");
    if (repeats(kept_.options)) complain("choices", "hold the same text twice");
    if (form_.kind == QuestionKind::true_false && kept_.options != std::vector<std::string>{"True", "False"})
      complain("choices", "are True and False, in this order");
    if (form_.kind == QuestionKind::multiple ? right.empty() : right.size() != 1)
      complain("choices", form_.kind == QuestionKind::multiple ? "must hold one right option at least"
                                                               : "must hold exactly one right option");
    kept_.correct_json =
        form_.kind == QuestionKind::multiple ? to_json(right) : std::to_string(right.empty() ? 0 : right.front());
  }

  void keep_number() {
    const auto value = form_.number.value_or("");
    const auto tolerance = form_.tolerance.value_or("0");
    if (!package::is_decimal(value)) complain("number", "must be a number in decimal digits, such as 440 or -2.5");
    if (!package::is_decimal(tolerance) || tolerance.starts_with('-'))
      complain("tolerance", "must be a number in decimal digits, not below 0");
    kept_.correct_json = "{\"value\":";
    append_json_text(kept_.correct_json, value);
    kept_.correct_json += ",\"tolerance\":";
    append_json_text(kept_.correct_json, tolerance);
    kept_.correct_json += '}';
  }

  void keep_accepted() {
    if (form_.accepted.empty()) complain("accepted", "must hold one answer at least");
    for (std::size_t i = 0; i < form_.accepted.size(); ++i) {
      const auto at = "accepted[" + std::to_string(i) + "]";
      if (form_.accepted[i].empty()) complain(at, "must not be empty");
      if (form_.accepted[i].find('|') != std::string::npos) complain(at, "must not contain |");
    }
    kept_.correct_json = to_json(form_.accepted);
  }

  void keep_items() {
    if (form_.order.size() < 2) complain("order", "must be two items at least");
    if (repeats(form_.order)) complain("order", "holds the same item twice");
    for (std::size_t i = 0; i < form_.order.size(); ++i)
      if (form_.order[i].empty()) complain("order[" + std::to_string(i) + "]", "must not be empty");
    keep_order(form_.order, kept_);
  }

  void keep_matches() {
    if (form_.pairs.size() < 2) complain("pairs", "must be two at least");
    std::vector<std::string> lefts;
    for (std::size_t i = 0; i < form_.pairs.size(); ++i) {
      lefts.push_back(form_.pairs[i].left);
      for (const auto* text : {&form_.pairs[i].left, &form_.pairs[i].right})
        if (text->find("=>") != std::string::npos) complain("pairs[" + std::to_string(i) + "]", "must not contain =>");
    }
    if (repeats(lefts)) complain("pairs", "show the same thing twice");
    keep_pairs(form_.pairs, kept_);
  }

  void refuse_others() {
    const auto kind = form_.kind;
    const bool chooses =
        kind == QuestionKind::single || kind == QuestionKind::multiple || kind == QuestionKind::true_false;
    const auto only = [&](bool given, bool fits, const char* field) {
      if (given && !fits) complain(field, "does not belong to this kind of question");
    };
    only(!form_.choices.empty(), chooses, "choices");
    only(form_.number.has_value(), kind == QuestionKind::number, "number");
    only(form_.tolerance.has_value(), kind == QuestionKind::number, "tolerance");
    only(!form_.accepted.empty(), kind == QuestionKind::text, "accepted");
    only(!form_.order.empty(), kind == QuestionKind::ordering, "order");
    only(!form_.pairs.empty(), kind == QuestionKind::matching, "pairs");
  }

  // What a course folder could not hold would be lost with the next export.
  void try_as_text() {
    std::vector<package::Problem> found;
    const auto read = package::read_quiz(package::write_question(kept_), 1, found);
    if (found.empty() && read.introduction.empty() && read.questions.size() == 1 && read.questions.front() == kept_)
      return;
    complain("question",
             "cannot be kept: its first line is one paragraph, after it comes an empty line, and no later line begins "
             "with \"## \", \"- [\" or \"= \"");
  }

  const QuestionForm& form_;
  QuestionDraft kept_{};
  std::vector<FieldProblem> wrong_{};
};

}  // namespace

Result<QuestionDraft> kept_question(const QuestionForm& form) { return Keeper(form).keep(); }

void keep_order(const std::vector<std::string>& items, QuestionDraft& kept) {
  std::vector<std::int64_t> right(items.size());
  std::int64_t at = 0;
  for (const auto place : scrambled(items)) {
    kept.options.push_back(items[place]);
    right[place] = at++;
  }
  kept.correct_json = to_json(right);
}

void keep_pairs(const std::vector<PairForm>& pairs, QuestionDraft& kept) {
  std::vector<std::string> rights;
  for (const auto& pair : pairs) {
    kept.options.push_back(pair.left);
    if (std::find(rights.begin(), rights.end(), pair.right) == rights.end()) rights.push_back(pair.right);
  }
  std::vector<std::string> choices;
  for (const auto place : scrambled(rights)) choices.push_back(rights[place]);
  std::vector<std::int64_t> indexes;
  for (const auto& pair : pairs)
    indexes.push_back(std::find(choices.begin(), choices.end(), pair.right) - choices.begin());
  kept.correct_json = "{\"choices\":" + to_json(choices) + ",\"pairs\":" + to_json(indexes) + "}";
}

std::vector<std::string> order_of(const QuestionDraft& kept) {
  std::vector<std::string> items;
  for (const auto& each : parsed(kept).items) items.push_back(kept.options[static_cast<std::size_t>(each.integer)]);
  return items;
}

std::vector<PairForm> pairs_of(const QuestionDraft& kept) {
  const auto key = parsed(kept);
  const auto& choices = key.find("choices")->items;
  const auto& indexes = key.find("pairs")->items;
  std::vector<PairForm> pairs;
  for (std::size_t i = 0; i < kept.options.size(); ++i)
    pairs.push_back({kept.options[i], choices[static_cast<std::size_t>(indexes[i].integer)].text});
  return pairs;
}

void show_key(const QuestionDraft& kept, QuestionSource& view) {
  switch (kept.kind) {
    case QuestionKind::single:
    case QuestionKind::true_false:
    case QuestionKind::multiple: {
      const auto key = parsed(kept);
      std::set<std::int64_t> right{key.integer};
      if (kept.kind == QuestionKind::multiple) {
        right.clear();
        for (const auto& each : key.items) right.insert(each.integer);
      }
      for (std::size_t i = 0; i < kept.options.size(); ++i)
        view.choices.push_back({kept.options[i], right.contains(static_cast<std::int64_t>(i))});
      break;
    }
    case QuestionKind::number: {
      const auto key = parsed(kept);
      view.number = key.find("value")->text;
      view.tolerance = key.find("tolerance")->text;
      break;
    }
    case QuestionKind::text:
      for (const auto& each : parsed(kept).items) view.accepted.push_back(each.text);
      break;
    case QuestionKind::ordering: view.order = order_of(kept); break;
    case QuestionKind::matching: view.pairs = pairs_of(kept); break;
  }
}

}  // namespace tuition::catalogue

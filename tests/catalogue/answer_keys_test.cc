#include "catalogue/quizzes/answer_keys.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

namespace tuition::catalogue {
namespace {

// The form again, made of what is kept.
QuestionForm again(const QuestionDraft& kept) {
  QuestionSource view;
  show_key(kept, view);
  QuestionForm form;
  form.kind = kept.kind;
  form.question = kept.question;
  form.choices = view.choices;
  form.number = view.number;
  form.tolerance = view.tolerance;
  form.accepted = view.accepted;
  form.order = view.order;
  form.pairs = view.pairs;
  form.explanation = kept.explanation;
  form.points = kept.points;
  return form;
}

}  // namespace

TEST_CASE("what an author says is right is kept, and shown again as it was said") {
  std::vector<QuestionForm> forms(7);
  forms[0].choices = {{"a", false}, {"b", true}};
  forms[1].kind = QuestionKind::multiple;
  forms[1].choices = {{"a", true}, {"b", false}, {"c", true}};
  forms[2].kind = QuestionKind::true_false;
  forms[2].choices = {{"True", false}, {"False", true}};
  forms[3].kind = QuestionKind::number;
  forms[3].number = "-2.50";
  forms[3].tolerance = "0.5";
  forms[4].kind = QuestionKind::text;
  forms[4].accepted = {"la", "A \"quoted\""};
  forms[5].kind = QuestionKind::ordering;
  forms[5].order = {"whole", "half", "quarter", "eighth"};
  forms[6].kind = QuestionKind::matching;
  forms[6].pairs = {{"forte", "loud"}, {"piano", "soft"}, {"tutti", "all"}};
  for (auto& form : forms) {
    form.question = "Which?\n\nMore *words*.";
    form.explanation = "Because.\n\nSo.";
    form.points = 3;
    const auto kept = kept_question(form);
    REQUIRE(kept);
    const auto second = kept_question(again(*kept));
    REQUIRE(second);
    CHECK(*second == *kept);
    CHECK(again(*kept).choices == form.choices);
    CHECK(again(*kept).order == form.order);
    CHECK(again(*kept).pairs == form.pairs);
    CHECK(again(*kept).accepted == form.accepted);
  }
}

TEST_CASE("the order in which an ordering's items and a matching's choices are kept gives nothing away") {
  QuestionForm form;
  form.kind = QuestionKind::ordering;
  form.question = "Order!";
  for (const std::vector<std::string>& items : {std::vector<std::string>{"a", "b"},
                                                {"b", "a"},
                                                {"one", "two", "three", "four"},
                                                {"four", "three", "two", "one"}}) {
    form.order = items;
    const auto kept = kept_question(form);
    REQUIRE(kept);
    if (items.size() > 2) CHECK(kept->options != items);
    CHECK(order_of(*kept) == items);
  }
  // The same items are kept in the same order whatever the right one is; unless it is that one.
  form.order = {"one", "two", "three", "four"};
  std::sort(form.order.begin(), form.order.end());
  std::map<std::vector<std::string>, int> kept;
  do ++kept[kept_question(form)->options];
  while (std::next_permutation(form.order.begin(), form.order.end()));
  REQUIRE(kept.size() == 2);
  CHECK(std::max(kept.begin()->second, kept.rbegin()->second) == 23);
}

}  // namespace tuition::catalogue

#include "learning/quizzes/grading.h"

#include <catch2/catch_test_macros.hpp>
#include <random>

namespace tuition::learning {
namespace {

using catalogue::Question;
using catalogue::QuestionKind;

Question question(QuestionKind kind, std::string correct) {
  Question made;
  made.kind = kind;
  if (kind != QuestionKind::number && kind != QuestionKind::text) made.options = {"a", "b", "c", "d"};
  made.correct_json = std::move(correct);
  made.points = 3;
  return made;
}

enum class Is { right, wrong, refused };

Is outcome(const Question& asked, std::string_view answer) {
  const auto grade = learning::grade(asked, answer);
  if (!grade) return Is::refused;
  CHECK(grade->points == (grade->correct ? asked.points : 0));
  return grade->correct ? Is::right : Is::wrong;
}

}  // namespace

TEST_CASE("answers are graded by kind") {
  const auto single = question(QuestionKind::single, "2");
  const auto multiple = question(QuestionKind::multiple, "[0,2]");
  const auto number = question(QuestionKind::number, R"({"value":"1234.5","tolerance":"0.5"})");
  const auto exact = question(QuestionKind::number, R"({"value":"-0.1","tolerance":"0"})");
  const auto words = question(QuestionKind::text, R"(["upbeat","pick-up","the pickup","Étude"])");
  struct Row {
    const Question& asked;
    const char* answer;
    Is is;
  };
  const Row rows[] = {
      {single, "2", Is::right},
      {single, "1", Is::wrong},
      {single, "4", Is::refused},
      {single, "-1", Is::refused},
      {single, "\"2\"", Is::refused},
      {single, "null", Is::refused},
      {single, "{", Is::refused},
      {multiple, "[0,2]", Is::right},
      {multiple, "[2,0]", Is::right},
      {multiple, "[0]", Is::wrong},
      {multiple, "[]", Is::wrong},
      {multiple, "[0,1,2,3]", Is::wrong},
      {multiple, "[0,0,2]", Is::refused},
      {multiple, "0", Is::refused},
      {number, "\"1234.5\"", Is::right},
      {number, "\"1234.0\"", Is::right},
      {number, "\"1235\"", Is::right},
      {number, "\"1235.01\"", Is::wrong},
      {number, "1234.5", Is::right},
      {number, "\" 1,234.5 \"", Is::right},
      {number, "\"1234,5\"", Is::right},
      {number, "\"\"", Is::wrong},
      {number, "\"about 1234\"", Is::wrong},
      {number, "\"1.2.3\"", Is::wrong},
      {number, "\"99999999999999999999\"", Is::wrong},
      {number, "[1]", Is::refused},
      {exact, "\"-0.1\"", Is::right},
      {exact,
       "\"\xe2\x88\x92"
       "0,10\"",
       Is::right},
      {exact, "\"0.1\"", Is::wrong},
      {exact, "\"-0.1000000001\"", Is::right},
      {words, "\"  The   PICKUP \"", Is::right},
      {words, "\"Upbeat\"", Is::right},
      {words, "\"up beat\"", Is::wrong},
      {words, "\"ÉTUDE\"", Is::right},
      {words, "\"e\\u0301tude\"", Is::right},
      {words, "\"etude\"", Is::wrong},
      {words, "\"\"", Is::wrong},
      {words, "3", Is::refused},
  };
  for (const auto& row : rows) {
    INFO(row.asked.correct_json << " answered " << row.answer);
    CHECK(outcome(row.asked, row.answer) == row.is);
  }
}

TEST_CASE("exactly one set of ticks is right") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    const auto key = 1 + random() % 15;
    const auto list = [](unsigned long bits) {
      std::string out = "[";
      for (int i = 0; i < 4; ++i)
        if (bits >> i & 1U) out += (out.size() > 1 ? "," : "") + std::to_string(i);
      return out + "]";
    };
    const auto asked = question(QuestionKind::multiple, list(key));
    for (unsigned long bits = 0; bits < 16; ++bits)
      CHECK(outcome(asked, list(bits)) == (bits == key ? Is::right : Is::wrong));
  }
}

TEST_CASE("a decimal is read exactly") {
  CHECK(read_decimal("0.1") == 100'000'000);
  CHECK(read_decimal("999999999.999999999") == 999'999'999'999'999'999);
  CHECK(read_decimal("+3") == 3'000'000'000);
  CHECK(read_decimal("-3") == -3'000'000'000);
  for (const auto* each : {"", ".5", "5.", "--3", "1e3", "0x1", "3 4", "1000000000"}) CHECK_FALSE(read_decimal(each));
}

TEST_CASE("the pass mark itself passes") {
  CHECK(passes(7, 10, 70));
  CHECK_FALSE(passes(6, 10, 70));
  CHECK(passes(0, 10, 0));
  CHECK_FALSE(passes(0, 0, 0));
  CHECK_FALSE(passes(2, 3, 67));
}

}  // namespace tuition::learning

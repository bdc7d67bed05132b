#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"

// Pure: the texts inside a course folder. Problems carry the line, counted from 1.
namespace tuition::catalogue::package {

struct Problem {
  std::int64_t line = 1;
  std::string what{};
};

// A file cut at its second `---`.
struct FrontMatter {
  struct Entry {
    std::string_view key;
    std::string_view value;
    std::int64_t line;
  };
  std::vector<Entry> entries{};
  std::string_view body{};
  std::int64_t body_line = 1;

  const Entry* find(std::string_view key) const;
};

// The rules that hold for every file: UTF-8, line ends, the end of the file, no control characters.
void check_text(std::string_view bytes, std::vector<Problem>& problems);

// What stands before the body. After a problem with the `---` lines themselves there is nothing to go on with: none.
std::optional<FrontMatter> read_front_matter(std::string_view bytes, std::vector<Problem>& problems);

// A quiz: its introduction, and its questions.
struct QuizText {
  std::string introduction{};
  std::vector<QuestionDraft> questions{};
  std::vector<std::int64_t> file_lines{};  // of each question: where it names its file; 0: it names none
};
QuizText read_quiz(std::string_view body, std::int64_t first_line, std::vector<Problem>& problems);

// The question as read_quiz reads it, without the empty line that parts it from the next.
std::string write_question(const QuestionDraft& question);

// -?[0-9]+(\.[0-9]+)? with at most nine digits on either side of the point.
bool is_decimal(std::string_view text);

}  // namespace tuition::catalogue::package

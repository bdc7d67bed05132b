#include "catalogue/quizzes/question_files.h"

#include "catalogue/authoring/store_authoring.h"
#include "catalogue/markdown.h"
#include "catalogue/media/media.h"
#include "catalogue/media/store_media.h"
#include "catalogue/quizzes/store_questions.h"

namespace tuition::catalogue {
namespace {

constexpr std::string_view media_mark = "media/";

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

void put_question_uses(WriteTx& tx, const CourseId& course, const LessonId& lesson) {
  const auto row = store::lesson_edit(tx, lesson);
  if (!row || row->quiz.empty()) return;
  auto html = row->body_html;
  const auto addresses = file_addresses(tx, course.text());
  for (const auto& text : store::question_texts(tx, row->quiz))
    if (text.find(media_mark) != std::string::npos)
      if (const auto made = to_html(text, addresses)) html += *made;
  store::put_lesson_uses(tx, lesson.text(), html);
}

std::string with_contents(std::string_view text,
                          const std::function<std::string(std::string_view address)>& content_of) {
  std::string out;
  std::size_t copied = 0;
  for (auto at = text.find(media_mark); at != text.npos; at = text.find(media_mark, at + media_mark.size())) {
    auto from = at;
    for (const std::string_view before : {std::string_view("../"), std::string_view("/api/")})
      if (text.substr(copied, at - copied).ends_with(before)) from = at - before.size();
    auto end = at + media_mark.size();
    while (end < text.size() && is_of_a_name(text[end])) ++end;
    const auto content = content_of(text.substr(from, end - from));
    if (content.empty()) continue;
    out += text.substr(copied, from - copied);
    out += content;
    copied = end;
  }
  out += text.substr(copied);
  return out;
}

}  // namespace tuition::catalogue

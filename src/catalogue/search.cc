#include "catalogue/search.h"

#include <algorithm>

#include "catalogue/markdown.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

constexpr std::size_t words_max = 8;
constexpr std::size_t word_max = 40;  // bytes

// Letters and digits of any script; everything else parts words, as it does in the index.
bool parts(unsigned char c) {
  return c < 0x80 && !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

// The text without its marks, on one line.
std::string one_line(std::string_view markdown) {
  std::string line;
  for (const char c : to_plain(markdown)) {
    const bool space = c == '\n' || c == '\t' || c == ' ' || c == '\r';
    if (!space)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  return line;
}

}  // namespace

std::string search_words(std::string_view typed) {
  std::vector<std::string> words;
  std::string word;
  const auto close = [&] {
    if (word.size() > word_max) {
      word.resize(word_max);
      while (!word.empty() && !is_utf8(word)) word.pop_back();  // cut within a letter
    }
    if (!word.empty() && words.size() < words_max) words.push_back(std::move(word));
    word.clear();
  };
  for (const char c : typed) {
    if (parts(static_cast<unsigned char>(c)))
      close();
    else
      word += c;
  }
  close();
  std::string question;
  for (const auto& each : words) question += (question.empty() ? "\"" : " \"") + each + "\"";
  if (!question.empty()) question += '*';
  return question;
}

Sql search_statement() {
  return "SELECT s.ref_id, s.kind, snippet(search_index, 4, '', '', '\xe2\x80\xa6', 24) "
         "FROM search_index s JOIN courses c ON c.id = s.course_id "
         "WHERE search_index MATCH ?1 AND c.status = 'published' ORDER BY bm25(search_index, 0, 0, 0, 8, 1) LIMIT ?2";
}

std::vector<Hit> search(ReadTx& tx, const std::string& words, SearchIn where, std::int64_t limit) {
  const auto question = where == SearchIn::titles ? "{title} : (" + words + ")" : "{title body} : (" + words + ")";
  auto hits = tx.many<Hit>(search_statement(), question, limit);
  for (auto& hit : hits) hit.snippet = one_line(hit.snippet);
  return hits;
}

}  // namespace tuition::catalogue

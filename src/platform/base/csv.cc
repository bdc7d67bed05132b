#include "platform/base/csv.h"

#include "platform/base/text.h"

namespace tuition {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    const auto first = text_.substr(at_, text_.find('\n', at_) - at_);
    if (first.find(',') == std::string_view::npos && first.find(';') != std::string_view::npos) separator_ = ';';
  }

  Csv all() {
    Csv csv;
    while (at_ < text_.size()) {
      CsvRow row{.line = line_};
      std::string problem;
      while (take_cell(row, problem)) {}
      if (!problem.empty()) {
        csv.problems.push_back({row.line, std::move(problem)});
      } else if (row.cells.size() > 1 || !trim(row.cells.front()).empty()) {
        csv.rows.push_back(std::move(row));
      }
    }
    return csv;
  }

 private:
  bool ended() const { return at_ >= text_.size(); }

  // One cell with what separates it from the next; false at the end of the row.
  bool take_cell(CsvRow& row, std::string& problem) {
    std::string cell;
    if (!ended() && text_[at_] == '"') {
      ++at_;
      if (!take_quoted(cell)) {
        problem = "has a quote that is not closed";
      } else if (!ended() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') {
        problem = "has text behind a closing quote";
      }
    }
    const auto from = at_;
    while (!ended() && text_[at_] != separator_ && text_[at_] != '\n') {
      if (text_[at_] == '"' && problem.empty()) problem = "has a quote in the middle of a cell";
      ++at_;
    }
    auto rest = text_.substr(from, at_ - from);
    const bool last = ended() || text_[at_] == '\n';
    if (last && rest.ends_with('\r')) rest.remove_suffix(1);
    cell += rest;
    if (!is_utf8(cell)) problem = "is not UTF-8";
    if (cell.find('\0') != std::string::npos) problem = "holds a NUL";
    row.cells.push_back(std::move(cell));
    if (!ended()) {
      if (last) ++line_;
      ++at_;
    }
    return !last;
  }

  bool take_quoted(std::string& cell) {
    while (!ended()) {
      const char c = text_[at_++];
      if (c == '"') {
        if (ended() || text_[at_] != '"') return true;
        ++at_;
      }
      if (c == '\n') ++line_;
      cell += c;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  char separator_ = ',';
};

}  // namespace

Csv read_csv(std::string_view text) { return Reader(text).all(); }

void append_csv_cell(std::string& out, std::string_view text) {
  out += '"';
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_csv_row(std::string& out, std::span<const std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    append_csv_cell(out, cells[i]);
  }
  out += "\r\n";
}

}  // namespace tuition

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tuition {

// Comma-separated text (RFC 4180): cells may be quoted and then hold commas, line breaks and doubled quotes. A byte
// order mark is skipped, lines may end in LF or CRLF, empty lines are skipped, and where the first line has semicolons
// and no comma, semicolons separate. Rows that cannot be read are named in `problems` and left out.
struct CsvRow {
  std::int64_t line = 0;  // where it begins, from 1
  std::vector<std::string> cells{};
};

struct CsvProblem {
  std::int64_t line = 0;
  std::string reason{};  // a sentence part: "is not UTF-8"
};

struct Csv {
  std::vector<CsvRow> rows{};
  std::vector<CsvProblem> problems{};
};

Csv read_csv(std::string_view text);

// Appends a quoted cell that no spreadsheet takes for a formula: one that would begin like one gets an apostrophe.
void append_csv_cell(std::string& out, std::string_view text);
// Cells and commas, ended by CRLF.
void append_csv_row(std::string& out, std::span<const std::string> cells);

}  // namespace tuition

#include <fstream>
#include <iostream>
#include <iterator>

#include "accounts/directory/import.h"
#include "cli/closed_school.h"
#include "cli/verbs.h"

namespace tuition::cli {

int import_users(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string path;
  bool check = false;
  bool invite = false;
  line.argument("file", path, "The table, as CSV with a header line");
  line.flag("check", check, "Only say what would happen");
  line.flag("invite", invite, "Mail an invitation to those without a password");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  std::ifstream file(path, std::ios::binary);
  const std::string csv{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    complain(call, path + " cannot be read");
    return exit_code::failed;
  }
  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  const auto report = accounts::directory::import_people((*closed)->app().accounts, system_caller(), csv,
                                                         {.dry_run = check, .invite = invite});
  if (!report) {
    complain(call, report.error());
    return exit_code::failed;
  }
  for (const auto& each : report->errors)
    std::cerr << path << ':' << each.line << ": " << each.field << (each.field.empty() ? "" : " ") << each.reason
              << '\n';
  if (!report->errors.empty()) {
    complain(call, "nobody was added");
    return exit_code::failed;
  }
  for (const auto at : report->skipped_lines) std::cerr << path << ':' << at << ": has an account already\n";
  std::cout << report->created << (check ? " would be added, " : " added, ") << report->skipped
            << " had an account already.\n";
  return exit_code::done;
}

}  // namespace tuition::cli

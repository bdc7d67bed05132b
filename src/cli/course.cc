#include <filesystem>
#include <fstream>
#include <iostream>

#include "accounts/figures.h"
#include "accounts/people.h"
#include "catalogue/authoring/authoring.h"
#include "catalogue/folders/gathering.h"
#include "catalogue/folders/transfer.h"
#include "cli/closed_school.h"
#include "cli/verbs.h"

namespace tuition::cli {
namespace {

namespace fs = std::filesystem;

// Every plain file below the folder, its path beginning with the folder's own name.
Result<void> gather(const fs::path& folder, catalogue::Gathering& files) {
  const auto unreadable = [](const fs::path& path) { return unprocessable(path.string() + " cannot be read"); };
  std::error_code wrong;
  const auto name = fs::canonical(folder, wrong).filename().string();
  if (wrong || !fs::is_directory(folder, wrong)) return unreadable(folder);
  std::string piece(256 * 1024, '\0');
  for (auto at = fs::recursive_directory_iterator(folder, wrong); at != fs::recursive_directory_iterator();
       at.increment(wrong)) {
    if (at->path().filename().string().starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    if (at->is_symlink() || !at->is_regular_file()) continue;
    std::ifstream file(at->path(), std::ios::binary);
    if (!file.is_open()) return unreadable(at->path());
    const auto taker = files.open(name + "/" + at->path().lexically_relative(folder).generic_string());
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
      TRY(taker.take(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount()))));
    if (file.bad()) return unreadable(at->path());
  }
  if (wrong) return unreadable(folder);
  return {};
}

int refuse(const Invocation& call, const Error& error) {
  for (const auto& each : error.fields) std::cerr << each.field << ": " << each.reason << '\n';
  complain(call, error);
  return exit_code::failed;
}

}  // namespace

int course_import(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string folder;
  std::string instructor;
  bool check = false;
  bool publish = false;
  line.argument("folder", folder, "The course's folder");
  line.option("instructor", instructor, "Whose course a new one is, by address; the school's where it is left out");
  line.flag("check", check, "Only say what would happen");
  line.flag("publish", publish, "Show it to learners, too");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  auto& app = (*closed)->app();
  auto caller = system_caller();
  if (!instructor.empty()) {
    const auto person =
        app.db.read([&](ReadTx& tx) { return accounts::person_by_email(tx, accounts::normal_email(instructor)); });
    if (!person || person->role == Role::user) {
      complain(call, instructor + " is nobody who teaches here");
      return exit_code::failed;
    }
    caller.user = person->id;
  }
  catalogue::Gathering files(app.catalogue);
  if (const auto read = gather(folder, files); !read) return refuse(call, read.error());
  auto staged = files.finish();
  if (!staged) return refuse(call, staged.error());
  const auto report = catalogue::import_course(
      app.catalogue, caller, files.views(), check ? catalogue::DryRun::yes : catalogue::DryRun::no, std::move(*staged));
  if (!report) return refuse(call, report.error());
  if (publish && !check)
    if (const auto shown = catalogue::publish_course(app.catalogue, caller, *report->course, {}); !shown)
      return refuse(call, shown.error());
  std::cout << report->slug << ": " << report->modules << " modules, " << report->lessons << " lessons, "
            << report->questions << " questions; " << (check ? "would be " : "")
            << (report->change == catalogue::Imported::Change::none ? "unchanged" : name_of(report->change)) << ".\n";
  return exit_code::done;
}

int course_export(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string slug;
  std::string into = ".";
  line.argument("course", slug, "The course's name in addresses");
  line.option("into", into, "The folder to put the course's folder in");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  const auto course = catalogue::export_course((*closed)->app().catalogue, system_caller(), slug);
  if (!course) return refuse(call, course.error());
  if (fs::exists(fs::path(into) / course->slug)) {
    complain(call, (fs::path(into) / course->slug).string() + " is there already");
    return exit_code::failed;
  }
  for (const auto& each : course->files) {
    const auto path = fs::path(into) / each.path;
    std::error_code wrong;
    fs::create_directories(path.parent_path(), wrong);
    std::ofstream file(path, std::ios::binary);
    file << each.bytes;
    if (!file.flush()) {
      complain(call, path.string() + " cannot be written");
      return exit_code::failed;
    }
  }
  for (const auto& each : course->media) {
    const auto path = fs::path(into) / each.path;
    std::error_code wrong;
    fs::create_directories(path.parent_path(), wrong);
    std::ofstream file(path, std::ios::binary);
    std::string piece;
    for (std::uint64_t at = 0; blobs::read((*closed)->app().db, each.blob, at, blobs::piece_bytes, piece);) {
      at += piece.size();
      file << piece;
      piece.clear();
    }
    if (!file.flush()) {
      complain(call, path.string() + " cannot be written");
      return exit_code::failed;
    }
  }
  std::cout << (fs::path(into) / course->slug).string() << ": " << course->files.size() + course->media.size()
            << " files.\n";
  return exit_code::done;
}

}  // namespace tuition::cli

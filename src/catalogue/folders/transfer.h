#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/folders/course_files.h"
#include "catalogue/folders/importing.h"
#include "catalogue/wire.h"
#include "platform/archive/zip_stream.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// Courses as ZIP files, in and out, for their authors; and as folders, for the command line.
namespace tuition::catalogue {

struct Catalogue;

constexpr auto names_of(Imported::Change) {
  return std::array{std::pair{Imported::Change::created, std::string_view{"created"}},
                    std::pair{Imported::Change::updated, std::string_view{"updated"}},
                    std::pair{Imported::Change::none, std::string_view{"none"}}};
}

struct CourseImportQuery {
  std::optional<bool> check{};
};
constexpr auto fields_of(const CourseImportQuery*) {
  return table("CourseImportQuery", field("check", &CourseImportQuery::check, "Only look through it."));
}

struct CourseImport {
  std::optional<CourseId> course{};
  std::string slug{};
  std::string title{};
  Imported::Change change = Imported::Change::none;
  std::int64_t modules = 0;
  std::int64_t lessons = 0;
  std::int64_t questions = 0;
  bool dry_run = false;
};

constexpr auto fields_of(const CourseImport*) {
  return table("CourseImport",
               field("courseId", &CourseImport::course, "The course; null for a new one that was only looked through."),
               field("slug", &CourseImport::slug, "Its name in addresses."),
               field("title", &CourseImport::title, "Its title."),
               field("change", &CourseImport::change,
                     "Whether a course was made, or one of this name was changed, or was the same already."),
               field("modules", &CourseImport::modules, "How many modules the file holds."),
               field("lessons", &CourseImport::lessons, "How many lessons."),
               field("questions", &CourseImport::questions, "How many questions of quizzes."),
               field("dryRun", &CourseImport::dry_run, "Whether this was a trial, which changed nothing."));
}

struct ExportedCourse {
  std::string slug{};
  std::vector<WrittenFile> files{};  // its texts
  std::vector<FileOut> media{};      // and what they show; the bytes are still to be read
};

// All files of the course's folder.
Result<ExportedCourse> export_course(Catalogue& door, const Caller& caller, const std::string& id_or_slug);

enum class DryRun { yes, no };

// The course as a ZIP of its folder, however long: the files are read when their turn comes.
archive::ZipStream zip_course(Catalogue& door, ExportedCourse course);

// One course folder in the archive. A new course is the caller's, and a draft; one of the same slug becomes what the
// file holds when it is the caller's to change, and SLUG_TAKEN otherwise.
Result<CourseImport> import_course(Catalogue& door, const Caller& caller, const std::vector<PackageFile>& files,
                                   DryRun dry_run, StagedFiles staged = {});

// The archive on its way in. A ZIP is read from its end, so it is put away first, as it comes; then its texts are read,
// and each of its pictures, sounds and films is put away for itself. Memory holds pieces only. One thread at a time.
class CourseUpload {
 public:
  // `declared`: how long the sender says it is. FORBIDDEN, PAYLOAD_TOO_LARGE, STORAGE_FULL.
  static Result<std::unique_ptr<CourseUpload>> begin(Catalogue& door, const Caller& caller, DryRun dry_run,
                                                     std::optional<std::uint64_t> declared);
  CourseUpload(Catalogue& door, Caller caller, DryRun dry_run);  // for begin()

  Result<void> take(std::string_view piece);
  Result<CourseImport> finish();

 private:
  Catalogue& door_;
  Caller caller_;
  DryRun dry_run_;
  blobs::Writer archive_;
};

}  // namespace tuition::catalogue

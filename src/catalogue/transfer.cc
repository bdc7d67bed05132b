#include "catalogue/transfer.h"

#include "catalogue/authoring.h"
#include "catalogue/catalogue.h"
#include "catalogue/store.h"
#include "platform/archive/zip.h"

namespace tuition::catalogue {
namespace {

CourseImport report_of(const CourseDraft& draft, DryRun dry_run) {
  CourseImport report;
  report.slug = draft.slug;
  report.title = draft.title;
  report.modules = static_cast<std::int64_t>(draft.modules.size());
  for (const auto& module : draft.modules) {
    report.lessons += static_cast<std::int64_t>(module.lessons.size());
    for (const auto& lesson : module.lessons)
      if (lesson.quiz) report.questions += static_cast<std::int64_t>(lesson.quiz->questions.size());
  }
  report.dry_run = dry_run == DryRun::yes;
  return report;
}

}  // namespace

Result<ExportedCourse> export_course(Catalogue& door, const Caller& caller, const std::string& id_or_slug) {
  return door.db.read([&](ReadTx& tx) -> Result<ExportedCourse> {
    const auto key = store::course_key(tx, id_or_slug);
    const auto id = key ? key->id : CourseId(id_or_slug);
    TRY(own(tx, caller, id, there_is_no_course));
    auto whole = whole_course(tx, id);
    return ExportedCourse{whole.draft.slug, write_course(whole.draft), std::move(whole.files)};
  });
}

Result<std::string> zip_course(Catalogue& door, const ExportedCourse& course) {
  std::vector<archive::ZipFile> files;
  std::size_t total = 0;
  for (const auto& each : course.files) files.push_back({each.path, each.bytes});
  for (const auto& each : course.media) {
    total += static_cast<std::size_t>(each.bytes);
    if (total > import_max)
      return unprocessable("The course's pictures, recordings and files take more than the " +
                           std::to_string(import_max / 1024 / 1024) +
                           " MiB that a ZIP may hold. Export it on the server: tuition course export.");
    std::string bytes;
    while (blobs::read(door.db, each.blob, bytes.size(), blobs::piece_bytes, bytes)) {}
    files.push_back({each.path, std::move(bytes)});
  }
  return archive::zip(files);
}

Result<CourseImport> import_course(Catalogue& door, const Caller& caller, const std::vector<PackageFile>& files,
                                   DryRun dry_run) {
  if (!caller.is_staff()) return Error{Kind::forbidden, "FORBIDDEN", "This is for those who teach here."};
  auto folders = courses_in(files);
  if (folders.empty()) return unprocessable("There is no course folder in this file.");
  if (folders.size() > 1)
    return unprocessable("There is more than one course folder in this file: send them one by one.");
  auto draft = TRY(read_course(std::move(folders.front())));
  auto report = report_of(draft, dry_run);
  // Ahead of the write, which they would hold up. What a trial put away goes again.
  const auto staged = TRY(stage_files(door, draft));
  std::optional<Result<CourseImport>> tried;
  auto done = door.db.write([&](WriteTx& tx) -> Result<CourseImport> {
    if (const auto there = store::course_key(tx, draft.slug); there && !own(tx, caller, there->id, there_is_no_course))
      return Error{Kind::conflict,
                   "SLUG_TAKEN",
                   "Another teacher has a course of this name. Rename the folder and its slug.",
                   {},
                   {{"slug", "belongs to another course"}}};
    const auto put = TRY(put_course(door, tx, std::move(draft), Publish::no, caller.user, staged));
    report.change = put.change;
    if (dry_run == DryRun::no || put.change != Imported::Change::created) report.course = put.course;
    // A trial does everything, and its error has it undone.
    if (dry_run == DryRun::yes) {
      tried.emplace(report);
      return Error{};
    }
    if (put.change != Imported::Change::none)
      note_change(door, tx, caller, put.course, "course.imported", "The course " + report.slug + " was imported.");
    return report;
  });
  return tried ? std::move(*tried) : std::move(done);
}

Result<CourseImport> import_course(Catalogue& door, const Caller& caller, std::string_view archive, DryRun dry_run) {
  const auto files = TRY(archive::unzip(archive, {.file_max = import_max}));
  std::vector<PackageFile> found;
  for (const auto& each : files) found.push_back({each.path, each.bytes});
  return import_course(door, caller, found, dry_run);
}

}  // namespace tuition::catalogue

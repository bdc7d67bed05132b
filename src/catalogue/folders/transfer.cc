#include "catalogue/folders/transfer.h"

#include <algorithm>

#include "catalogue/authoring/authoring.h"
#include "catalogue/catalogue.h"
#include "catalogue/folders/gathering.h"
#include "catalogue/store.h"

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

archive::ZipStream zip_course(Catalogue& door, ExportedCourse course) {
  std::vector<archive::ZipPart> parts;
  for (auto& each : course.files) parts.push_back({std::move(each.path), std::move(each.bytes), 0, {}});
  for (auto& each : course.media)
    parts.push_back({std::move(each.path),
                     {},
                     static_cast<std::uint64_t>(each.bytes),
                     [&db = door.db, blob = each.blob](std::uint64_t at, std::string& out) {
                       return blobs::read(db, blob, at, blobs::piece_bytes, out);
                     }});
  return archive::ZipStream(std::move(parts));
}

Result<CourseImport> import_course(Catalogue& door, const Caller& caller, const std::vector<PackageFile>& files,
                                   DryRun dry_run, StagedFiles put_away) {
  if (!caller.is_staff()) return Error{Kind::forbidden, "FORBIDDEN", "This is for those who teach here."};
  auto folders = courses_in(files);
  if (folders.empty()) return unprocessable("There is no course folder in this file.");
  if (folders.size() > 1)
    return unprocessable("There is more than one course folder in this file: send them one by one.");
  auto draft = TRY(read_course(std::move(folders.front())));
  auto report = report_of(draft, dry_run);
  // Ahead of the write, which they would hold up. What a trial put away goes again.
  const auto staged = TRY(stage_files(door, draft, std::move(put_away)));
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

// --- Archives

namespace {

Error archive_too_large(std::int64_t mib_max) {
  return {Kind::too_large, "PAYLOAD_TOO_LARGE",
          "A course may come as a ZIP of " + std::to_string(mib_max) +
              " MiB. Import a larger one on the server: tuition course import."};
}

// What was put away, wherever in it is asked for. The last chunk is remembered: an archive is read on from where one
// was.
archive::ZipSource stored_archive(Database& db, const blobs::Writer& from) {
  struct Remembered {
    std::uint64_t number = 0;
    std::string bytes{};
  };
  auto last = std::make_shared<Remembered>();
  return {from.bytes(), [&db, id = from.id(), last](std::uint64_t at, char* to, std::size_t size) {
            std::size_t done = 0;
            while (done < size) {
              const auto number = (at + done) / blobs::chunk_bytes;
              if (last->bytes.empty() || last->number != number) {
                last->bytes.clear();
                last->number = number;
                if (!blobs::read(db, id, number * blobs::chunk_bytes, blobs::chunk_bytes, last->bytes)) break;
              }
              const auto count = last->bytes.copy(
                  to + done, size - done,
                  std::min<std::size_t>(static_cast<std::size_t>(at + done) % blobs::chunk_bytes, last->bytes.size()));
              if (count == 0) break;
              done += count;
            }
            return done;
          }};
}

}  // namespace

CourseUpload::CourseUpload(Catalogue& door, Caller caller, DryRun dry_run)
    : door_(door), caller_(std::move(caller)), dry_run_(dry_run), archive_(door.blobs) {}

Result<std::unique_ptr<CourseUpload>> CourseUpload::begin(Catalogue& door, const Caller& caller, DryRun dry_run,
                                                          std::optional<std::uint64_t> declared) {
  if (!caller.is_staff()) return Error{Kind::forbidden, "FORBIDDEN", "This is for those who teach here."};
  if (declared.value_or(0) > static_cast<std::uint64_t>(door.media.course_mib) * 1024 * 1024)
    return archive_too_large(door.media.course_mib);
  // Once as it comes, and once more taken apart.
  TRY(blobs::check_room(door.blobs, 2 * declared.value_or(0)));
  return std::make_unique<CourseUpload>(door, caller, dry_run);
}

Result<void> CourseUpload::take(std::string_view piece) {
  if (archive_.bytes() + piece.size() > static_cast<std::uint64_t>(door_.media.course_mib) * 1024 * 1024)
    return archive_too_large(door_.media.course_mib);
  return archive_.add(piece);
}

Result<CourseImport> CourseUpload::finish() {
  TRY(archive_.finish());
  Gathering files(door_);
  const archive::ZipBounds bounds{.total_max = static_cast<std::size_t>(door_.media.course_mib) * 1024 * 1024};
  TRY(archive::unzip_to(stored_archive(door_.db, archive_), bounds,
                        [&files](const std::string& path) { return files.open(path); }));
  auto staged = TRY(files.finish());
  return import_course(door_, caller_, files.views(), dry_run_, std::move(staged));
}

}  // namespace tuition::catalogue

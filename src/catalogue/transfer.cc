#include "catalogue/transfer.h"

#include <map>
#include <set>

#include "catalogue/author_text.h"
#include "catalogue/authoring.h"
#include "catalogue/catalogue.h"
#include "catalogue/store.h"
#include "catalogue/store_media.h"
#include "platform/archive/zip.h"

namespace tuition::catalogue {
namespace {

constexpr const char* no_course = "There is no such course.";

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

// What was added in the browser has no place in a folder yet: it is given one, and the texts name it there.
class Packing {
 public:
  Packing(ReadTx& tx, const CourseId& course, CourseDraft& draft) : tx_(tx), draft_(draft) {
    for (auto& row : store::course_files(tx, course.text())) {
      paths_.emplace(row.media.text(), row.path);
      taken_.insert(row.path);
      media_.push_back({draft.slug + "/" + row.path, std::move(row.blob), row.bytes});
    }
  }

  std::vector<ExportedMedia> pack() {
    rename(draft_.body_md, "");
    for (auto& module : draft_.modules) {
      rename(module.body_md, "../");
      for (auto& lesson : module.lessons) {
        rename(lesson.body_md, "../");
        if (!lesson.media.empty() && lesson.file.empty()) lesson.file = path_of(lesson.media);
      }
    }
    return std::move(media_);
  }

 private:
  // Empty: there is no such file any more.
  std::string path_of(const std::string& id) {
    if (const auto found = paths_.find(id); found != paths_.end()) return found->second;
    const auto item = store::media(tx_, MediaId(id));
    if (!item) return {};
    const auto dot = item->name.rfind('.');
    const auto stem = slug_from(std::string_view(item->name).substr(0, dot));
    std::string ending = dot == std::string::npos ? "" : "." + slug_from(std::string_view(item->name).substr(dot + 1));
    std::string path = "media/" + stem + ending;
    for (std::int64_t number = 2; taken_.contains(path); ++number)
      path = "media/" + stem + "-" + std::to_string(number) + ending;
    taken_.insert(path);
    paths_.emplace(id, path);
    media_.push_back({draft_.slug + "/" + path, item->blob, item->bytes});
    return path;
  }

  void rename(std::string& text, std::string_view up) {
    constexpr std::string_view mark = "/api/media/";
    constexpr std::size_t id_length = 36;
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
      const auto id = text.substr(at + mark.size(), id_length);
      if (!is_uuid(id)) continue;
      if (const auto path = path_of(id); !path.empty())
        text.replace(at, mark.size() + id_length, std::string(up) + path);
    }
  }

  ReadTx& tx_;
  CourseDraft& draft_;
  std::map<std::string, std::string> paths_{};  // by the file's id
  std::set<std::string> taken_{};
  std::vector<ExportedMedia> media_{};
};

}  // namespace

Result<ExportedCourse> export_course(Catalogue& door, const Caller& caller, const std::string& id_or_slug) {
  return door.db.read([&](ReadTx& tx) -> Result<ExportedCourse> {
    const auto key = store::course_key(tx, id_or_slug);
    const auto id = key ? key->id : CourseId(id_or_slug);
    TRY(own(tx, caller, id, no_course));
    auto draft = store::draft_of(tx, id);
    auto media = Packing(tx, id, draft).pack();
    return ExportedCourse{draft.slug, write_course(draft), std::move(media)};
  });
}

Result<ExportedArchive> export_archive(Catalogue& door, const Caller& caller, const std::string& id_or_slug) {
  auto course = TRY(export_course(door, caller, id_or_slug));
  std::int64_t sum = 0;
  for (const auto& each : course.media) sum += each.bytes;
  if (sum > static_cast<std::int64_t>(archive_max))
    return Error{Kind::too_large, "PAYLOAD_TOO_LARGE",
                 "This course's recordings and films are too much for one ZIP. An administrator can export it as a "
                 "folder: tuition course export " +
                     course.slug};
  std::vector<archive::ZipFile> files;
  for (auto& each : course.files) files.push_back({std::move(each.path), std::move(each.bytes)});
  for (const auto& each : course.media) {
    archive::ZipFile file{each.path, {}};
    while (blobs::read(door.db, each.blob, file.bytes.size(), blobs::chunk_bytes, file.bytes)) {}
    files.push_back(std::move(file));
  }
  return ExportedArchive{course.slug + ".zip", archive::zip(files)};
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
  const auto staged = TRY(stage_files(door, draft));
  std::optional<Result<CourseImport>> tried;
  auto done = door.db.write([&](WriteTx& tx) -> Result<CourseImport> {
    if (const auto there = store::course_key(tx, draft.slug); there && !own(tx, caller, there->id, no_course))
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
  const auto files = TRY(archive::unzip(archive, {.file_max = archive_max, .total_max = 2 * archive_max}));
  std::vector<PackageFile> found;
  for (const auto& each : files) found.push_back({each.path, each.bytes});
  return import_course(door, caller, found, dry_run);
}

}  // namespace tuition::catalogue

#pragma once

#include <map>
#include <memory>
#include <string>

#include "catalogue/folders/package.h"
#include "catalogue/types.h"
#include "platform/base/result.h"
#include "platform/blobs/blobs.h"
#include "platform/storage/database.h"

// Puts a course that was read from a folder (or made by a program) into the catalogue.
namespace tuition::catalogue {

struct Catalogue;

enum class Publish { yes, no };  // no: a new course is a draft, one that is there keeps its status

struct Imported {
  enum class Change { created, updated, none };
  CourseId course{};
  Change change = Change::none;
  std::int64_t modules = 0;
  std::int64_t lessons = 0;
};

// Bytes of a course's files that are put away already, by their digest: before the write, which they would hold up.
using StagedFiles = std::map<std::string, std::shared_ptr<blobs::Writer>>;
// `staged` has what is put away already.
Result<StagedFiles> stage_files(Catalogue& door, const CourseDraft& draft, StagedFiles staged = {});

// The course of the same slug is made equal to the draft; with an equal one nothing happens. Modules and lessons are
// recognised by slug, also a lesson that has moved to another module, and keep their ids and so everybody's progress;
// a question is recognised by its text. What the draft does not hold is removed.
Result<Imported> put_course(Catalogue& door, CourseDraft draft, Publish publish);
// `owner`: whose a new course is; empty: the school's. `staged` holds every file of the draft that the catalogue does
// not have yet.
Result<Imported> put_course(Catalogue& door, WriteTx& tx, CourseDraft draft, Publish publish, const UserId& owner,
                            const StagedFiles& staged = {});

// read_course and put_course for each course among the files: all or, with any problem in any of them, none.
Result<std::vector<Imported>> import_courses(Catalogue& door, const std::vector<PackageFile>& files, Publish publish,
                                             const UserId& owner = {});

}  // namespace tuition::catalogue

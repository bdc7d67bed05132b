#pragma once

// What there is to learn. A course has modules, each of a level; a module has lessons; a lesson of kind quiz has a
// quiz with questions. Authors write Markdown, which becomes HTML once, when it is stored (markdown.h).
//
// Readers do not ask the database for the outline: everything published, without its bodies, stands in memory as one
// unchangeable Shelf (browsing.h). A write that changes the catalogue calls changed(), and the first reader after its
// commit loads a new one; whoever holds the old one finishes with it. Shelf places are the order in which lessons are
// taken, and Course::revision says which order they mean.
//
// Drafts and archived courses are not on the shelf, so no reader can meet one by a guessed id.
//
// A course comes in as a folder of Markdown files (package.h reads it, importing.h puts it in), and may come in again:
// what has the same slug keeps its id.
//
// Files have a table of their own (media.h); their bytes are in platform/blobs.
//
// Teachers work in the browser (authoring.h, outlining.h, question_editing.h): on courses of their own, administrators
// on all. Each row counts its edits, so that two windows do not overwrite each other.
//
// This domain does not know learners: who may see what is decided in learning, which also has the routes for them. What
// must be known of them before something is taken away, app tells through has_learners and has_attempts.

#include <functional>
#include <vector>

#include "catalogue/authoring/authoring.h"
#include "catalogue/authoring/course_terms.h"
#include "catalogue/browsing.h"
#include "catalogue/folders/importing.h"
#include "catalogue/folders/package.h"
#include "catalogue/markdown.h"
#include "catalogue/media/media.h"
#include "catalogue/media/media_library.h"
#include "catalogue/options.h"
#include "catalogue/quizzes/practice_set.h"
#include "catalogue/quizzes/quizzes.h"
#include "catalogue/search.h"
#include "catalogue/types.h"
#include "platform/base/entropy.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"
#include "platform/blobs/blobs.h"
#include "platform/http/route.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::catalogue {

struct Catalogue {
  Database& db;
  const Clock& clock;
  Entropy& entropy;
  MediaOptions media{};
  Secret link_key{};  // 32 bytes, for signed links only
  ShelfKeeper keeper{};
  blobs::Blobs blobs{db, clock, entropy};
  UploadTally uploads{};
  // Asked before a file is deleted: whether something beyond the catalogue shows it.
  std::vector<std::function<bool(ReadTx&, const MediaId&)>> media_users{};
  // Whether anybody has joined a course, or begun a quiz.
  std::function<bool(ReadTx&, const CourseId&)> has_learners{};
  std::function<bool(ReadTx&, const QuizId&)> has_attempts{};
};

http::Routes routes(Catalogue& door);
jobs::Periodics periodics(Catalogue& door);

}  // namespace tuition::catalogue

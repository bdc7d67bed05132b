#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/blobs/blobs.h"
#include "platform/storage/database.h"

// A course on its way out, with its files.
namespace tuition::catalogue {

struct FileOut {
  std::string path{};  // from the folder above the course's, like those of write_course
  blobs::BlobId blob{};
  std::int64_t bytes = 0;
};

struct WholeCourse {
  CourseDraft draft{};
  std::vector<FileOut> files{};  // by path
};

// The course as its author wrote it. What was chosen from the library has no place in its folder yet: it gets one, and
// texts name it by that.
WholeCourse whole_course(ReadTx& tx, const CourseId& id);

// A name that a file of a course's folder may have, made of any name.
std::string folder_name(std::string_view name);

}  // namespace tuition::catalogue

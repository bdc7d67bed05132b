#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/base/result.h"

// A course as a folder of Markdown. The format is described beside the demo courses (cli/demo/README.md).
namespace tuition::catalogue {

// One file: its path from the folder above the course's ("tuning-up/course.md"), and what is in it. Both must outlive
// the reading. It does not matter where it came from: the disk, the binary, an archive. Of a picture, sound, film or
// other file the facts are enough.
struct PackageFile {
  std::string_view path;
  std::string_view bytes;
  const FileFacts* facts = nullptr;
};

// Whether a file of this path is one of those that texts show, and no text itself.
bool is_package_media(std::string_view path);

inline constexpr std::size_t package_file_max = 512 * 1024;  // bytes of one text

// The path of CourseDraft::files that a text in a course folder names: "../media/x.png" in a lesson or module,
// "media/x.png" in course.md. Empty for every other address.
std::string_view file_path_of(std::string_view address);

// One list per course folder among the files, by name. Files that stand in no folder (a README) and names beginning
// with a dot are left out.
std::vector<std::vector<PackageFile>> courses_in(const std::vector<PackageFile>& files);

// The course as the files of its folder, in the order of their paths: reading them gives the same course, and files in
// the form that is described there come back byte for byte.
struct WrittenFile {
  std::string path{};
  std::string bytes{};
};
std::vector<WrittenFile> write_course(const CourseDraft& course);

// The course in one such list. Every problem is reported at once: FieldProblem::field is "path:line".
Result<CourseDraft> read_course(std::vector<PackageFile> files);

}  // namespace tuition::catalogue

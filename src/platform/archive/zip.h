#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

// Files in one ZIP, in memory.
namespace tuition::archive {

struct ZipFile {
  std::string path{};  // with slashes, from the archive's top
  std::string bytes{};
};

// The same files give the same archive, byte for byte: times are not kept.
std::string zip(const std::vector<ZipFile>& files);

// How much may come out of an archive that somebody sent. What it says about its own sizes is checked, and not
// believed.
struct ZipBounds {
  std::size_t files_max = 2000;
  std::size_t file_max = 512 * 1024;         // bytes of one
  std::size_t total_max = 32 * 1024 * 1024;  // bytes of all
  std::size_t path_max = 255;
};

// The files in it; folders are left out. Refused, with every entry that is wrong named as FieldProblem::field: paths
// that lead elsewhere (/x, ../x, C:\x), that are not UTF-8, hold controls or are there twice; links; encrypted or
// damaged entries; and whatever is too much.
Result<std::vector<ZipFile>> unzip(std::string_view archive, const ZipBounds& bounds);

}  // namespace tuition::archive

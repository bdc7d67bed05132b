#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

// Files in one ZIP.
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

// An archive that lies somewhere else. read() puts up to `size` bytes from `at` on and says how many; fewer than asked
// for only at the end.
struct ZipSource {
  std::uint64_t size = 0;
  std::function<std::size_t(std::uint64_t at, char* to, std::size_t size)> read{};
};

// Where one file goes: at most `max` bytes, piece by piece. An error ends the whole.
struct ZipTaker {
  std::size_t max = 0;
  std::function<Result<void>(std::string_view piece)> take{};
};

// As unzip(), holding no more than a piece: `open` is asked where each file goes, in the archive's order; the bounds
// for one file are the taker's. What came before a refusal counts for nothing.
using ZipOpen = std::function<ZipTaker(const std::string& path)>;
Result<void> unzip_to(const ZipSource& archive, const ZipBounds& bounds, const ZipOpen& open);

}  // namespace tuition::archive

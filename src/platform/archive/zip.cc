#include "platform/archive/zip.h"

#include <minizip/unzip.h>

#include <algorithm>
#include <memory>
#include <set>

#include "platform/archive/zip_stream.h"
#include "platform/base/text.h"

// minizip asks for a file; these functions give it what reads one elsewhere instead.

namespace tuition::archive {
namespace {

struct Place {
  const ZipSource& source;
  std::uint64_t at = 0;
};

Place& of(voidpf opaque) { return *static_cast<Place*>(opaque); }

zlib_filefunc64_def functions(Place& place) {
  zlib_filefunc64_def made{};
  made.opaque = &place;
  made.zopen64_file = [](voidpf opaque, const void*, int) -> voidpf { return opaque; };
  made.zread_file = [](voidpf opaque, voidpf, void* to, uLong size) -> uLong {
    auto& file = of(opaque);
    const auto left = file.source.size - std::min(file.at, file.source.size);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, left));
    const auto done = count > 0 ? file.source.read(file.at, static_cast<char*>(to), count) : 0;
    file.at += done;
    return static_cast<uLong>(done);
  };
  made.zwrite_file = [](voidpf, voidpf, const void*, uLong) -> uLong { return 0; };
  made.ztell64_file = [](voidpf opaque, voidpf) -> ZPOS64_T { return of(opaque).at; };
  made.zseek64_file = [](voidpf opaque, voidpf, ZPOS64_T offset, int origin) -> long {
    auto& file = of(opaque);
    const auto size = file.source.size;
    const auto base = origin == ZLIB_FILEFUNC_SEEK_CUR ? file.at : origin == ZLIB_FILEFUNC_SEEK_END ? size : 0;
    if (offset > size || base + offset > size) return -1;
    file.at = base + offset;
    return 0;
  };
  made.zclose_file = [](voidpf, voidpf) -> int { return 0; };
  made.zerror_file = [](voidpf, voidpf) -> int { return 0; };
  return made;
}

// "512 KiB", "16 MiB".
std::string size_of(std::size_t bytes) {
  constexpr std::size_t mebibyte = 1024 * 1024;
  return bytes >= mebibyte && bytes % mebibyte == 0 ? std::to_string(bytes / mebibyte) + " MiB"
                                                    : std::to_string(bytes / 1024) + " KiB";
}

Error damaged() { return unprocessable("This is no ZIP file, or a damaged one."); }

// Empty when the path may stand below a folder of ours.
std::string complaint_about(std::string_view path, const ZipBounds& bounds) {
  if (path.empty() || path.size() > bounds.path_max)
    return "has a name longer than " + std::to_string(bounds.path_max) + " bytes";
  if (!is_utf8(path) || has_control(path) || path.find_first_of("\t\r\n") != std::string_view::npos)
    return "has a name that is not plain UTF-8";
  if (path.front() == '/' || path.find('\\') != std::string_view::npos || path.find(':') != std::string_view::npos)
    return "has a name that leads out of the archive";
  for (const auto part : split(path, '/'))
    if (part.empty() || part == "." || part == "..") return "has a name that leads out of the archive";
  return {};
}

class Reader {
 public:
  Reader(unzFile file, const ZipBounds& bounds, const ZipOpen& open) : file_(file), bounds_(bounds), open_(open) {}

  Result<void> read() {
    unz_global_info64 about{};
    if (unzGetGlobalInfo64(file_, &about) != UNZ_OK) return damaged();
    if (about.number_entry > bounds_.files_max * 2)
      return Error{Kind::too_large, "PAYLOAD_TOO_LARGE",
                   "There are more than " + std::to_string(bounds_.files_max) + " files in this archive."};
    for (int at = about.number_entry == 0 ? UNZ_END_OF_LIST_OF_FILE : unzGoToFirstFile(file_);
         at != UNZ_END_OF_LIST_OF_FILE; at = unzGoToNextFile(file_)) {
      if (at != UNZ_OK) return damaged();
      if (auto one = read_entry(); !one) return one.error();
    }
    if (wrong_.empty()) return {};
    return Error{Kind::invalid,
                 "VALIDATION_ERROR",
                 "There are files in this archive that cannot be taken.",
                 {},
                 std::move(wrong_)};
  }

 private:
  Result<void> complain(const std::string& path, std::string reason) {
    if (wrong_.size() < 100) wrong_.push_back({is_utf8(path) ? path : "(a name that is not UTF-8)", std::move(reason)});
    return {};
  }

  Result<void> read_entry() {
    unz_file_info64 about{};
    std::string path(bounds_.path_max + 2, '\0');
    if (unzGetCurrentFileInfo64(file_, &about, path.data(), static_cast<uLong>(path.size()), nullptr, 0, nullptr, 0) !=
        UNZ_OK)
      return damaged();
    path.resize(std::min<std::size_t>(about.size_filename, path.size()));
    const auto mode = static_cast<unsigned>(about.external_fa >> 16) & 0170000U;
    if (mode == 0120000) return complain(path, "is a link");
    const bool folder = path.ends_with('/');
    if (auto reason = complaint_about(folder ? std::string_view(path).substr(0, path.size() - 1) : path, bounds_);
        !reason.empty())
      return complain(path, std::move(reason));
    if (folder) return {};
    if ((about.flag & 1) != 0) return complain(path, "is encrypted");
    if (!seen_.insert(path).second) return complain(path, "is there twice");
    if (files_ == bounds_.files_max)
      return Error{Kind::too_large, "PAYLOAD_TOO_LARGE",
                   "There are more than " + std::to_string(bounds_.files_max) + " files in this archive."};
    ++files_;
    return read_bytes(path, open_(path), about.uncompressed_size);
  }

  Result<void> read_bytes(const std::string& path, const ZipTaker& taker, std::uint64_t said) {
    const auto too_long = [&] { return complain(path, "is longer than " + size_of(taker.max)); };
    if (said > taker.max) return too_long();
    if (unzOpenCurrentFile(file_) != UNZ_OK) return complain(path, "is damaged");
    char piece[16 * 1024];
    int count = 0;
    std::size_t bytes = 0;
    while ((count = unzReadCurrentFile(file_, piece, sizeof piece)) > 0) {
      bytes += static_cast<std::size_t>(count);
      total_ += static_cast<std::size_t>(count);
      if (bytes > taker.max || total_ > bounds_.total_max) break;
      if (auto taken = taker.take({piece, static_cast<std::size_t>(count)}); !taken) {
        unzCloseCurrentFile(file_);
        return taken.error();
      }
    }
    const bool whole = unzCloseCurrentFile(file_) == UNZ_OK && count == 0;
    if (bytes > taker.max) return too_long();
    if (total_ > bounds_.total_max)
      return Error{Kind::too_large, "PAYLOAD_TOO_LARGE",
                   "What is in this archive is more than " + std::to_string(bounds_.total_max / 1024 / 1024) + " MiB."};
    if (!whole) return complain(path, "is damaged");
    return {};
  }

  unzFile file_;
  const ZipBounds& bounds_;
  const ZipOpen& open_;
  std::size_t files_ = 0;
  std::set<std::string> seen_{};
  std::size_t total_ = 0;
  std::vector<FieldProblem> wrong_{};
};

}  // namespace

std::string zip(const std::vector<ZipFile>& files) {
  std::vector<ZipPart> parts;
  for (const auto& each : files) parts.push_back({each.path, each.bytes, 0, {}});
  ZipStream stream(std::move(parts));
  std::string out;
  while (stream.next(out)) {}
  return out;
}

Result<void> unzip_to(const ZipSource& archive, const ZipBounds& bounds, const ZipOpen& open) {
  if (archive.size == 0) return damaged();
  // Of nothing but the directory's end minizip makes a damaged archive.
  if (const auto empty = zip({}); archive.size == empty.size()) {
    std::string bytes(empty.size(), '\0');
    if (archive.read(0, bytes.data(), bytes.size()) == bytes.size() && bytes == empty) return {};
  }
  Place place{archive};
  auto ways = functions(place);
  auto* const opened = unzOpen2_64("", &ways);
  if (!opened) return damaged();
  const std::unique_ptr<void, void (*)(void*)> file(opened, [](void* it) { unzClose(it); });
  return Reader(opened, bounds, open).read();
}

Result<std::vector<ZipFile>> unzip(std::string_view archive, const ZipBounds& bounds) {
  const ZipSource source{archive.size(), [archive](std::uint64_t at, char* to, std::size_t size) {
                           return archive.copy(to, size, static_cast<std::size_t>(at));
                         }};
  std::vector<ZipFile> files;
  TRY(unzip_to(source, bounds, [&](const std::string& path) -> ZipTaker {
    auto& file = files.emplace_back(ZipFile{path, {}});
    return {bounds.file_max, [&bytes = file.bytes](std::string_view piece) -> Result<void> {
              bytes += piece;
              return {};
            }};
  }));
  return files;
}

}  // namespace tuition::archive

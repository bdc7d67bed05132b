#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tuition::config {

// One `name = value` of a configuration file; the name includes its [section].
struct FileEntry {
  std::string name{};
  std::string text{};
  int line = 0;
};

struct FileProblem {
  int line = 0;
  std::string reason{};
};

struct FileContents {
  std::vector<FileEntry> entries{};
  std::vector<FileProblem> problems{};
};

// The part of TOML 1.0 that settings need: comments, [sections], dotted names, strings of one line, whole numbers,
// true and false, and arrays of those (joined with commas). Anything else is a problem with its line.
FileContents read_file_text(std::string_view text);

// A value as it must be written in such a file.
std::string quote_for_file(std::string_view text);

}  // namespace tuition::config

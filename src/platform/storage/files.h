#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tuition::storage {

// Whole files, for backup and restore. Each throws Fault, which names the path, when the machine refuses.

void write_durably(const std::filesystem::path& file, std::string_view bytes);
void copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);
// fsync of a file or a folder.
void make_durable(const std::filesystem::path& path);
// Atomic, and durable when it returns. Replaces what is at `to`.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);
// In hex. The file is mapped, not read into memory.
std::string sha256_of_file(const std::filesystem::path& file);
std::string read_small_file(const std::filesystem::path& file);

}  // namespace tuition::storage

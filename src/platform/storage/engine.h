#pragma once

#include <filesystem>
#include <string>

namespace tuition::storage {

// The library behind storage, as it says itself: "3.53.4".
std::string engine_version();

// Copies one moment of a database that another process may have open into a new file. Throws Fault.
void copy_file_of_others(const std::filesystem::path& database, const std::filesystem::path& target);

}  // namespace tuition::storage

#pragma once

#include <filesystem>

namespace tuition::tests {

// The top of the checkout the tests were built from: schema, golden files, samples.
std::filesystem::path checkout();

}  // namespace tuition::tests

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tuition::config {

// The candidate that was probably meant, or empty when none is near: swapped, missing, wrong and extra letters count
// one each, and a third of the word may be wrong.
std::string suggest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tuition::config

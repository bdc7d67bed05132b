#pragma once

#include <string>
#include <string_view>

namespace tuition::tests {

// The bytes of a file of the checkout; fails the test when it is not there.
std::string sample(std::string_view path_in_checkout);

}  // namespace tuition::tests

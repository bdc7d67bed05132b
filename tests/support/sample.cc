#include "sample.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "checkout.h"

namespace tuition::tests {

std::string sample(std::string_view path_in_checkout) {
  const auto path = checkout() / path_in_checkout;
  std::ifstream file(path, std::ios::binary);
  INFO(path.string());
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace tuition::tests

#pragma once

#include <stdexcept>
#include <string>

namespace tuition {

// A promise inside the program was broken: a bug. Caught only at the outermost edge, logged, answered 500.
struct Bug : std::logic_error {
  using std::logic_error::logic_error;
};

inline void check(bool holds, const char* promise) {
  if (!holds) throw Bug(promise);
}

}  // namespace tuition

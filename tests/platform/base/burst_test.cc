#include "platform/base/burst.h"

#include <catch2/catch_test_macros.hpp>

using tuition::Burst;

TEST_CASE("what waits for the end of a burst is done once the outermost is over, and at once without one") {
  int done = 0;
  Burst::at_end([&] { ++done; });
  CHECK(done == 1);
  {
    const Burst outer;
    {
      const Burst inner;
      Burst::at_end([&] { ++done; });
      CHECK(done == 1);
    }
    Burst::at_end([&] { ++done; });
    CHECK(done == 1);
  }
  CHECK(done == 3);
  Burst::at_end([&] { ++done; });
  CHECK(done == 4);
}

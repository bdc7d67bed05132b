#include "app/system.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/jobs/school_work.h"

namespace tuition::app {
namespace {

// The program over a queue, with nobody who works it.
struct Idle {
  jobs::SchoolWork school{};
  metrics::Registry metrics{};
  std::string name = "Tuition", mode = "serve", openapi = "{}";
  System system{*school.db, school.clock, metrics, school.clock.now(), name, mode, openapi};

  http::Reply status() {
    http::Request request;
    request.method = http::Method::get;
    http::Reply told;
    for (const auto& route : routes(system))
      if (route.path == "/api/status")
        route.endpoint.run(request, http::Respond([&](http::Reply reply) { told = std::move(reply); }));
    return told;
  }
};

}  // namespace

TEST_CASE("a school whose work is left lying says so, and when to ask again") {
  Idle idle;
  idle.school.add("work");
  idle.school.clock.pass(seconds(899));
  const auto well = idle.status();
  CHECK(well.status < 300);
  CHECK(well.body.find("\"status\":\"ok\"") != std::string::npos);
  idle.school.clock.pass(seconds(1));
  const auto degraded = idle.status();
  CHECK(degraded.status == 503);
  CHECK(degraded.body.find("\"success\":false,\"error\":{\"code\":\"DEGRADED\"") != std::string::npos);
  CHECK(degraded.body.find("\"field\":\"jobs.oldestDueSeconds\",\"reason\":\"is 900: ") != std::string::npos);
  bool tells_when = false;
  for (const auto& [header, value] : degraded.headers)
    tells_when = tells_when || (header == "Retry-After" && value == "60");
  CHECK(tells_when);
}

}  // namespace tuition::app

#pragma once

#include <cstdint>
#include <string>

#include "platform/http/request.h"
#include "platform/http/route.h"

namespace tuition::http {

struct Place;  // of the engine: a route with its counters

// One request and what its answer needs, from the head's arrival to the last byte sent.
struct Exchange {
  Request request{};
  Place* place = nullptr;
  int minor = 1;              // the client's HTTP/1.minor
  bool head_only = false;     // HEAD
  bool page_if_well = false;  // a browser asks a probe: once it is answered well, the web app's page stands for it
  std::string lines{};        // header lines the guard adds to the answer
  std::int64_t began_us = 0;
  int status = 0;           // once answered
  std::uint64_t bytes = 0;  // of the answer's body, as sent
};

}  // namespace tuition::http

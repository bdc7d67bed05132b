#pragma once

#include <memory>

#include "platform/base/entropy.h"
#include "platform/base/time.h"
#include "platform/outbound/http.h"
#include "platform/outbound/mailer.h"
#include "platform/outbound/successes.h"

namespace tuition::app {

// What stands outside the program, each behind its seam: the time, chance, other people's servers. Tests bring their
// own.
struct Outside {
  const Clock& clock;
  Entropy& entropy;
  outbound::HttpClient& http;
  outbound::Mailer& mailer;
  const outbound::Successes* successes = nullptr;  // of both, if somebody keeps them
};

}  // namespace tuition::app

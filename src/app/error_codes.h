#pragma once

#include "platform/http/error_codes.h"

namespace tuition::app {

// Every code that any route can answer, by status. The API's document, /docs/errors and /docs/api are made of it;
// tests/lint/rules/codes.mjs demands that what the sources say stands here.
const http::ErrorCodes& error_codes();

}  // namespace tuition::app

#pragma once

#include "platform/base/error.h"
#include "platform/http/reply.h"
#include "platform/http/request.h"

namespace tuition::http {

// The only mapping from kinds to statuses.
int status_of(Kind kind);

// The error envelope, or RFC 9457 problem details when the request prefers application/problem+json (D26). `detail`
// goes to the log with the request id, never out.
Reply problem(const Error& error, const Request& request);
// For refusals of HTTP itself, which no kind stands for: 408, 414, 417, 421, 431, 501, 505.
Reply problem(int status, const Error& error, const Request& request);

}  // namespace tuition::http

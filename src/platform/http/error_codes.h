#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tuition::http {

// One thing an answer can complain of: what programs tell apart, and what people read about it at /docs/errors.
struct ErrorCode {
  std::string_view code;      // "EMAIL_TAKEN"
  std::vector<int> statuses;  // with which it is answered; none: it stands in the data of an answer
  std::string_view meaning;   // a sentence
  std::string_view remedy;    // what the caller can do
};

using ErrorCodes = std::vector<ErrorCode>;

// Where /docs/errors speaks of it: "email-taken".
std::string anchor_of(std::string_view code);

}  // namespace tuition::http

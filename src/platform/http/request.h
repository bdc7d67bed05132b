#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/base/time.h"

namespace tuition::http {

enum class Method { get, head, post, put, patch, del, options };

std::string_view to_text(Method method);

// One whole request, as a handler sees it.
struct Request {
  Method method = Method::get;
  std::string path{};                                          // decoded, canonical
  std::string route{};                                         // the template that matched: /api/lessons/{id}
  std::vector<std::pair<std::string, std::string>> params{};   // of the path
  std::vector<std::pair<std::string, std::string>> query{};    // decoded, in order
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body{};                                          // raw bytes
  std::string peer{};                                          // the socket's address
  std::string host{};
  bool https = false;            // as seen by the client
  const Clock* clock = nullptr;  // the engine's: answers tell the time that rows are written by
  Caller caller{};
  // Counts the call against the caller's own limit. D3 puts it behind validation, so json() asks it between decoding
  // and calling; raw handlers are counted before they run. Empty: no limit.
  std::function<std::optional<Error>()> count_call{};

  // What time it is for whoever asks; the beginning of time where nobody set a clock.
  Instant now() const { return clock ? clock->now() : Instant{}; }
  // Empty when absent.
  std::string_view header(std::string_view lower_case_name) const;
  std::string_view param(std::string_view name) const;
  std::optional<std::string_view> query_value(std::string_view name) const;
  // From the Cookie header; empty when absent or sent twice.
  std::string_view cookie(std::string_view name) const;
};

}  // namespace tuition::http

#include "sandbox/calls.h"

namespace tuition::sandbox {

void Calls::note(std::string_view provider, const http::Request& request) {
  Call call{.provider = std::string(provider),
            .method = std::string(http::to_text(request.method)),
            .path = request.path,
            .query = request.query,
            .content_type = std::string(request.header("content-type")),
            .body = request.body,
            .at = clock_.now()};
  const std::lock_guard lock(mutex_);
  call.number = ++last_;
  calls_.push_back(std::move(call));
  if (calls_.size() > kept_) calls_.pop_front();
}

std::vector<Call> Calls::since(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  std::vector<Call> found;
  for (const auto& each : calls_)
    if (each.number > number) found.push_back(each);
  return found;
}

}  // namespace tuition::sandbox

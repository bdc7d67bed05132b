#include "sandbox/mischief.h"

#include <memory>
#include <utility>

namespace tuition::sandbox {

std::optional<Fault> fault_named(std::string_view name) {
  constexpr std::pair<std::string_view, Fault> names[] = {
      {"fail", Fault::fail}, {"limit", Fault::limit},     {"locked", Fault::locked}, {"html", Fault::html},
      {"drop", Fault::drop}, {"garbage", Fault::garbage}, {"hang", Fault::hang}};
  for (const auto& [each, fault] : names)
    if (each == name) return fault;
  return std::nullopt;
}

void Mischief::plan(Fault fault, std::string path_prefix, int times) {
  const std::lock_guard lock(mutex_);
  plans_.push_back({fault, std::move(path_prefix), times});
}

Fault Mischief::take(std::string_view path) {
  const std::lock_guard lock(mutex_);
  for (auto plan = plans_.begin(); plan != plans_.end(); ++plan)
    if (path.starts_with(plan->prefix)) {
      const Fault fault = plan->fault;
      if (--plan->times <= 0) plans_.erase(plan);
      return fault;
    }
  return Fault::none;
}

http::Reply cut_reply() {
  http::Reply reply;
  reply.stream = std::make_shared<http::BodyStream>();
  reply.stream->length = 1000;
  reply.stream->next = [](std::string&) { return false; };
  return reply;
}

}  // namespace tuition::sandbox

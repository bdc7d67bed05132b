#include "platform/http/events.h"

#include <algorithm>
#include <iterator>

#include "platform/base/text.h"

namespace tuition::http {

std::string to_text(const Event& event) {
  std::string out;
  const auto line = [&](std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    // A line break here would begin another field.
    for (const char c : value) out += c == '\n' || c == '\r' || c == '\0' ? ' ' : c;
    out += '\n';
  };
  if (event.retry_ms > 0) line("retry", std::to_string(event.retry_ms));
  if (!event.id.empty()) line("id", event.id);
  if (!event.name.empty()) line("event", event.name);
  for (const auto part : split(event.data, '\n')) line("data", part);
  out += '\n';
  return out;
}

bool EventFeed::append(std::string_view text) {
  std::function<void()> wake;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return false;
    if (pending_.size() + text.size() > pending_max) {
      pending_.clear();
      pending_.shrink_to_fit();
      closed_ = true;
    } else {
      pending_ += text;
    }
    wake = wake_;
  }
  if (wake) wake();
  return true;
}

bool EventFeed::send(const Event& event) { return append(to_text(event)); }

void EventFeed::close() {
  std::function<void()> wake;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    wake = wake_;
  }
  if (wake) wake();
}

bool EventFeed::open() const {
  std::lock_guard lock(mutex_);
  return !closed_;
}

void EventFeed::attach(std::function<void()> wake) {
  std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

bool EventFeed::take(std::string& out) {
  std::lock_guard lock(mutex_);
  out += pending_;
  pending_.clear();
  return !closed_;
}

void EventFeed::detach() {
  std::lock_guard lock(mutex_);
  wake_ = nullptr;
  closed_ = true;
  pending_.clear();
}

Reply event_stream(std::shared_ptr<EventFeed> feed) {
  Reply reply;
  reply.content_type = "text/event-stream";
  reply.feed = std::move(feed);
  reply.with("Cache-Control", "no-store");
  reply.with("X-Accel-Buffering", "no");
  return reply;
}

std::shared_ptr<EventFeed> EventHub::subscribe(std::string channel, std::string owner) {
  auto feed = std::make_shared<EventFeed>();
  std::lock_guard lock(mutex_);
  // Channels whose subscribers have all gone are looked for as often as new ones come, not each time.
  if (++since_sweep_ > channels_.size()) sweep();
  channels_[std::move(channel)].push_back({std::move(owner), feed});
  any_ = true;
  return feed;
}

void EventHub::sweep() {
  since_sweep_ = 0;
  for (auto each = channels_.begin(); each != channels_.end();) {
    std::erase_if(each->second, [](const Subscriber& one) { return one.feed.expired(); });
    each = each->second.empty() ? channels_.erase(each) : std::next(each);
  }
  any_ = !channels_.empty();
}

bool EventHub::listens(const std::string& channel) const {
  if (!any_) return false;
  std::lock_guard lock(mutex_);
  const auto found = channels_.find(channel);
  return found != channels_.end() && std::any_of(found->second.begin(), found->second.end(), [](const auto& each) {
           const auto feed = each.feed.lock();
           return feed && feed->open();
         });
}

void EventHub::keep_newest(const std::string& channel, std::size_t most, const Event& last) {
  std::vector<std::shared_ptr<EventFeed>> listening;
  {
    std::lock_guard lock(mutex_);
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    for (const auto& each : found->second)
      if (auto feed = each.feed.lock(); feed && feed->open()) listening.push_back(std::move(feed));
  }
  for (std::size_t i = 0; i + most < listening.size(); ++i) {
    listening[i]->send(last);
    listening[i]->close();
  }
}

void EventHub::publish(const std::string& channel, const Event& event) {
  std::vector<std::shared_ptr<EventFeed>> listening;
  {
    std::lock_guard lock(mutex_);
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return;
    for (const auto& each : found->second)
      if (auto feed = each.feed.lock()) listening.push_back(std::move(feed));
    if (listening.empty()) channels_.erase(found);
  }
  const auto text = to_text(event);
  for (const auto& feed : listening) feed->append(text);
}

template <class Which>
void EventHub::close_where(Which which) {
  std::vector<std::shared_ptr<EventFeed>> closing;
  {
    std::lock_guard lock(mutex_);
    for (auto& [channel, all] : channels_)
      for (const auto& each : all)
        if (which(channel, each.owner))
          if (auto feed = each.feed.lock()) closing.push_back(std::move(feed));
  }
  for (const auto& feed : closing) feed->close();
}

void EventHub::close_channel(const std::string& channel) {
  close_where([&](const std::string& each, const std::string&) { return each == channel; });
}

void EventHub::close_of(const std::string& owner) {
  close_where([&](const std::string&, const std::string& each) { return each == owner; });
}

void EventHub::close_all() {
  close_where([](const std::string&, const std::string&) { return true; });
}

std::size_t EventHub::subscribers() const {
  std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [channel, all] : channels_)
    for (const auto& each : all)
      if (const auto feed = each.feed.lock(); feed && feed->open()) ++count;
  return count;
}

}  // namespace tuition::http

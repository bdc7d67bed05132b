#include "sandbox/deliveries.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/metrics/metrics.h"
#include "platform/outbound/curl.h"

namespace tuition::sandbox {
namespace {

constexpr std::size_t kept_max = 100;
// Pauses before each further try: three days in all, then given up.
constexpr std::array<Duration, 11> pauses{seconds(5), seconds(30), minutes(5), minutes(30), hours(1), hours(2),
                                          hours(5),   hours(10),   hours(12),  hours(12),   hours(24)};
// How often the clock is looked at while something waits for it.
constexpr auto glance = std::chrono::milliseconds(200);

std::string host_and_port(const std::string& url) {
  const auto begin = url.find("://");
  if (begin == std::string::npos) return {};
  std::string authority = url.substr(begin + 3, url.find_first_of("/?#", begin + 3) - begin - 3);
  if (authority.rfind(':') == std::string::npos || authority.ends_with(']'))
    authority += url.starts_with("https") ? ":443" : ":80";
  return authority;
}

}  // namespace

std::string stripe_signature(const Secret& secret, std::string_view body, Instant at) {
  const std::string time = std::to_string(at.ms / 1000);
  return "t=" + time + ",v1=" + to_hex(bytes_of(crypto::hmac_sha256(secret.reveal(), time + "." + std::string(body))));
}

Signed as_stripe(Secret webhook_secret) {
  return [secret = std::move(webhook_secret)](std::string_view body, Instant at) {
    return std::vector<std::pair<std::string, std::string>>{
        {"User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"},
        {"Stripe-Signature", stripe_signature(secret, body, at)}};
  };
}

struct Deliveries::Impl {
  Impl(const Clock& c, Entropy& e, Signed h, std::function<void()> change)
      : clock(c), entropy(e), headers(std::move(h)), on_change(std::move(change)) {}

  const Clock& clock;
  Entropy& entropy;
  const Signed headers;
  const std::function<void()> on_change;
  metrics::Registry registry;
  // The peer is our own server in this process: it is asked however often it fails.
  outbound::CurlClient client{{.breaker = {std::numeric_limits<int>::max(), seconds(1)}}, registry};

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::string url;
  std::deque<Waiting> waiting;
  std::deque<Delivery> past;
  std::optional<Waiting> sending;
  bool stopping = false;
  std::thread thread;

  std::deque<Waiting>::iterator first_due() {
    if (url.empty()) return waiting.end();
    const Instant now = clock.now();
    return std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& each) { return each.record.due <= now; });
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      const auto found = first_due();
      if (found == waiting.end()) {
        changed.notify_all();
        if (waiting.empty() || url.empty()) {
          changed.wait(lock);
        } else {
          changed.wait_for(lock, glance);
        }
        continue;
      }
      sending = std::move(*found);
      waiting.erase(found);
      outbound::HttpRequest request;
      request.method = "POST";
      request.url = url;
      request.body = sending->event.body;
      request.provider = "webhook";
      request.headers = headers(request.body, clock.now());
      request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
      lock.unlock();
      const auto reply = client.send(request);
      lock.lock();
      settle_item(*std::exchange(sending, std::nullopt), reply ? reply->status : 0);
      on_change();
    }
  }

  void settle_item(Waiting item, int status) {
    Delivery& record = item.record;
    ++record.attempts;
    record.status = status;
    record.delivered = status >= 200 && status < 300;
    const auto tries = static_cast<std::size_t>(record.attempts);
    if (!record.delivered && tries <= pauses.size()) {
      record.due = clock.now() + pauses[tries - 1];
      waiting.push_back(std::move(item));
      return;
    }
    record.given_up = !record.delivered;
    past.push_front(record);
    if (past.size() > kept_max) past.pop_back();
  }

  void shuffle(std::vector<Event>& events) {
    for (std::size_t i = events.size(); i > 1; --i) {
      std::array<std::uint8_t, 2> random{};
      entropy.fill(random);
      std::swap(events[i - 1], events[(static_cast<std::size_t>(random[0]) << 8 | random[1]) % i]);
    }
  }
};

Deliveries::Deliveries(const Clock& clock, Entropy& entropy, Signed headers, std::function<void()> changed)
    : impl_(std::make_unique<Impl>(clock, entropy, std::move(headers), std::move(changed))) {}

Deliveries::~Deliveries() { stop(); }

void Deliveries::start() {
  impl_->stopping = false;
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

void Deliveries::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void Deliveries::to(std::string url) {
  if (!url.empty()) impl_->client.name(host_and_port(url));
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->url = std::move(url);
  }
  impl_->changed.notify_all();
}

std::string Deliveries::target() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->url;
}

void Deliveries::send(std::vector<Event> events, const Manner& manner) {
  if (manner.lost) return;
  {
    const std::lock_guard lock(impl_->mutex);
    if (manner.twice) {
      std::vector<Event> doubled;
      for (const Event& each : events) doubled.insert(doubled.end(), 2, each);
      events = std::move(doubled);
    }
    if (manner.shuffled) impl_->shuffle(events);
    const Instant due = impl_->clock.now() + manner.delay;
    for (Event& each : events) {
      Delivery record{.event_id = each.id, .type = each.type, .due = due};
      impl_->waiting.push_back({std::move(each), std::move(record)});
    }
    impl_->on_change();
  }
  impl_->changed.notify_all();
}

void Deliveries::release() {
  {
    const std::lock_guard lock(impl_->mutex);
    for (auto& each : impl_->waiting) each.record.due = Instant{};
    impl_->on_change();
  }
  impl_->changed.notify_all();
}

void Deliveries::wake() { impl_->changed.notify_all(); }

bool Deliveries::settle(Duration patience) {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.notify_all();
  return impl_->changed.wait_for(lock, std::chrono::milliseconds(patience.ms),
                                 [this] { return !impl_->sending && impl_->first_due() == impl_->waiting.end(); });
}

std::vector<Delivery> Deliveries::recent() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<Delivery> all;
  for (const auto& each : impl_->waiting) all.push_back(each.record);
  std::reverse(all.begin(), all.end());
  all.insert(all.end(), impl_->past.begin(), impl_->past.end());
  if (all.size() > kept_max) all.resize(kept_max);
  return all;
}

std::vector<Waiting> Deliveries::waiting() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<Waiting> all(impl_->waiting.begin(), impl_->waiting.end());
  // Whether it has arrived is not known yet: it goes out again, first.
  if (impl_->sending) all.insert(all.begin(), *impl_->sending);
  return all;
}

std::vector<Delivery> Deliveries::past() const {
  const std::lock_guard lock(impl_->mutex);
  return {impl_->past.begin(), impl_->past.end()};
}

void Deliveries::restore(std::vector<Waiting> waiting, std::vector<Delivery> past) {
  const std::lock_guard lock(impl_->mutex);
  impl_->waiting.assign(std::make_move_iterator(waiting.begin()), std::make_move_iterator(waiting.end()));
  impl_->past.assign(past.begin(), past.end());
}

}  // namespace tuition::sandbox

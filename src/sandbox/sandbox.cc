#include "sandbox/sandbox.h"

#include <chrono>
#include <condition_variable>
#include <thread>

#include "platform/http/engine.h"
#include "platform/http/front.h"
#include "sandbox/dev_pages.h"
#include "sandbox/stripe/api.h"
#include "sandbox/stripe/pages.h"

namespace tuition::sandbox {
namespace {

// How often is looked whether something fell due by itself.
constexpr auto tick = std::chrono::seconds(1);

}  // namespace

struct Sandbox::Impl {
  Impl(SandboxSettings s, AdvancingClock& c, Entropy& e)
      : settings(std::move(s)),
        clock(c),
        entropy(e),
        shop(c, e),
        api(shop, mischief, settings.secret_key),
        deliveries(c, e, settings.webhook_secret),
        mailbox(c, e),
        guard(http::GuardSettings::open_to_all(), nullptr, c, e) {
    shop.deliver = [this](std::vector<Json> events, const Manner& manner) {
      std::vector<Event> sent;
      for (const Json& each : events)
        sent.push_back({each["id"].get<std::string>(), each["type"].get<std::string>(), each.dump()});
      deliveries.send(std::move(sent), manner);
    };
  }

  void look() {
    shop.with({}, [](stripe::Account&) { return 0; });
    api.answer_held(false);
    deliveries.wake();
  }

  SandboxSettings settings;
  AdvancingClock& clock;
  Entropy& entropy;
  metrics::Registry registry;
  Mischief mischief;
  stripe::Shop shop;
  stripe::Api api;
  Deliveries deliveries;
  Mailbox mailbox;
  http::Guard guard;
  std::unique_ptr<http::Engine> engine;
  std::unique_ptr<http::Front> front;
  std::string url;

  std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;
  std::thread ticker;
};

Sandbox::Sandbox(SandboxSettings settings, AdvancingClock& clock, Entropy& entropy)
    : impl_(std::make_unique<Impl>(std::move(settings), clock, entropy)) {}

Sandbox::~Sandbox() { stop(); }

Result<void> Sandbox::start() {
  auto& in = *impl_;
  http::Routes routes = in.api.routes();
  for (auto& each : stripe::pages(in.shop)) routes.push_back(std::move(each));
  in.engine = std::make_unique<http::Engine>(routes, in.guard, nullptr, in.registry, in.clock, in.entropy);
  in.front = std::make_unique<http::Front>(
      http::FrontSettings{.listen = {in.settings.listen}, .name = "sandbox", .threads = 2}, *in.engine, in.registry);
  TRY(in.front->start());
  TRY(in.mailbox.start(in.settings.mail_listen));
  in.url = in.front->addresses().front();
  {
    const std::lock_guard lock(in.shop.mutex);
    in.shop.account.base_url = in.url;
    in.shop.account.now = in.clock.now();
  }
  in.deliveries.start();
  in.ticker = std::thread([impl = impl_.get()] {
    std::unique_lock lock(impl->mutex);
    while (!impl->stopped.wait_for(lock, tick, [impl] { return impl->stopping; })) impl->look();
  });
  return {};
}

void Sandbox::stop() {
  auto& in = *impl_;
  {
    const std::lock_guard lock(in.mutex);
    in.stopping = true;
  }
  in.stopped.notify_all();
  if (in.ticker.joinable()) in.ticker.join();
  in.api.answer_held(true);
  if (in.front) in.front->drain(seconds(1));
  in.deliveries.stop();
  in.mailbox.stop();
}

std::string Sandbox::stripe_url() const { return impl_->url; }
std::string Sandbox::stripe_address() const { return impl_->url.substr(impl_->url.find("://") + 3); }
std::string Sandbox::smtp_url() const { return "smtp://127.0.0.1:" + std::to_string(impl_->mailbox.port()); }

void Sandbox::deliver_webhooks_to(std::string url) { impl_->deliveries.to(std::move(url)); }

void Sandbox::advance(Duration by) {
  impl_->clock.advance(by);
  impl_->look();
}

void Sandbox::decline_renewals(bool declined) {
  const std::lock_guard lock(impl_->shop.mutex);
  impl_->shop.account.cards_fail = declined;
}

bool Sandbox::settle(Duration patience) { return impl_->deliveries.settle(patience); }

Mailbox& Sandbox::mailbox() { return impl_->mailbox; }
Mischief& Sandbox::mischief() { return impl_->mischief; }
Deliveries& Sandbox::deliveries() { return impl_->deliveries; }

http::Routes Sandbox::dev_routes() { return dev_pages(*this, impl_->settings.accounts, impl_->clock); }

}  // namespace tuition::sandbox

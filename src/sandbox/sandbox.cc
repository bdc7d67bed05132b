#include "sandbox/sandbox.h"

#include <chrono>
#include <condition_variable>
#include <thread>

#include "platform/base/text.h"
#include "platform/http/engine.h"
#include "platform/http/front/front.h"
#include "platform/storage/fault.h"
#include "sandbox/dev_pages.h"
#include "sandbox/keeper.h"
#include "sandbox/paystack/bank.h"
#include "sandbox/stripe/api.h"
#include "sandbox/stripe/disputes.h"
#include "sandbox/stripe/pages.h"

namespace tuition::sandbox {
namespace {

// How often is looked whether something fell due by itself.
constexpr auto tick = std::chrono::seconds(1);

constexpr int document_version = 1;

Json to_json(const Delivery& record) {
  return Json{{"id", record.event_id},   {"type", record.type},           {"attempts", record.attempts},
              {"status", record.status}, {"delivered", record.delivered}, {"given_up", record.given_up},
              {"due", record.due.ms}};
}

Delivery delivery_from(const Json& json) {
  return {.event_id = json.at("id").get<std::string>(),
          .type = json.at("type").get<std::string>(),
          .attempts = json.at("attempts").get<int>(),
          .status = json.at("status").get<int>(),
          .delivered = json.at("delivered").get<bool>(),
          .given_up = json.at("given_up").get<bool>(),
          .due = Instant{json.at("due").get<std::int64_t>()}};
}

Signed as_paystack(const Secret& key) {
  return [key](std::string_view body, Instant) {
    return std::vector<std::pair<std::string, std::string>>{{"User-Agent", "Paystack/2.0"},
                                                            {"x-paystack-signature", paystack::signature(key, body)}};
  };
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// Of "http://127.0.0.1:40001"; empty for what is no address.
std::string behind_scheme(const std::string& url) {
  const auto scheme = url.find("://");
  return scheme == std::string::npos ? std::string{} : url.substr(scheme + 3);
}

}  // namespace

struct Sandbox::Impl {
  Impl(SandboxSettings s, AdvancingClock& c, Entropy& e)
      : settings(std::move(s)),
        clock(c),
        entropy(e),
        shop(c, e),
        calls(c),
        api(shop, mischief, calls, settings.secret_key),
        deliveries(c, e, as_stripe(settings.webhook_secret), [this] { keeper.changed(); }),
        bank(c, e, mischief, calls, settings.paystack_key),
        payments(c, e, as_paystack(settings.paystack_key), [this] { keeper.changed(); }),
        mailbox(c, e, 500, settings.folder.empty() ? std::filesystem::path{} : settings.folder / "mail"),
        keeper(stripe_file(), [this] { return document(); }),
        guard(http::GuardSettings::open_to_all(), nullptr, c, e) {
    shop.deliver = [this](std::vector<Json> events, const Manner& manner) {
      std::vector<Event> sent;
      for (const Json& each : events)
        sent.push_back({each["id"].get<std::string>(), each["type"].get<std::string>(), each.dump()});
      deliveries.send(std::move(sent), manner);
    };
    shop.changed = [this] { keeper.changed(); };
    bank.deliver = [this](std::vector<std::string> bodies, const Manner& manner) {
      std::vector<Event> sent;
      for (auto& each : bodies) {
        const Json event = Json::parse(each);
        sent.push_back({event["event"].get<std::string>(), event["event"].get<std::string>(), std::move(each)});
      }
      payments.send(std::move(sent), manner);
    };
    bank.changed = [this] { keeper.changed(); };
  }

  std::filesystem::path clock_file() const { return settings.folder / "clock.json"; }
  std::filesystem::path stripe_file() const { return settings.folder / "stripe.json"; }

  // What a file of the folder holds; null where there is none.
  static Result<Json> read_document(const std::filesystem::path& file) {
    try {
      const std::string text = read_file(file);
      if (text.empty() && !std::filesystem::exists(file)) return Json();
      Json json = Json::parse(text);
      if (json.at("version") != document_version) throw std::runtime_error("of another version");
      return json;
    } catch (const std::exception& unreadable) {
      return unusable(file, unreadable.what());
    }
  }
  static Error unusable(const std::filesystem::path& file, const std::string& why) {
    return Error{Kind::unavailable, "SANDBOX",
                 file.string() + " cannot be used (" + why + "). Without the file the sandbox begins anew."};
  }

  // The clock, before anybody asks it.
  Result<void> restore_clock() {
    const Json saved = TRY(read_document(clock_file()));
    if (saved.is_null()) return {};
    const Json by = saved.value("ahead_ms", Json());
    if (!by.is_number_integer()) return unusable(clock_file(), "ahead_ms is no number");
    ahead = Duration{by.get<std::int64_t>()};
    clock.advance(ahead);
    return {};
  }

  // Pages move to where the sandbox listens now.
  Result<void> restore(Json saved) {
    const std::lock_guard lock(shop.mutex);
    shop.account.base_url = url;
    bank.stand_at(url);
    shop.account.now = clock.now();
    if (saved.is_null()) return {};
    try {
      if (const auto before = saved.at("url").get<std::string>(); before != url)
        saved = Json::parse(replace_all(saved.dump(), before + "/", url + "/"));
      shop.account.restore(saved.at("account"));
      std::vector<Waiting> waiting;
      for (const Json& each : saved.at("waiting"))
        waiting.push_back(
            {{each.at("id").get<std::string>(), each.at("type").get<std::string>(), each.at("body").get<std::string>()},
             delivery_from(each)});
      std::vector<Delivery> past;
      for (const Json& each : saved.at("past")) past.push_back(delivery_from(each));
      deliveries.restore(std::move(waiting), std::move(past));
      if (saved.contains("paystack")) bank.restore(saved.at("paystack"));
      std::vector<Waiting> told;
      for (const Json& each : saved.value("told", Json::array()))
        told.push_back(
            {{each.at("id").get<std::string>(), each.at("type").get<std::string>(), each.at("body").get<std::string>()},
             delivery_from(each)});
      payments.restore(std::move(told), {});
    } catch (const std::exception& unreadable) {
      return unusable(stripe_file(), unreadable.what());
    }
    return {};
  }

  std::string document() {
    Json waiting = Json::array();
    Json past = Json::array();
    Json account;
    {
      // Events go from the account to the deliveries under this lock: none is lost between the two.
      const std::lock_guard lock(shop.mutex);
      account = shop.account.document();
      for (const Waiting& each : deliveries.waiting()) {
        waiting.push_back(to_json(each.record));
        waiting.back()["body"] = each.event.body;
      }
      for (const Delivery& each : deliveries.past()) past.push_back(to_json(each));
    }
    Json told = Json::array();
    for (const Waiting& each : payments.waiting()) {
      told.push_back(to_json(each.record));
      told.back()["body"] = each.event.body;
    }
    return Json{{"version", document_version},   {"url", url},
                {"paystack", bank.document()},   {"told", std::move(told)},
                {"account", std::move(account)}, {"waiting", std::move(waiting)},
                {"past", std::move(past)}}
        .dump();
  }

  // At the address of the last time, for the links that point there; at any other when somebody else has it.
  Result<void> listen(const http::Routes& routes, const std::string& before) {
    for (const std::string& address : {before, settings.listen}) {
      if (address.empty()) continue;
      engine = std::make_unique<http::Engine>(routes, guard, nullptr, registry, clock, entropy);
      front = std::make_unique<http::Front>(http::FrontSettings{.listen = {address}, .name = "sandbox", .threads = 2},
                                            *engine, registry);
      const auto up = front->start();
      if (!up && address == settings.listen) return up.error();
      if (!up) continue;
      url = front->addresses().front();
      return {};
    }
    return {};
  }

  // An answer leaves when what the call changed is kept: whoever was told of a payment finds it again after a crash.
  http::Routes keeping(http::Routes routes) {
    for (auto& route : routes)
      route.endpoint.run = [this, run = std::move(route.endpoint.run)](const http::Request& request,
                                                                       http::Respond respond) {
        run(request, http::Respond([this, respond](http::Reply reply) {
              keeper.flush();
              respond(std::move(reply));
            }));
      };
    return routes;
  }

  void look() {
    shop.with({}, [](stripe::Account&) { return 0; });
    api.answer_held(false);
    bank.look();
    deliveries.wake();
    payments.wake();
  }

  SandboxSettings settings;
  AdvancingClock& clock;
  Entropy& entropy;
  metrics::Registry registry;
  Mischief mischief;
  stripe::Shop shop;
  Calls calls;
  stripe::Api api;
  Deliveries deliveries;
  paystack::Bank bank;
  Deliveries payments;
  Mailbox mailbox;
  Keeper keeper;
  http::Guard guard;
  std::unique_ptr<http::Engine> engine;
  std::unique_ptr<http::Front> front;
  std::string url;
  std::mutex clock_mutex;  // of moving the clock
  Duration ahead{};        // by how much it was moved in all

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
  if (!in.settings.paystack_key.empty())
    for (auto& each : in.bank.routes()) routes.push_back(std::move(each));
  if (in.settings.alone)
    for (auto& each : dev_pages(*this, in.settings.accounts, in.clock, nullptr)) routes.push_back(std::move(each));
  const bool lasts = !in.settings.folder.empty();
  Json saved;
  if (lasts) {
    std::error_code refused;
    std::filesystem::create_directories(in.settings.folder, refused);
    if (refused) return Impl::unusable(in.settings.folder, refused.message());
    TRY(in.restore_clock());
    saved = TRY(Impl::read_document(in.stripe_file()));
  }
  const bool any_port = in.settings.listen.ends_with(":0");
  TRY(in.listen(in.keeping(std::move(routes)),
                any_port && saved.is_object() ? behind_scheme(stripe::text_at(saved, "url")) : std::string{}));
  TRY(in.mailbox.start(in.settings.mail_listen));
  TRY(in.restore(std::move(saved)));
  if (lasts) in.keeper.start();
  in.deliveries.start();
  in.payments.start();
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
  in.payments.stop();
  in.mailbox.stop();
  in.keeper.stop();
}

std::string Sandbox::stripe_url() const { return impl_->url; }
std::string Sandbox::stripe_address() const { return behind_scheme(impl_->url); }
std::string Sandbox::smtp_url() const {
  const auto& listen = impl_->settings.mail_listen;
  return "smtp://" + listen.substr(0, listen.rfind(':')) + ":" + std::to_string(impl_->mailbox.port());
}

Sandbox::Coordinates Sandbox::coordinates() const {
  const auto& in = *impl_;
  return {.stripe_url = stripe_url(),
          .stripe_key = in.settings.secret_key.reveal(),
          .webhook_secret = in.settings.webhook_secret.reveal(),
          .stripe_notices = in.deliveries.target(),
          .paystack_key = in.settings.paystack_key.reveal(),
          .paystack_notices = in.payments.target(),
          .smtp_url = smtp_url()};
}

void Sandbox::deliver_webhooks_to(std::string url) { impl_->deliveries.to(std::move(url)); }

void Sandbox::deliver_payments_to(std::string url) { impl_->payments.to(std::move(url)); }
Deliveries& Sandbox::payments() { return impl_->payments; }
Result<void> Sandbox::dispute(const std::string& payment, const std::string& outcome) {
  const bool both_know = outcome == "open" || outcome == "won" || outcome == "lost";
  if (both_know && impl_->bank.dispute(payment, outcome)) return {};
  return stripe::dispute(impl_->shop, payment, outcome);
}

std::vector<Paid> Sandbox::paid() {
  auto found = impl_->shop.with({}, [](stripe::Account& account) {
    std::vector<Paid> all;
    const auto& ids = account.ids("charge");
    for (auto each = ids.rbegin(); each != ids.rend(); ++each) {
      const Json& charge = *account.find("charge", *each);
      const Json* doubted = stripe::dispute_of(account, *each);
      if (charge["paid"] == true)
        all.push_back({"stripe", stripe::text_at(charge, "payment_intent"), stripe::integer_at(charge, "amount"),
                       stripe::text_at(charge, "currency"), doubted ? stripe::text_at(*doubted, "status") : ""});
    }
    return all;
  });
  for (auto& each : impl_->bank.paid()) found.push_back(std::move(each));
  return found;
}

void Sandbox::advance(Duration by) {
  auto& in = *impl_;
  if (by.ms > 0) {
    const std::lock_guard lock(in.clock_mutex);
    const Duration ahead{in.ahead.ms + by.ms};
    if (!in.settings.folder.empty())
      replace_file(in.clock_file(), Json{{"version", document_version}, {"ahead_ms", ahead.ms}}.dump() + "\n");
    in.ahead = ahead;
    in.clock.advance(by);
  }
  in.look();
}

void Sandbox::decline_renewals(bool declined) {
  const std::lock_guard lock(impl_->shop.mutex);
  impl_->shop.account.cards_fail = declined;
  impl_->shop.changed();
  impl_->bank.decline_cards(declined);
}

bool Sandbox::settle(Duration patience) {
  return impl_->deliveries.settle(patience) && impl_->payments.settle(patience);
}

Mailbox& Sandbox::mailbox() { return impl_->mailbox; }
Mischief& Sandbox::mischief() { return impl_->mischief; }
const Calls& Sandbox::calls() const { return impl_->calls; }
Deliveries& Sandbox::deliveries() { return impl_->deliveries; }

http::Routes Sandbox::dev_routes(Seed seed) {
  auto routes = dev_pages(*this, impl_->settings.accounts, impl_->clock, std::move(seed));
  for (auto& each : stripe::school_pages(impl_->shop)) routes.push_back(std::move(each));
  return impl_->keeping(std::move(routes));
}

}  // namespace tuition::sandbox

#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "platform/base/secret.h"
#include "platform/http/route.h"
#include "sandbox/calls.h"
#include "sandbox/mischief.h"
#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// The account, who may touch it, and where its events go. Shared by the API, the hosted pages and the clock.
struct Shop {
  const Clock& clock;
  std::mutex mutex;
  Account account;  // under the mutex
  // Both are called under the mutex, and wait for nothing.
  std::function<void(std::vector<Json> events, const Manner& manner)> deliver;
  std::function<void()> changed = [] {};

  Shop(const Clock& c, Entropy& entropy) : clock(c), account(entropy) {}
  // Runs `act` on the account at the clock's time, with everything that fell due before played first; delivers what
  // that caused.
  template <class Act>
  auto with(const Manner& manner, Act act) {
    const std::lock_guard lock(mutex);
    const auto before = account.revision();
    catch_up();
    if (auto past = account.take_events(); !past.empty()) deliver(std::move(past), {});
    auto made = act(account);
    if (auto events = account.take_events(); !events.empty()) deliver(std::move(events), manner);
    if (account.revision() != before) changed();
    return made;
  }

 private:
  void catch_up();
};

// The REST interface under /v1: keys, versions, idempotency, errors and expansion as Stripe has them.
class Api {
 public:
  Api(Shop& shop, Mischief& mischief, Calls& calls, Secret secret_key);

  http::Routes routes();
  // Answers held back by Fault::hang whose time has come, or all of them.
  void answer_held(bool all);

 private:
  using Verb = std::function<Result<Json>(Account&, const http::Request&, const Json& given)>;
  void serve(const http::Request& request, const http::Respond& respond, const Verb& verb);
  http::Reply run(Account& account, const http::Request& request, const Verb& verb, const std::string& request_id);
  http::Route route(http::Method method, std::string_view path, std::string_view operation, Verb verb);

  struct Held {
    Instant until;
    http::Respond respond;
    http::Reply reply;
  };
  Shop& shop_;
  Mischief& mischief_;
  Calls& calls_;
  const Secret secret_key_;
  std::mutex mutex_;
  std::deque<Held> held_;  // under the mutex
};

}  // namespace tuition::sandbox::stripe

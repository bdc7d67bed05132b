#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "platform/base/secret.h"
#include "platform/http/route.h"
#include "sandbox/mischief.h"
#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// The account, who may touch it, and where its events go. Shared by the API, the hosted pages and the clock.
struct Shop {
  const Clock& clock;
  std::mutex mutex;
  Account account;  // under the mutex
  std::function<void(std::vector<Json> events, const Manner& manner)> deliver;

  Shop(const Clock& c, Entropy& entropy) : clock(c), account(entropy) {}
  // Runs `act` on the account at the clock's time, with everything that fell due before played first; delivers what
  // that caused.
  template <class Act>
  auto with(const Manner& manner, Act act) {
    std::vector<Json> past;
    std::vector<Json> events;
    auto result = [&] {
      const std::lock_guard lock(mutex);
      catch_up();
      past = account.take_events();
      auto made = act(account);
      events = account.take_events();
      return made;
    }();
    if (!past.empty()) deliver(std::move(past), {});
    if (!events.empty()) deliver(std::move(events), manner);
    return result;
  }

 private:
  void catch_up();
};

// The REST interface under /v1: keys, versions, idempotency, errors and expansion as Stripe has them.
class Api {
 public:
  Api(Shop& shop, Mischief& mischief, Secret secret_key);

  http::Routes routes();
  // Answers held back by Fault::hang whose time has come, or all of them.
  void answer_held(bool all);

 private:
  using Verb = std::function<Result<Json>(Account&, const http::Request&, const Json& given)>;
  void serve(const http::Request& request, const http::Respond& respond, const Verb& verb);
  http::Reply run(const http::Request& request, const Verb& verb, const std::string& request_id);
  http::Route route(http::Method method, std::string_view path, std::string_view operation, Verb verb);

  struct Remembered {
    std::string fingerprint;
    http::Reply reply;
    std::string request_id;
    Instant at;
  };
  struct Held {
    Instant until;
    http::Respond respond;
    http::Reply reply;
  };
  Shop& shop_;
  Mischief& mischief_;
  const Secret secret_key_;
  std::mutex mutex_;  // of what follows
  std::map<std::string, Remembered> remembered_;
  std::deque<Held> held_;
};

}  // namespace tuition::sandbox::stripe

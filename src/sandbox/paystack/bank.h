#pragma once

// A pretend Paystack with memory: transactions, the page to pay on, saved cards, plans and their subscriptions,
// refunds, signed events. It checks requests as the real one does where that is documented, and says of a payment only
// what that would say.

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/base/json.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"
#include "platform/http/route.h"
#include "sandbox/calls.h"
#include "sandbox/mischief.h"
#include "sandbox/paid.h"

namespace tuition::sandbox::paystack {

// Lower-case hex HMAC-SHA512 of the raw body, keyed with the secret key.
std::string signature(const Secret& key, std::string_view body);

class Bank {
 public:
  Bank(const Clock& clock, Entropy& entropy, Mischief& mischief, Calls& calls, Secret secret_key);

  http::Routes routes();
  // Where its pages are; before anybody asks for one.
  void stand_at(std::string base_url);
  // What is due happens now, each at its own time: refunds are processed, subscriptions charged.
  void look();
  void decline_cards(bool declined);
  // A buyer's bank doubts a payment, or has decided. False when there is no such payment.
  bool dispute(const std::string& reference, const std::string& outcome);
  std::vector<Paid> paid() const;  // newest first

  // Called under the lock, and waits for nothing. Bodies in the order they came to be.
  std::function<void(std::vector<std::string> bodies, const Manner& manner)> deliver = [](auto&&...) {};
  std::function<void()> changed = [] {};

  Json document() const;
  void restore(const Json& document);

 private:
  using Verb = std::function<http::Reply(const http::Request&)>;
  http::Route api(http::Method method, std::string_view path, std::string_view operation, Verb verb);
  http::Route page(http::Method method, std::string_view path, std::string_view operation, Verb verb);

  http::Reply initialize(const Json& given);
  http::Reply charge_authorization(const Json& given);
  http::Reply refund(const Json& given);
  http::Reply create_plan(const Json& given);
  http::Reply disable(const Json& given);
  http::Reply enable(const Json& given);
  http::Reply show_manage_page(const std::string& code);
  http::Reply act_on_manage_page(const std::string& code);
  http::Reply show_page(const std::string& reference);
  http::Reply act_on_page(const std::string& reference, const std::string& outcome);

  Json* transaction(const std::string& reference_or_id);
  Json* plan(const std::string& code_or_id);
  Json* subscription(const std::string& code_or_id);
  // The subscription that a payment for a plan begins.
  void begin_subscription(const Json& paid, const Manner& manner);
  void play_subscription(Json& subscription, Instant at);
  void charge_subscription(Json& subscription, Instant at);
  Json& begin(const Json& given, std::string reference);
  void succeed(Json& transaction);
  void tell(std::string_view event, const Json& data, const Manner& manner = {});
  std::string code(std::string_view prefix, std::size_t length);
  std::int64_t next_number();

  const Clock& clock_;
  Entropy& entropy_;
  Mischief& mischief_;
  Calls& calls_;
  const Secret key_;
  mutable std::mutex mutex_;
  std::string base_url_;
  bool cards_fail_ = false;
  std::int64_t numbers_ = 4'099'118'800;
  Json transactions_ = Json::array();  // oldest first
  Json plans_ = Json::array();
  Json subscriptions_ = Json::array();
  Json refunds_ = Json::array();
  Json disputes_ = Json::array();
};

}  // namespace tuition::sandbox::paystack

#pragma once

// The world outside one school, in this process: a pretend Stripe that is asked without sockets, a mail server, and
// what may befall a call to either. The school can be killed in the middle of one.

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/outbound/http.h"
#include "platform/outbound/mailer.h"
#include "sandbox/stripe/api.h"

namespace tuition::simulation {

enum class Trouble {
  refused,       // the call fails, nothing was done
  lost_answer,   // it is done, and nobody hears of it
  killed,        // the school dies before the call
  killed_after,  // or when it was done and before it hears of it
};

// What befalls the calls to come. After a kill nothing leaves the school any more.
class Fate {
 public:
  // The call after so many others.
  void arm(Trouble trouble, std::int64_t after) {
    trouble_ = trouble;
    left_ = after;
  }
  void disarm() { trouble_.reset(); }
  bool dead() const { return dead_; }
  void revive() { dead_ = false; }

  // `act` is the call. False when it is not known to be done.
  bool call(const std::function<void()>& act) {
    if (dead_) throw std::runtime_error("killed");
    if (!trouble_ || left_-- > 0) {
      act();
      return true;
    }
    const auto trouble = *trouble_;
    trouble_.reset();
    if (trouble == Trouble::refused) return false;
    if (trouble == Trouble::killed) die();
    act();
    if (trouble == Trouble::killed_after) die();
    return false;
  }
  // Called at the moment of death, with no transaction open.
  std::function<void()> on_death = [] {};

 private:
  [[noreturn]] void die() {
    on_death();
    dead_ = true;
    throw std::runtime_error("killed");
  }
  std::optional<Trouble> trouble_{};
  std::int64_t left_ = 0;
  bool dead_ = false;
};

// What is broken on purpose, to see that it shows.
enum class Flaw {
  none,
  repeats_are_new,     // a call that is made again cannot be told from a new one
  payments_forgotten,  // that a payment was booked is forgotten, so that the next message books it again
};

// Stripe, asked directly. What it tells is put into `told`.
class PlayedStripe final : public outbound::HttpClient {
 public:
  static constexpr const char* url = "http://stripe.test";
  static constexpr const char* key = "sk_test_simulation";

  PlayedStripe(const Clock& clock, Entropy& entropy, Fate& fate)
      : shop(clock, entropy),
        calls_(clock, 1),
        api_(shop, mischief_, calls_, Secret(key)),
        routes_(api_.routes()),
        fate_(fate) {
    shop.account.base_url = url;
    shop.account.now = clock.now();
    shop.deliver = [this](std::vector<Json> events, const sandbox::Manner&) {
      for (const Json& each : events) told.push_back(each.dump());
    };
  }

  Result<outbound::HttpReply> send(const outbound::HttpRequest& request) override {
    const Error cut{Kind::provider, "PROVIDER_ERROR", "Nobody answers.", "the connection was cut"};
    outbound::HttpReply reply;
    if (!fate_.call([&] { reply = ask(request); })) return cut;
    if (loses_a_refund && request.method == "POST" && request.url.ends_with("/v1/refunds")) {
      loses_a_refund = false;
      return cut;
    }
    return reply;
  }
  // What came in and what went back, as Stripe has it.
  std::string balance() {
    return shop.with({}, [](sandbox::stripe::Account& account) {
      std::int64_t received = 0;
      for (const auto& id : account.ids("payment_intent"))
        received += sandbox::stripe::integer_at(*account.find("payment_intent", id), "amount_received");
      std::int64_t sent_back = 0;
      for (const auto& id : account.ids("refund"))
        sent_back += sandbox::stripe::integer_at(*account.find("refund", id), "amount");
      return std::to_string(received) + " received, " + std::to_string(sent_back) + " sent back";
    });
  }

  sandbox::stripe::Shop shop;
  std::vector<std::string> told{};
  Flaw flaw = Flaw::none;
  bool loses_a_refund = false;  // the answer to the first one that is made

 private:
  outbound::HttpReply ask(const outbound::HttpRequest& wanted) {
    check(wanted.url.starts_with(url), "only Stripe is outside");
    http::Request request;
    request.method = wanted.method == "POST"     ? http::Method::post
                     : wanted.method == "DELETE" ? http::Method::del
                                                 : http::Method::get;
    const auto target = std::string_view(wanted.url).substr(std::string_view(url).size());
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string_view::npos)
      for (const auto pair : split(target.substr(mark + 1), '&')) {
        const auto equals = pair.find('=');
        request.query.emplace_back(*percent_decode(pair.substr(0, equals), Plus::space),
                                   *percent_decode(pair.substr(equals + 1), Plus::space));
      }
    for (const auto& [name, value] : wanted.headers)
      if (flaw != Flaw::repeats_are_new || to_lower_ascii(name) != "idempotency-key")
        request.headers.emplace_back(to_lower_ascii(name), value);
    request.body = wanted.body;
    for (const auto& route : routes_)
      if (route.method == request.method && fits(route.path, request)) return run(route, request);
    throw Bug("the pretend Stripe has no " + wanted.method + " " + request.path);
  }
  static bool fits(std::string_view pattern, http::Request& request) {
    const auto wanted = split(pattern, '/');
    const auto given = split(request.path, '/');
    if (wanted.size() != given.size()) return false;
    request.params.clear();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].starts_with('{'))
        request.params.emplace_back(wanted[i].substr(1, wanted[i].size() - 2), given[i]);
      else if (wanted[i] != given[i])
        return false;
    }
    return true;
  }
  static outbound::HttpReply run(const http::Route& route, const http::Request& request) {
    outbound::HttpReply reply;
    const http::Respond respond([&](http::Reply answer) {
      reply.status = answer.status;
      reply.body = std::move(answer.body);
      for (const auto& [name, value] : answer.headers) reply.headers.emplace_back(to_lower_ascii(name), value);
    });
    route.endpoint.run(request, respond);
    return reply;
  }

  sandbox::Mischief mischief_;
  sandbox::Calls calls_;
  sandbox::stripe::Api api_;
  http::Routes routes_;
  Fate& fate_;
};

// Takes every mail. One that comes twice under one Message-ID is one: mail programs fold them.
class MailServer final : public outbound::Mailer {
 public:
  explicit MailServer(Fate& fate) : fate_(fate) {}
  Result<void> send(const outbound::Mail& mail) override {
    if (!fate_.call([&] { received[mail.message_id] = mail.to + ": " + mail.subject; }))
      return Error{Kind::unavailable, "MAIL", "Nobody answers.", "the connection was cut"};
    return {};
  }
  std::map<std::string, std::string> received{};  // address and subject by Message-ID

 private:
  Fate& fate_;
};

}  // namespace tuition::simulation

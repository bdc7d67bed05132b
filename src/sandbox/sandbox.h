#pragma once

// The world outside, for development and tests: a pretend Stripe with memory, a mailbox, and a clock that can be moved.
// Our own server speaks to it through libcurl over HTTP and SMTP, and gets its webhooks over HTTP; nothing is
// short-circuited. Everything is in memory and on loopback.

#include <memory>
#include <string>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"
#include "platform/http/route.h"
#include "sandbox/deliveries.h"
#include "sandbox/mailbox.h"
#include "sandbox/mischief.h"

namespace tuition::sandbox {

// An account that the demo school has, for the page that tells about it.
struct DemoAccount {
  std::string role{};
  std::string email{};
  std::string password{};
};

struct SandboxSettings {
  Secret secret_key{};                      // the one the server calls Stripe with: sk_test_...
  Secret webhook_secret{};                  // the one it checks webhooks with: whsec_...
  std::string listen = "127.0.0.1:0";       // of the pretend Stripe
  std::string mail_listen = "127.0.0.1:0";  // of the mailbox
  std::vector<DemoAccount> accounts{};
};

class Sandbox {
 public:
  // The clock is the server's own, so that both live at the same time. Both outlive the sandbox.
  Sandbox(SandboxSettings settings, AdvancingClock& clock, Entropy& entropy);
  ~Sandbox();  // stops

  Result<void> start();
  void stop();

  // Known once started.
  std::string stripe_url() const;      // "http://127.0.0.1:40001"
  std::string stripe_address() const;  // "127.0.0.1:40001": to be named to the outbound client
  std::string smtp_url() const;        // "smtp://127.0.0.1:40002"

  void deliver_webhooks_to(std::string url);
  // Moves the clock and plays what falls due: renewals, ends of trials, expired checkouts, delayed deliveries.
  void advance(Duration by);
  // Whether the cards of renewals are declined from now on.
  void decline_renewals(bool declined);
  // Waits until every due event has been delivered or has failed; false when that takes longer.
  bool settle(Duration patience);

  Mailbox& mailbox();
  Mischief& mischief();
  Deliveries& deliveries();

  // Pages for the developer, to be served by the server itself: /dev, /dev/outbox, /dev/outbox/{id}, /dev/events, and
  // POST /dev/clock, /dev/deliver, /dev/mischief. The sandbox outlives them.
  http::Routes dev_routes();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tuition::sandbox

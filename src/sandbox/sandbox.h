#pragma once

// The world outside, for development and tests: a pretend Stripe with memory, a mailbox, and a clock that can be moved.
// Our own server speaks to it through libcurl over HTTP and SMTP, and gets its webhooks over HTTP; nothing is
// short-circuited. Everything is in memory and on loopback; with a folder it outlives a restart:
//
//   clock.json    how far the clock is ahead; written before the clock moves, so that time never goes back
//   stripe.json   the test account and the events still to be delivered; written a moment after each change and at the
//                 end, so that a crash loses that moment at most
//   mail/*.eml    the mailbox; written before a mail is acknowledged

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"
#include "platform/http/route.h"
#include "sandbox/calls.h"
#include "sandbox/deliveries.h"
#include "sandbox/mailbox.h"
#include "sandbox/mischief.h"
#include "sandbox/paid.h"

namespace tuition::sandbox {

// An account that the demo school has, for the page that tells about it.
struct DemoAccount {
  std::string role{};
  std::string email{};
  std::string password{};
};

// One thing that filling the school made.
struct Seeded {
  std::string kind{};  // "person", "plan", "course"
  std::string name{};
};
using Seed = std::function<Result<std::vector<Seeded>>()>;

struct SandboxSettings {
  Secret secret_key{};                      // the one the server calls Stripe with: sk_test_...
  Secret webhook_secret{};                  // the one it checks webhooks with: whsec_...
  Secret paystack_key{};                    // the one it calls Paystack with: sk_test_...; empty: no Paystack
  std::string listen = "127.0.0.1:0";       // of the pretend Stripe
  std::string mail_listen = "127.0.0.1:0";  // of the mailbox
  std::vector<DemoAccount> accounts{};
  std::filesystem::path folder{};  // of this sandbox alone, made where it is missing; empty: nothing outlives it
  bool alone = false;              // no server of a school serves the pages for the developer: the pretend Stripe does
};

class Sandbox {
 public:
  // The clock is the server's own, so that both live at the same time. Both outlive the sandbox.
  Sandbox(SandboxSettings settings, AdvancingClock& clock, Entropy& entropy);
  ~Sandbox();  // stops

  // Takes up where the last sandbox of this folder stopped, at the same addresses while they are free.
  Result<void> start();
  void stop();

  // Known once started.
  std::string stripe_url() const;      // "http://127.0.0.1:40001"
  std::string stripe_address() const;  // "127.0.0.1:40001": to be named to the outbound client
  std::string smtp_url() const;        // "smtp://127.0.0.1:40002"

  void deliver_webhooks_to(std::string url);
  // The pretend Paystack's.
  void deliver_payments_to(std::string url);
  Deliveries& payments();
  // A buyer's bank doubts a payment (open), asks about it (inquiry, at Stripe alone), or has decided (won, lost). The
  // payment is named as in paid(); at Stripe the id of its charge, invoice or dispute will do.
  Result<void> dispute(const std::string& payment, const std::string& outcome);
  std::vector<Paid> paid();  // newest first, one provider's after the other's
  // Moves the clock and plays what falls due: renewals, ends of trials, expired checkouts, delayed deliveries.
  void advance(Duration by);
  // Whether the cards of renewals are declined from now on.
  void decline_renewals(bool declined);
  // Waits until every due event has been delivered or has failed; false when that takes longer.
  bool settle(Duration patience);

  Mailbox& mailbox();
  Mischief& mischief();
  const Calls& calls() const;
  Deliveries& deliveries();

  // What its users must know: addresses, keys, and where notices go.
  struct Coordinates {
    std::string stripe_url{}, stripe_key{}, webhook_secret{}, stripe_notices{};
    std::string paystack_key{}, paystack_notices{};
    std::string smtp_url{};
  };
  Coordinates coordinates() const;

  // Pages for the developer, to be served by the school's server: /dev, /dev/outbox, /dev/outbox/{id}, /dev/events,
  // /dev/pay/{id of a checkout of the school's}, and POST /dev/clock, /dev/deliver, /dev/mischief, /dev/seed. The
  // sandbox outlives them. One that stands alone serves them itself, with POST /dev/webhooks for /dev/seed.
  http::Routes dev_routes(Seed seed = [] { return std::vector<Seeded>{}; });

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tuition::sandbox

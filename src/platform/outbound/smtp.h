#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/base/secret.h"
#include "platform/metrics/metrics.h"
#include "platform/outbound/breaker.h"
#include "platform/outbound/call.h"
#include "platform/outbound/mailer.h"

namespace tuition::outbound {

// Mailer over libcurl. smtps://host means TLS from the first byte (port 465). smtp://host means STARTTLS (port 587),
// without which nothing is sent; only to a loopback address does smtp:// mean plain text. A server that fails again and
// again is left alone for a while, and then tried with one mail at a time until one goes through.
class SmtpMailer final : public Mailer {
 public:
  struct Settings {
    std::string url{};  // may carry user:password@
    std::string username{};
    Secret password{};
    std::string our_name = "localhost";  // said in EHLO
    std::string authorities{};           // PEM text, see certificates.h
    Duration deadline = seconds(60);
    Breaker::Settings breaker{};
    std::function<bool()> write_is_open{};  // on this thread; sending then is a bug
    OnCall on_call{};
  };
  // Error of kind not_configured when the URL makes no sense.
  static Result<std::unique_ptr<SmtpMailer>> open(Settings settings, metrics::Registry& metrics);
  ~SmtpMailer() override;

  // Codes beside the kinds: MAIL_REFUSED (this mail or recipient, for good), MAIL_LOGIN_REFUSED, MAIL_SENDER_REFUSED,
  // MAIL_NO_TLS (our configuration: the same for every mail), MAIL_PAUSED (not tried: the server is left alone),
  // PROVIDER_ERROR (anything that may pass).
  Result<void> send(const Mail& mail) override;

 private:
  struct Server;
  SmtpMailer(Settings settings, std::shared_ptr<Server> server, metrics::Registry& metrics);
  struct Letter;
  static Result<Letter> letter_of(const Mail& mail);
  struct Delivery;
  Delivery deliver(const Letter& letter);

  Settings settings_;
  std::shared_ptr<Server> server_;
  metrics::Registry& metrics_;
  metrics::Histogram& seconds_;
};

}  // namespace tuition::outbound

#include "app/real_outside.h"

#include <mutex>

#include "app/embedded.h"
#include "platform/outbound/certificates.h"
#include "platform/outbound/resolver.h"
#include "platform/outbound/smtp.h"
#include "platform/storage/database.h"

namespace tuition::app {
namespace {

// Without a mail server mail waits in the queue until there is one.
class NoMailer final : public outbound::Mailer {
 public:
  Result<void> send(const outbound::Mail&) override {
    return Error{Kind::not_configured, "NOT_CONFIGURED", "No mail server is set up.", "mail.smtp_url is empty"};
  }
};

// Who will be called over HTTPS, as far as the settings tell.
std::vector<std::string> providers_of(const Options& options) {
  std::vector<std::string> names;
  if (!options.billing.stripe_key.empty()) names.emplace_back("stripe");
  if (!options.billing.paystack_keys.empty()) names.emplace_back("paystack");
  return names;
}

}  // namespace

// Another mailer may take the place of the one there is; a mail that is on its way ends with the old one.
class RealOutside::SwitchedMailer final : public outbound::Mailer {
 public:
  Result<void> send(const outbound::Mail& mail) override {
    std::shared_ptr<outbound::Mailer> mailer;
    {
      const std::lock_guard lock(mutex_);
      mailer = now_;
    }
    return mailer->send(mail);
  }
  void use(std::shared_ptr<outbound::Mailer> mailer) {
    const std::lock_guard lock(mutex_);
    now_ = std::move(mailer);
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<outbound::Mailer> now_;
};

RealOutside::RealOutside() : mail_(std::make_unique<SwitchedMailer>()) {}
RealOutside::~RealOutside() = default;

Result<void> RealOutside::use_mail(const outreach::OutreachOptions& options) {
  if (options.smtp_url.empty()) {
    mail_->use(std::make_shared<NoMailer>());
    return {};
  }
  mail_->use(TRY(outbound::SmtpMailer::open(
      {.url = options.smtp_url.reveal(),
       .our_name = options.mail_domain(),
       .authorities = authorities_,
       .write_is_open = write_is_open,
       .on_call = [book = successes_.get()](const outbound::Call& call) { book->note(call); }},
      *metrics_)));
  return {};
}

Result<std::unique_ptr<RealOutside>> RealOutside::open(const Options& options, const Clock& clock,
                                                       metrics::Registry& metrics) {
  outbound::resolve_by_files_and_dns();
  auto world = std::make_unique<RealOutside>();
  std::string bundle;
  for (const auto& file : embedded_certificates()) bundle += file.bytes;
  world->metrics_ = &metrics;
  world->authorities_ = outbound::trusted_authorities(bundle);
  world->successes_ = std::make_unique<outbound::Successes>(clock);
  outbound::CurlClient::Settings calls;
  calls.authorities = world->authorities_;
  calls.named = options.private_peers;
  calls.write_is_open = write_is_open;
  calls.on_call = [book = world->successes_.get()](const outbound::Call& call) { book->note(call); };
  calls.providers = providers_of(options);
  world->http_ = std::make_unique<outbound::CurlClient>(std::move(calls), metrics);
  TRY(world->use_mail(options.outreach));
  world->seams_ =
      std::make_unique<Outside>(Outside{clock, world->entropy_, *world->http_, *world->mail_, world->successes_.get()});
  return world;
}

}  // namespace tuition::app

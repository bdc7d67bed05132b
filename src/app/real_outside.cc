#include "app/real_outside.h"

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

}  // namespace

Result<std::unique_ptr<RealOutside>> RealOutside::open(const Options& options, const Clock& clock,
                                                       metrics::Registry& metrics) {
  outbound::resolve_by_files_and_dns();
  auto world = std::make_unique<RealOutside>();
  std::string bundle;
  for (const auto& file : embedded_certificates()) bundle += file.bytes;
  const std::string authorities = outbound::trusted_authorities(bundle);
  world->http_ = std::make_unique<outbound::CurlClient>(
      outbound::CurlClient::Settings{
          .authorities = authorities, .named = options.private_peers, .write_is_open = write_is_open},
      metrics);
  if (options.outreach.smtp_url.empty()) {
    world->mailer_ = std::make_unique<NoMailer>();
  } else {
    world->mailer_ = TRY(outbound::SmtpMailer::open({.url = options.outreach.smtp_url.reveal(),
                                                     .our_name = options.outreach.mail_domain(),
                                                     .authorities = authorities,
                                                     .write_is_open = write_is_open},
                                                    metrics));
  }
  world->seams_ = std::make_unique<Outside>(Outside{clock, world->entropy_, *world->http_, *world->mailer_});
  return world;
}

}  // namespace tuition::app

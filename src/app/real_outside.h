#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/options.h"
#include "app/outside.h"
#include "platform/crypto/system_entropy.h"
#include "platform/metrics/metrics.h"
#include "platform/outbound/curl.h"

namespace tuition::app {

// The world as it is: the system's clock and chance, HTTPS and SMTP through libcurl.
class RealOutside {
 public:
  // `clock` must outlive this. NOT_CONFIGURED when the mail server's address makes no sense.
  static Result<std::unique_ptr<RealOutside>> open(const Options& options, const Clock& clock,
                                                   metrics::Registry& metrics);

  RealOutside();
  ~RealOutside();

  // Sends mail from now on as these options say; when their mail server makes no sense, as before.
  Result<void> use_mail(const outreach::OutreachOptions& options);

  const Outside& seams() const { return *seams_; }
  outbound::CurlClient& http() { return *http_; }

 private:
  crypto::SystemEntropy entropy_;
  std::unique_ptr<outbound::Successes> successes_;
  std::unique_ptr<outbound::CurlClient> http_;
  class SwitchedMailer;
  std::unique_ptr<SwitchedMailer> mail_;
  std::string authorities_;
  metrics::Registry* metrics_ = nullptr;
  std::unique_ptr<Outside> seams_;
};

}  // namespace tuition::app

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

  const Outside& seams() const { return *seams_; }
  outbound::CurlClient& http() { return *http_; }

 private:
  crypto::SystemEntropy entropy_;
  std::unique_ptr<outbound::CurlClient> http_;
  std::unique_ptr<outbound::Mailer> mailer_;
  std::unique_ptr<Outside> seams_;
};

}  // namespace tuition::app

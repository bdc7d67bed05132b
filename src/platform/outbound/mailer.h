#pragma once

#include <string>
#include <utility>
#include <vector>

#include "platform/base/result.h"
#include "platform/base/time.h"

namespace tuition::outbound {

struct Mail {
  std::string from{};  // "Music School <school@example.org>" or a bare address
  std::string to{};    // one address
  std::string reply_to{};
  std::string subject{};
  std::string text{};
  std::string html{};        // may be empty
  std::string message_id{};  // without brackets; the same at every try
  Instant date{};
  std::vector<std::pair<std::string, std::string>> headers{};  // more of them, ASCII: List-Unsubscribe
};

// Hands one mail to the configured server. An Error of kind rejected is final (5xx for this recipient). Kind provider
// may be tried again: the server had this mail and did not take it. Kinds unavailable and not_configured are no fault
// of the mail's, which has not even been offered: the server is away, or refuses us altogether. Blocks; safe from any
// thread; throws Bug when a write transaction is open on this thread.
class Mailer {
 public:
  virtual ~Mailer() = default;
  virtual Result<void> send(const Mail& mail) = 0;
};

}  // namespace tuition::outbound

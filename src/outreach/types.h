#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "platform/base/fields.h"
#include "platform/base/id.h"

namespace tuition::outreach {

using MailId = Id<struct MailTag>;

enum class Channel { email };

// May the person refuse this kind? What an account needs to work, and what the law asks us to send, stays.
enum class Unsubscribe { never, allowed };

// A kind of message. The name is stable: rows and templates are found by it.
struct MessageKind {
  std::string_view name;
  std::string_view sentence;
  Channel channel = Channel::email;
  Unsubscribe unsubscribe = Unsubscribe::never;
};

// To whom. The user is empty for people without an account.
struct Recipient {
  std::string email{};
  UserId user{};
};

enum class MailStatus { queued, sent, failed };

constexpr auto names_of(MailStatus) {
  return std::array{std::pair{MailStatus::queued, std::string_view{"queued"}},
                    std::pair{MailStatus::sent, std::string_view{"sent"}},
                    std::pair{MailStatus::failed, std::string_view{"failed"}}};
}

}  // namespace tuition::outreach

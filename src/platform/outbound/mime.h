#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/outbound/mailer.h"

namespace tuition::outbound {

// One address with an optional name: `Music School <school@example.org>`.
struct Mailbox {
  std::string name{};
  std::string address{};
};
// Error of kind rejected when it is not exactly one address, or holds line breaks or other controls.
Result<Mailbox> parse_mailbox(std::string_view text);

// The whole message as SMTP carries it (RFC 5322, 2045, 2047, 6532): CRLF line ends, no line over 998 bytes,
// quoted-printable text, and HTML beside it as multipart/alternative. The same mail always gives the same bytes. Error
// of kind rejected when a header value holds a line break or another control.
Result<std::string> compose(const Mail& mail);

// Parts of it, for tests.
std::string encode_words(std::string_view text, std::size_t first_column);
std::string quoted_printable(std::string_view text);

}  // namespace tuition::outbound

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/time.h"

namespace tuition::sandbox {

// A mail as a person would read it.
struct Letter {
  std::string id{};
  std::string from{};
  std::string to{};  // several with commas
  std::string subject{};
  std::string text{};
  std::string html{};
  Instant received{};
  std::vector<std::pair<std::string, std::string>> headers{};  // unfolded, as sent
  std::string raw{};
};

// Reads headers, encoded words, and the text and HTML parts of a mail (RFC 5322, 2045 to 2047): quoted-printable and
// base64, UTF-8, ASCII and Latin-1. What it cannot read it leaves as it is.
Letter read_letter(std::string_view raw);

}  // namespace tuition::sandbox

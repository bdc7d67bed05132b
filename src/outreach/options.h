#pragma once

#include <string>
#include <string_view>

#include "platform/base/secret.h"
#include "platform/config/option.h"

namespace tuition::outreach {

// What an operator says about the school's name, its address on the web and its mail.
struct OutreachOptions {
  std::string site_name = "Tuition";
  std::string base_url = "http://localhost:8080";  // without a slash at the end
  Secret smtp_url{};                               // empty: mail waits in the queue
  std::string from{};                              // empty: no-reply at the host of base_url
  std::string reply_to{};

  // "Name <address>", as it stands in mail.
  std::string sender() const;
  // What follows the at-sign in Message-IDs.
  std::string mail_domain() const;
};

// "school.example" of "https://school.example:8443/x".
std::string host_of(std::string_view url);

config::Options option_table(OutreachOptions& options);

}  // namespace tuition::outreach

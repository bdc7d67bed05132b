#include "outreach/options.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::outreach {
namespace {

std::string set(OutreachOptions& options, std::string_view name, const std::string& text) {
  for (const auto& each : option_table(options))
    if (each.name == name) return each.set(text);
  return "no such option";
}

}  // namespace

TEST_CASE("mail comes from no-reply at the site's host when no sender is set") {
  OutreachOptions options{.site_name = "A \"B\" C", .base_url = "https://school.example:8443/x"};
  CHECK(options.sender() == "\"A \\\"B\\\" C\" <no-reply@school.example>");
  CHECK(options.mail_domain() == "school.example");
}

TEST_CASE("a sender's own name wins over the site's") {
  OutreachOptions options;
  CHECK(set(options, "mail.from", "Front Desk <desk@music.example>").empty());
  CHECK(options.sender() == "Front Desk <desk@music.example>");
  CHECK(options.mail_domain() == "music.example");
}

TEST_CASE("addresses that cannot work are refused") {
  OutreachOptions options;
  CHECK_FALSE(set(options, "mail.from", "nobody").empty());
  CHECK_FALSE(set(options, "mail.from", "a@b.example\r\nBcc: c@d.example").empty());
  CHECK_FALSE(set(options, "mail.smtp_url", "http://mail.example").empty());
  CHECK_FALSE(set(options, "site.base_url", "school.example").empty());
  CHECK_FALSE(set(options, "site.base_url", "https://").empty());
  CHECK_FALSE(set(options, "site.base_url", "https://school.example/?a=b").empty());
  CHECK(set(options, "site.base_url", "https://school.example/").empty());
  CHECK(options.base_url == "https://school.example");
}

}  // namespace tuition::outreach

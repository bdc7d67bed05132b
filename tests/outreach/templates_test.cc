#include "outreach/templates.h"

#include <catch2/catch_test_macros.hpp>

#include "app/embedded.h"
#include "outreach/messages.h"

namespace tuition::outreach {
namespace {

template <class Message>
Rendered rendered(const Message& message, std::string_view site = "Hill Road Music") {
  const Templates templates(app::embedded_templates());
  return templates.render(Message::kind.name, shape_of<Message>(), parse_json(to_json(message)).value(), site,
                          "https://school.example");
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every kind of message has words for a person without a name and without optional fields") {
  const Templates templates(app::embedded_templates());
  for (const auto& each : catalogue()) {
    INFO(each.kind->name);
    const auto words = templates.render(each.kind->name, *each.fields, parse_json("{}").value(), "Hill Road Music",
                                        "https://s.example");
    CHECK(words.subject.size() > 8);
    CHECK(has(words.text, "https://s.example"));
    CHECK(has(words.html, "</html>"));
    for (const auto* text : {&words.subject, &words.text, &words.html}) {
      CHECK_FALSE(has(*text, "{{"));
      CHECK_FALSE(has(*text, "Hello ,"));
    }
  }
}

TEST_CASE("what people typed is escaped in HTML and left alone in text") {
  const auto words = rendered(Welcome{.name = "<b>Tom & \"Jerry\"</b>"}, "O'Hara & Co");
  CHECK(has(words.text, "Hello <b>Tom & \"Jerry\"</b>,"));
  CHECK(has(words.subject, "O'Hara & Co"));
  CHECK_FALSE(has(words.html, "<b>Tom"));
  CHECK(has(words.html, "&lt;b&gt;Tom &amp; &quot;Jerry&quot;"));
}

TEST_CASE("a field cannot bring template code of its own") {
  const auto words = rendered(Welcome{.name = "{{base}}"});
  CHECK(has(words.text, "Hello {{base}},"));
  CHECK_FALSE(has(words.html, "https://school.example, "));
}

TEST_CASE("a subject stays one line whatever a field holds") {
  const auto words = rendered(SubscriptionEnded{.plan_name = "Piano\r\nBcc: all@example.org"});
  CHECK(words.subject.find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("days are written out, and lines about absent days are left out") {
  const auto with = rendered(SubscriptionStarted{
      .plan_name = "Piano", .price = "12.00 USD per month", .next_charge_on = parse_day("2026-12-01")});
  CHECK(has(with.text, "Next payment: 1 December 2026"));
  CHECK_FALSE(has(with.text, "Free trial"));
}

TEST_CASE("the link to confirm an address carries the token") {
  const auto words = rendered(VerifyEmail{.name = "Ada", .token = "abc-123_x", .hours_valid = 48});
  CHECK(has(words.text, "https://school.example/verify-email?token=abc-123_x\n"));
  CHECK(has(words.html, "href=\"https://school.example/verify-email?token=abc-123_x\""));
  CHECK(has(words.text, "next 48 hours"));
}

}  // namespace tuition::outreach

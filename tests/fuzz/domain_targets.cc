#include <algorithm>

#include "accounts/wire.h"
#include "audit/wire.h"
#include "billing/stripe/objects.h"
#include "billing/stripe/signature.h"
#include "billing/wire.h"
#include "catalogue/folders/package_text.h"
#include "catalogue/markdown.h"
#include "fuzz.h"
#include "learning/wire.h"
#include "platform/base/text.h"
#include "platform/crypto/token.h"

namespace tuition::fuzz {
namespace {

constexpr Instant now{1'795'000'000'000};
constexpr std::string_view event = R"({"id":"evt_1","object":"event"})";

const std::vector<Secret>& webhook_secrets() {
  static const std::vector<Secret> secrets{Secret("whsec_one"), Secret("whsec_two")};
  return secrets;
}

std::uint64_t read_signature(std::string_view input) {
  // Header and body, cut at the first line feed; without one, the body is ours and the header a stranger's.
  const auto cut = input.find('\n');
  const auto header = input.substr(0, cut);
  const auto body = cut == std::string_view::npos ? event : input.substr(cut + 1);
  const auto good = billing::stripe::check_signature(header, body, webhook_secrets(), now);
  if (!good) return Happened().text(good.error().detail.substr(0, 24));
  // Only a signature made with one of the secrets, over this very body, passes.
  bool ours = false;
  for (const auto& secret : webhook_secrets())
    for (std::int64_t s = -300; s <= 300; ++s) {
      const auto made = billing::stripe::sign(body, secret, now + seconds(s));
      ours = ours || header.find(made.substr(made.find("v1=") + 3)) != std::string_view::npos;
    }
  demand(ours, "nobody signs without the secret");
  return Happened().also(1).size(body.size());
}

const crypto::TokenSigner& signer() {
  static const crypto::TokenSigner made(Secret(std::string(32, 'k')), "https://school.example");
  return made;
}

std::string good_token() {
  return signer().sign({.subject = "01930a5c-7d2e-7c41-9b0f-3c8e5d1a2b4c",
                        .session = "01930a5c-7d2e-7c41-9b0f-3c8e5d1a2b4d",
                        .role = "user",
                        .issued = now - minutes(1),
                        .expires = now + hours(1)});
}

std::uint64_t read_token(std::string_view input) {
  static const auto good = good_token();
  const auto claims = signer().verify(input, now);
  const auto read = signer().read(input, now);
  if (claims) demand(input == good, "no token but the one that was signed is good");
  if (read) demand(input == good, "nor is one that has run out");
  const auto digest = crypto::digest(input);
  demand(digest.size() == 64, "a digest is one");
  return Happened().also(claims.ok()).text(claims ? "" : claims.error().detail.substr(0, 24));
}

std::uint64_t read_markdown(std::string_view input) {
  const auto html = catalogue::to_html(input);
  if (!html) return Happened().also(1);
  const auto& text = html.value();
  demand(text.size() <= catalogue::html_max, "HTML keeps to its size");
  demand(!is_utf8(input) || is_utf8(text), "HTML is UTF-8");
  // Whatever looks like a tag is one of ours, and none has an attribute that runs or leads elsewhere.
  Happened happened;
  for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    auto name = std::string_view(text).substr(at + 1);
    if (name.starts_with('/')) name.remove_prefix(1);
    const auto end = name.find_first_of(" >/\n");
    demand(end != std::string_view::npos && end > 0, "a tag has a name");
    static constexpr std::string_view allowed[] = {"p",  "h2", "h3",    "h4",    "h5",    "h6", "ul",     "ol",
                                                   "li", "a",  "img",   "code",  "pre",   "em", "strong", "blockquote",
                                                   "hr", "br", "table", "thead", "tbody", "tr", "th",     "td"};
    const auto word = name.substr(0, end);
    demand(std::find(std::begin(allowed), std::end(allowed), word) != std::end(allowed), "a tag is one of ours");
    const auto close = text.find('>', at);
    demand(close != std::string::npos, "a tag ends");
    const auto tag = to_lower_ascii(std::string_view(text).substr(at, close - at));
    for (const auto* bad : {"javascript:", "vbscript:", "data:"}) {
      const auto found = tag.find(bad);
      // As the words of an image it is only text.
      const bool address = found != std::string::npos &&
                           (tag.rfind("href=\"", found) == found - 6 || tag.rfind("src=\"", found) == found - 5);
      demand(!address, "an address does not run");
    }
    happened.text(word);
  }
  const auto plain = catalogue::to_plain(input);
  return happened.size(text.size()).size(plain.size());
}

std::uint64_t read_course_text(std::string_view input) {
  using namespace catalogue::package;
  std::vector<Problem> problems;
  check_text(input, problems);
  Happened happened;
  happened.size(problems.size());
  if (const auto matter = read_front_matter(input, problems)) {
    demand(matter->body.empty() || (matter->body.data() >= input.data() &&
                                    matter->body.data() + matter->body.size() <= input.data() + input.size()),
           "the body is part of the file");
    const auto quiz = read_quiz(matter->body, matter->body_line, problems);
    happened.size(matter->entries.size()).size(quiz.questions.size());
  }
  for (const auto& problem : problems) {
    demand(problem.line >= 1, "a problem has a line");
    happened.text(std::string_view(problem.what).substr(0, 16));
  }
  is_decimal(input);
  return happened;
}

template <class Form>
void try_form(const JsonNode& node, Happened& happened) {
  const auto form = decode<Form>(node, Unknown::refused);
  happened.also(form.ok());
  if (form) return;
  for (const auto& each : form.error().fields) happened.text(each.field.substr(0, 6));
}

// The forms as strangers fill them in.
std::uint64_t read_our_forms(std::string_view input) {
  const auto node = parse_json(input);
  if (!node) return Happened().also(1);
  Happened happened;
  try_form<accounts::RegisterForm>(node.value(), happened);
  try_form<accounts::LoginForm>(node.value(), happened);
  try_form<accounts::ProfileForm>(node.value(), happened);
  try_form<billing::CheckoutForm>(node.value(), happened);
  try_form<billing::UpgradeForm>(node.value(), happened);
  try_form<learning::ProgressForm>(node.value(), happened);
  return happened;
}

std::uint64_t read_event(std::string_view input) {
  const auto node = parse_json(input);
  if (!node) return Happened().also(1);
  const auto notice = billing::stripe::read_event(node.value(), true);
  billing::stripe::read_subscription(node.value());
  billing::stripe::read_checkout(node.value());
  billing::stripe::read_invoice(node.value());
  billing::stripe::read_refund(node.value());
  return Happened().also(notice.ok()).also(notice ? static_cast<std::uint64_t>(notice->about) : 99);
}

}  // namespace

Targets domain_targets() {
  return {
      {.name = "signature",
       .sentence = "the payment provider's signature",
       .run = read_signature,
       .seeds = {billing::stripe::sign(event, webhook_secrets()[0], now) + "\n" + std::string(event),
                 billing::stripe::sign(event, webhook_secrets()[1], now - seconds(299)), "t=1,v1=00", "v1=,t=", ""},
       .dictionary = {"t=", ",v1=", ",v0=", "1795000000", ",", "=", "\n"}},
      {.name = "token",
       .sentence = "access tokens",
       .run = read_token,
       .seeds = {good_token(), "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30.", ""},
       .dictionary = {".", "eyJhbGciOiJub25lIn0", "e30", "=", "AAAA"}},
      {.name = "markdown",
       .sentence = "lessons",
       .run = read_markdown,
       .seeds = {"# Title\n\nA *word* and **more**, `code`, [a link](https://example.org \"t\").\n\n- one\n- two\n\n> "
                 "said\n",
                 "| a | b |\n|:--|--:|\n| 1 | 2 |\n", "```abc\nX:1\nK:C\nCDE|\n```\n",
                 "<script>alert(1)</script>\n<b onclick=x>",
                 "[x](javascript:alert(1)) ![y](data:text/html,x) <javascript:x> [z]: vbscript:x\n[z]",
                 "1. a\n   - b\n\n***\n\n\\*"},
       .dictionary = {"](", "![", "javascript:", "&#x6a;", "&Tab;", "```abc\n", "```", "| --- |", "\n\n", "> ", "- ",
                      "<", "\\", "https://", "**", "~~", "\n[a]: ", "data:text/html", "&colon;"}},
      {.name = "course",
       .sentence = "the texts of a course folder",
       .run = read_course_text,
       .seeds = {"---\ntitle: Find the pulse\nkind: quiz\nminutes: 10\n---\nIntro.\n\n## 1. What?\n\n- [x] yes\n- [ ] "
                 "no\n\n> Because.\n",
                 "---\n---\n", "---\ntitle: x\n", "title: x\n---\n", "\xef\xbb\xbf---\na: b\n---\n"},
       .dictionary = {"---\n", "title: ", "- [x] ", "- [ ] ", "## ", "> ", "answer: ", "= ", "\n", "\r\n", ": ", "1."}},
      {.name = "our-forms",
       .sentence = "the forms of accounts, billing and learning",
       .run = read_our_forms,
       .seeds =
           {R"({"email":"a@b.example","password":"correct horse battery","fullName":"Ada","consents":[{"purpose":"news","granted":true}]})",
            R"({"locale":"pt-BR","timezone":"Europe/Berlin","preferences":{"a":1},"leaderboardOptIn":false})",
            R"({"planId":"01930a5c-7d2e-7c41-9b0f-3c8e5d1a2b4c","interval":"month","currency":"USD","successUrl":"/x"})",
            R"({"lessonId":"01930a5c-7d2e-7c41-9b0f-3c8e5d1a2b4c","score":50,"watchedRanges":[[0,5],[3,1]],"positionSeconds":3})"},
       .dictionary = {"\"level\":1", "\"moduleId\":", "\"productId\":", "[[", "]]", "null",
                      "\"email\":", "\"password\":", ",", "{", "}"}},
      {.name = "event",
       .sentence = "the payment provider's events",
       .run = read_event,
       .seeds =
           {R"({"id":"evt_1","object":"event","type":"invoice.paid","created":1795000000,"livemode":false,"data":{"object":{"id":"in_1","object":"invoice"}}})",
            R"({"id":"evt_2","object":"event","type":"checkout.session.completed","created":1,"data":{"object":{"id":"cs_1","object":"checkout.session","client_reference_id":"x"}}})"},
       .dictionary = {"\"type\":", "\"data\":{\"object\":", "null", "[]", "\"id\":", "1e99", "-1", "charge.refunded"}},
  };
}

}  // namespace tuition::fuzz

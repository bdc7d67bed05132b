#include "platform/outbound/smtp.h"

#include <catch2/catch_test_macros.hpp>
#include <mutex>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/outbound/peer.h"

using namespace tuition;
using namespace tuition::outbound;

namespace {

// A mail server that says what it is told to say; "" hangs up.
struct Script {
  std::string greeting = "220 here\r\n";
  std::string ehlo = "250-here\r\n250 8BITMIME\r\n";
  std::string auth = "235 ok\r\n";
  std::string mail = "250 ok\r\n";
  std::string rcpt = "250 ok\r\n";
  std::string data = "354 go on\r\n";
  std::string final = "250 taken\r\n";
  std::string start_tls = "502 no\r\n";
};

struct Heard {
  std::vector<std::string> commands{};
  std::string message{};
  bool has(std::string_view verb) const {
    for (const auto& each : commands)
      if (each.starts_with(verb)) return true;
    return false;
  }
};

void play(const Script& script, Heard& heard, Peer::Connection& connection) {
  if (script.greeting.empty()) return;
  connection.say(script.greeting);
  for (;;) {
    std::string line = connection.line();
    if (line.empty()) return;
    if (line == "AUTH PLAIN") {
      connection.say("334 \r\n");
      line += " " + connection.line();
    }
    heard.commands.push_back(line);
    const std::string verb = to_lower_ascii(line.substr(0, 4));
    std::string answer = "250 ok\r\n";
    if (verb == "ehlo") answer = script.ehlo;
    if (verb == "auth") answer = script.auth;
    if (verb == "star") answer = script.start_tls;
    if (verb == "mail") answer = script.mail;
    if (verb == "rcpt") answer = script.rcpt;
    if (verb == "data") answer = script.data;
    if (verb == "quit") answer = "221 bye\r\n";
    if (answer.empty()) return;
    connection.say(answer);
    if (verb == "data" && answer.starts_with("354")) {
      for (std::string text = connection.line(); text != "."; text = connection.line()) heard.message += text + "\r\n";
      if (script.final.empty()) return;
      connection.say(script.final);
    }
  }
}

Mail a_mail() {
  Mail mail;
  mail.from = "Music School <school@example.org>";
  mail.to = "ada@example.org";
  mail.subject = "Welcome";
  mail.text = "Hello\n.\n..two\nbye";
  mail.message_id = "m-1@example.org";
  return mail;
}

struct Outcome {
  Result<void> result;
  Heard heard;
};

// Sends one mail to such a server. The script's peer is at loopback, so "localhost" in `url` may be replaced to make
// libcurl believe it is elsewhere.
Outcome send(const Script& script, SmtpMailer::Settings settings = {}, const Mail& one = a_mail()) {
  Heard heard;
  Result<void> result;
  {
    Peer peer([&](Peer::Connection& connection) { play(script, heard, connection); });
    metrics::Registry registry;
    settings.url = "smtp://" + (settings.url.empty() ? "" : settings.url + "@") + peer.at();
    auto mailer = SmtpMailer::open(std::move(settings), registry);
    REQUIRE(mailer);
    result = mailer.value()->send(one);
  }
  return {result, heard};
}

std::string code_of(const Script& script, SmtpMailer::Settings settings = {}) {
  const auto outcome = send(script, std::move(settings));
  return outcome.result ? "sent" : outcome.result.error().code;
}

Script with(std::string Script::*member, std::string text) {
  Script script;
  script.*member = std::move(text);
  return script;
}

}  // namespace

TEST_CASE("a mail is handed over with our name, its sender and its recipient") {
  SmtpMailer::Settings settings;
  settings.our_name = "school.example.org";
  const auto outcome = send({}, std::move(settings));
  REQUIRE(outcome.result);
  CHECK(outcome.heard.commands[0] == "EHLO school.example.org");
  CHECK(outcome.heard.commands[1].starts_with("MAIL FROM:<school@example.org>"));
  CHECK(outcome.heard.commands[2] == "RCPT TO:<ada@example.org>");
  CHECK(outcome.heard.message.find("\r\nSubject: Welcome\r\n") != std::string::npos);
  CHECK(outcome.heard.message.ends_with("\r\n\r\nHello\r\n=2E\r\n=2E.two\r\nbye\r\n"));
}

TEST_CASE("a refusal of this recipient or mail is final, anything else may be tried again") {
  CHECK(code_of(with(&Script::rcpt, "550 5.1.1 no such user\r\n")) == "MAIL_REFUSED");
  CHECK(code_of(with(&Script::data, "554 no\r\n")) == "MAIL_REFUSED");
  CHECK(code_of(with(&Script::final, "552 too big\r\n")) == "MAIL_REFUSED");
  CHECK(send(with(&Script::rcpt, "550 no\r\n")).result.error().kind == Kind::rejected);

  CHECK(code_of(with(&Script::greeting, "421 later\r\n")) == "PROVIDER_ERROR");
  CHECK(code_of(with(&Script::greeting, "554 not you\r\n")) == "PROVIDER_ERROR");
  CHECK(code_of(with(&Script::greeting, "")) == "PROVIDER_ERROR");
  CHECK(code_of(with(&Script::rcpt, "450 greylisted\r\n")) == "PROVIDER_ERROR");
  CHECK(code_of(with(&Script::rcpt, "452 full\r\n")) == "PROVIDER_ERROR");
  CHECK(code_of(with(&Script::data, "451 later\r\n")) == "PROVIDER_ERROR");
  CHECK(code_of(with(&Script::final, "451 later\r\n")) == "PROVIDER_ERROR");
  CHECK(code_of(with(&Script::final, "")) == "PROVIDER_ERROR");
  CHECK(send(with(&Script::final, "")).result.error().kind == Kind::provider);
}

TEST_CASE("a sender or login that is refused is our configuration, not this mail's fault") {
  CHECK(code_of(with(&Script::mail, "550 sender not verified\r\n")) == "MAIL_SENDER_REFUSED");
  Script script = with(&Script::ehlo, "250-here\r\n250 AUTH PLAIN LOGIN\r\n");
  script.auth = "535 5.7.8 no\r\n";
  SmtpMailer::Settings settings;
  settings.username = "apikey";
  settings.password = Secret("hunter2\n");
  const auto outcome = send(script, settings);
  REQUIRE_FALSE(outcome.result);
  CHECK(outcome.result.error().code == "MAIL_LOGIN_REFUSED");
  CHECK(outcome.result.error().kind == Kind::unavailable);
  CHECK(outcome.result.error().detail.find("hunter2") == std::string::npos);
  CHECK_FALSE(outcome.heard.has("MAIL"));
}

TEST_CASE("a server that is away is told from one that puts this mail off") {
  const auto kind_of = [](const Script& script) { return send(script).result.error().kind; };
  CHECK(kind_of(with(&Script::greeting, "421 later\r\n")) == Kind::unavailable);
  CHECK(kind_of(with(&Script::greeting, "554 not you\r\n")) == Kind::unavailable);
  CHECK(kind_of(with(&Script::greeting, "")) == Kind::unavailable);
  CHECK(kind_of(with(&Script::mail, "421 shutting down\r\n")) == Kind::unavailable);
  CHECK(kind_of(with(&Script::mail, "550 sender not verified\r\n")) == Kind::unavailable);
  CHECK(kind_of(with(&Script::mail, "451 later\r\n")) == Kind::provider);
  CHECK(kind_of(with(&Script::rcpt, "450 greylisted\r\n")) == Kind::provider);
  CHECK(kind_of(with(&Script::final, "451 later\r\n")) == Kind::provider);
  CHECK(kind_of(with(&Script::final, "")) == Kind::provider);
}

namespace {

// Mails to one server that may be told to answer otherwise between them.
struct Line {
  explicit Line(Breaker::Settings breaker) {
    SmtpMailer::Settings settings;
    settings.url = "smtp://" + peer.at();
    settings.breaker = breaker;
    mailer = std::move(SmtpMailer::open(std::move(settings), registry)).value();
  }
  std::string code() {
    const auto result = mailer->send(a_mail());
    return result ? "sent" : result.error().code;
  }
  void answer(Script next) {
    const std::lock_guard lock(mutex);
    script = std::move(next);
  }
  bool open() const { return registry.prometheus().find("circuit_open{provider=\"smtp\"} 1") != std::string::npos; }

  std::mutex mutex{};
  Script script{};
  Peer peer{[this](Peer::Connection& connection) {
    Script now;
    {
      const std::lock_guard lock(mutex);
      now = script;
    }
    Heard heard;
    play(now, heard, connection);
  }};
  metrics::Registry registry{};
  std::unique_ptr<SmtpMailer> mailer{};
};

}  // namespace

TEST_CASE("a mail server that fails again and again is left alone, mail by mail") {
  Line line({.failures_max = 3, .rest = hours(1)});
  line.answer(with(&Script::greeting, "421 later\r\n"));
  for (int i = 0; i < 3; ++i) CHECK(line.code() == "PROVIDER_ERROR");
  CHECK(line.open());
  const int called = line.peer.connections();
  const auto paused = line.mailer->send(a_mail());
  REQUIRE_FALSE(paused);
  CHECK(paused.error().code == "MAIL_PAUSED");
  CHECK(paused.error().kind == Kind::unavailable);
  CHECK(paused.error().retry_after_s == 3600);
  CHECK(line.peer.connections() == called);
}

TEST_CASE("after its rest a mail server is tried, and mail flows again once one went through") {
  Line line({.failures_max = 2, .rest = Duration{}});
  line.answer(with(&Script::greeting, ""));
  for (int i = 0; i < 4; ++i) CHECK(line.code() == "PROVIDER_ERROR");
  CHECK(line.open());
  line.answer({});
  CHECK(line.code() == "sent");
  CHECK_FALSE(line.open());
  CHECK(line.code() == "sent");
}

TEST_CASE("recipients that are refused or put off do not make a mail server look away") {
  Line line({.failures_max = 2, .rest = hours(1)});
  line.answer(with(&Script::rcpt, "550 no such user\r\n"));
  for (int i = 0; i < 4; ++i) CHECK(line.code() == "MAIL_REFUSED");
  CHECK_FALSE(line.open());
}

TEST_CASE("a login is said with the secret trimmed") {
  Script script = with(&Script::ehlo, "250-here\r\n250 AUTH PLAIN\r\n");
  SmtpMailer::Settings settings;
  settings.username = "apikey";
  settings.password = Secret("hunter2\n");
  const auto outcome = send(script, settings);
  CHECK(outcome.result);
  std::string said;
  for (const auto& each : outcome.heard.commands)
    if (each.starts_with("AUTH PLAIN ")) said = each.substr(11);
  CHECK(from_base64(said) == std::string("\0apikey\0hunter2", 15));
}

TEST_CASE("away from this machine nothing is said in the clear") {
  Script refuses = with(&Script::ehlo, "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n");
  refuses.start_tls = "454 not now\r\n";
  Script hangs_up = refuses;
  hangs_up.start_tls = "";
  Script pretends = refuses;
  pretends.start_tls = "220 go on\r\n250 but not with TLS\r\n";
  for (const auto& script : {Script{}, refuses, hangs_up, pretends}) {
    Heard heard;
    {
      Peer peer([&](Peer::Connection& connection) { play(script, heard, connection); });
      metrics::Registry registry;
      SmtpMailer::Settings settings;
      // Another name of loopback, which the mailer cannot know to be one.
      settings.url = "smtp://apikey:hunter2@0.0.0.0:" + peer.at().substr(10);
      auto mailer = SmtpMailer::open(std::move(settings), registry);
      REQUIRE(mailer);
      const auto result = mailer.value()->send(a_mail());
      REQUIRE_FALSE(result);
      CHECK(result.error().kind == Kind::unavailable);
    }
    CHECK(heard.has("EHLO"));
    CHECK_FALSE(heard.has("AUTH"));
    CHECK_FALSE(heard.has("MAIL"));
  }
}

TEST_CASE("a mail that cannot be composed is refused before anybody is called") {
  Mail bad = a_mail();
  bad.subject = "x\r\nBcc: all@example.org";
  const auto outcome = send({}, {}, bad);
  REQUIRE_FALSE(outcome.result);
  CHECK(outcome.result.error().kind == Kind::rejected);
  CHECK(outcome.heard.commands.empty());
}

TEST_CASE("several mails share one connection") {
  Heard heard;
  Peer peer([&](Peer::Connection& connection) { play({}, heard, connection); });
  metrics::Registry registry;
  SmtpMailer::Settings settings;
  settings.url = "smtp://" + peer.at();
  auto mailer = SmtpMailer::open(std::move(settings), registry);
  REQUIRE(mailer);
  for (int i = 0; i < 3; ++i) CHECK(mailer.value()->send(a_mail()));
  CHECK(peer.connections() == 1);
}

TEST_CASE("mail has figures before the first one is sent") {
  metrics::Registry registry;
  SmtpMailer::Settings settings;
  settings.url = "smtp://localhost:1";
  REQUIRE(SmtpMailer::open(std::move(settings), registry));
  CHECK(registry.prometheus().find("tuition_outbound_requests_total{provider=\"smtp\",result=\"failed\"} 0") !=
        std::string::npos);
}

TEST_CASE("a server that hangs is left at the deadline") {
  Peer peer([](Peer::Connection& connection) { connection.wait_for_end(); });
  metrics::Registry registry;
  SmtpMailer::Settings settings;
  settings.url = "smtp://" + peer.at();
  settings.deadline = milliseconds(50);
  auto mailer = SmtpMailer::open(std::move(settings), registry);
  REQUIRE(mailer);
  CHECK(mailer.value()->send(a_mail()).error().code == "PROVIDER_ERROR");
}

TEST_CASE("a URL that is no mail server is refused at start") {
  metrics::Registry registry;
  for (const char* url : {"", "mail.example.org/path?x", "https://mail.example.org", "smtp://", "smtp://host/path"}) {
    CAPTURE(url);
    SmtpMailer::Settings settings;
    settings.url = url;
    CHECK_FALSE(SmtpMailer::open(std::move(settings), registry));
  }
  SmtpMailer::Settings settings;
  settings.url = "smtp://localhost";
  settings.our_name = "x\r\nMAIL";
  CHECK_FALSE(SmtpMailer::open(std::move(settings), registry));
}

TEST_CASE("sending while a write is open is a bug") {
  metrics::Registry registry;
  SmtpMailer::Settings settings;
  settings.url = "smtp://localhost:1";
  settings.write_is_open = [] { return true; };
  auto mailer = SmtpMailer::open(std::move(settings), registry);
  CHECK_THROWS_AS(mailer.value()->send(a_mail()), Bug);
}

#include "outreach/delivery.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/school.h"

namespace tuition::outreach {
namespace {

MailId say_welcome(tests::School& school) {
  return school.db
      ->write([&](WriteTx& tx) -> Result<MailId> {
        return enqueue(tx, school.outreach, {.email = "ada@example.org"}, Welcome{.name = "Ada"});
      })
      .value();
}

std::string column(tests::School& school, Sql sql) {
  return school.db->read([&](ReadTx& tx) { return tx.one<std::string>(sql).value_or("(none)"); });
}

jobs::Job job_for(const MailId& id, std::int64_t attempt = 1) {
  return {
      .kind = "email.send", .payload_json = R"({"id":")" + id.text() + "\"}", .attempt = attempt, .attempts_max = 14};
}

}  // namespace

TEST_CASE("a message said in a transaction goes out once it stands") {
  tests::School school;
  const auto id = say_welcome(school);
  CHECK(school.mailer.mails.empty());
  school.runner.run_due();

  REQUIRE(school.mailer.mails.size() == 1);
  const auto& mail = school.mailer.mails.front();
  CHECK(mail.to == "ada@example.org");
  CHECK(mail.from == "\"Hill Road Music\" <no-reply@school.example>");
  CHECK(mail.reply_to == "office@school.example");
  CHECK(mail.subject == "Welcome to Hill Road Music");
  CHECK(mail.message_id == id.text() + "@school.example");
  CHECK(column(school, "SELECT status FROM email_messages") == "sent");
  CHECK(column(school, "SELECT subject FROM email_messages") == "Welcome to Hill Road Music");
}

TEST_CASE("a message said in a transaction that fails is never sent") {
  tests::School school;
  const auto refused = school.db->write([&](WriteTx& tx) -> Result<void> {
    enqueue(tx, school.outreach, {.email = "ada@example.org"}, Welcome{});
    return not_found("no");
  });
  CHECK_FALSE(refused);
  school.runner.run_due();
  CHECK(school.mailer.mails.empty());
}

TEST_CASE("once a mail is gone its fields are forgotten") {
  tests::School school;
  school.db->write([&](WriteTx& tx) {
    enqueue(tx, school.outreach, {.email = "ada@example.org"}, VerifyEmail{.token = "the-secret"});
  });
  school.runner.run_due();
  CHECK(column(school, "SELECT fields_json FROM email_messages") == "{}");
}

TEST_CASE("while a mail waits its fields are sealed, and given up they are forgotten") {
  tests::School school;
  const auto id = school.db
                      ->write([&](WriteTx& tx) -> Result<MailId> {
                        return enqueue(tx, school.outreach, {.email = "ada@example.org"},
                                       VerifyEmail{.name = "Ada", .token = "the-secret"});
                      })
                      .value();
  const auto waiting = column(school, "SELECT fields_json FROM email_messages");
  CHECK(waiting.find("the-secret") == std::string::npos);
  CHECK(waiting.find("Ada") == std::string::npos);
  CHECK(waiting.size() > 60);

  school.mailer.refuse_with = Error{Kind::provider, "PROVIDER_ERROR", "no", "connection refused"};
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::later);
  CHECK(column(school, "SELECT fields_json FROM email_messages") == waiting);

  school.mailer.refuse_with = Error{Kind::rejected, "MAIL_REJECTED", "no", "550 no such user"};
  CHECK(deliver(school.outreach, job_for(id, 2)).sort == jobs::Outcome::Sort::dead);
  CHECK(column(school, "SELECT fields_json FROM email_messages") == "{}");

  school.mailer.refuse_with.reset();
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::dead);
  CHECK(school.mailer.mails.empty());
}

TEST_CASE("the fields of one mail do not open as another's") {
  tests::School school;
  say_welcome(school);
  const auto id = say_welcome(school);
  school.db->write([&](WriteTx& tx) {
    tx.execute(
        "UPDATE email_messages SET fields_json = (SELECT fields_json FROM email_messages WHERE id <> ?1) WHERE id = ?1",
        id);
  });
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::dead);
  CHECK(school.mailer.mails.empty());
}

TEST_CASE("a mail whose fields were stored in the open still goes out") {
  tests::School school;
  const auto id = say_welcome(school);
  school.db->write([&](WriteTx& tx) {
    tx.execute(R"(UPDATE email_messages SET fields_json = '{"name":"Grace"}' WHERE id = ?1)", id);
  });
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::done);
  CHECK(school.mailer.mails.at(0).text.find("Hello Grace,") != std::string::npos);
}

TEST_CASE("a mail that was sent is not sent by a second run of its job") {
  tests::School school;
  const auto id = say_welcome(school);
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::done);
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::done);
  CHECK(school.mailer.mails.size() == 1);
}

TEST_CASE("a recipient the mail server refuses is given up") {
  tests::School school;
  const auto id = say_welcome(school);
  school.mailer.refuse_with = Error{Kind::rejected, "MAIL_REJECTED", "no", "550 no such user"};
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::dead);
  CHECK(column(school, "SELECT status FROM email_messages") == "failed");
  CHECK(column(school, "SELECT error FROM email_messages") == "550 no such user");
}

TEST_CASE("while the mail server is away the mail waits, with the same Message-ID at every try") {
  tests::School school;
  const auto id = say_welcome(school);
  school.mailer.refuse_with = Error{Kind::provider, "PROVIDER_ERROR", "no", "connection refused"};
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::later);
  CHECK(column(school, "SELECT status FROM email_messages") == "queued");
  school.mailer.refuse_with.reset();
  CHECK(deliver(school.outreach, job_for(id, 2)).sort == jobs::Outcome::Sort::done);
  CHECK(school.mailer.mails.at(0).message_id == id.text() + "@school.example");
  CHECK(school.count("SELECT attempts FROM email_messages") == 2);
}

TEST_CASE("a mail that could not even be offered waits without using up its tries, for some days") {
  for (const auto kind : {Kind::unavailable, Kind::not_configured}) {
    tests::School school;
    const auto id = say_welcome(school);
    const auto began = school.clock.now();
    school.mailer.refuse_with = Error{kind, "MAIL_PAUSED", "no", "connection refused"};
    std::int64_t looks = 0;
    std::optional<Instant> last;
    while (school.clock.now() - began < patience) {
      school.runner.run_due();
      REQUIRE(column(school, "SELECT status FROM email_messages") == "queued");
      REQUIRE(school.count("SELECT attempt FROM jobs") == 0);
      const Instant next{school.count("SELECT run_at FROM jobs")};
      REQUIRE(next > school.clock.now());
      REQUIRE(next - school.clock.now() <= minutes(13));
      school.clock.at = next;
      ++looks;
    }
    CHECK(looks > 500);
    CHECK(school.count("SELECT attempts FROM email_messages") == 0);
    school.runner.run_due();
    CHECK(column(school, "SELECT status FROM email_messages") == "failed");
    CHECK(column(school, "SELECT status FROM jobs") == "dead");
    CHECK(column(school, "SELECT last_error FROM jobs") == "connection refused");
  }
}

TEST_CASE("mail waits while the site's host is no address and no sender is set, and goes out once one is") {
  tests::School school;
  school.outreach.options.base_url = OutreachOptions{}.base_url;
  const auto id = say_welcome(school);
  const auto outcome = deliver(school.outreach, job_for(id, 14));
  CHECK(outcome.sort == jobs::Outcome::Sort::postponed);
  CHECK(column(school, "SELECT error FROM email_messages").find("mail.from") != std::string::npos);
  CHECK(column(school, "SELECT status FROM email_messages") == "queued");
  CHECK(school.count("SELECT attempts FROM email_messages") == 0);
  CHECK(school.mailer.mails.empty());

  school.outreach.letterhead.change("office@school.example", "");
  CHECK(deliver(school.outreach, job_for(id)).sort == jobs::Outcome::Sort::done);
  CHECK(school.mailer.mails.at(0).from == "\"Hill Road Music\" <office@school.example>");
}

TEST_CASE("once the mail server is back what waited goes out") {
  tests::School school;
  const auto id = say_welcome(school);
  school.mailer.refuse_with = Error{Kind::unavailable, "MAIL_PAUSED", "no", "connection refused"};
  school.runner.run_due();
  school.clock.pass(minutes(1));
  school.mailer.refuse_with.reset();
  school.runner.run_due();
  REQUIRE(school.mailer.mails.size() == 1);
  CHECK(school.mailer.mails.front().message_id == id.text() + "@school.example");
  CHECK(school.count("SELECT attempts FROM email_messages") == 1);
  CHECK(column(school, "SELECT coalesce(error, '') FROM email_messages") == "");
}

TEST_CASE("after its last try a mail is marked failed") {
  tests::School school;
  const auto id = say_welcome(school);
  school.mailer.refuse_with = Error{Kind::provider, "PROVIDER_ERROR", "no", "connection refused"};
  CHECK(deliver(school.outreach, job_for(id, 14)).sort == jobs::Outcome::Sort::dead);
  CHECK(column(school, "SELECT status FROM email_messages") == "failed");
}

}  // namespace tuition::outreach

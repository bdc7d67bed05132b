#include "accounts/registration.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/figures.h"
#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

RegisterForm form(const std::string& email, const std::string& password = School::good_password) {
  return {.email = email, .password = Secret(password), .full_name = "Grace Hopper"};
}

Result<Registered> sign_up(School& school, const std::string& email) {
  return register_person(school.accounts, School::visitor(), form(email));
}

std::optional<Person> find(School& school, const std::string& email) {
  return school.db->read([&](ReadTx& tx) { return person_by_email(tx, email); });
}

}  // namespace

TEST_CASE("signing up makes a learner, asks to confirm the address and says welcome") {
  School school;
  const auto done = sign_up(school, " Grace@Navy.Example ");
  REQUIRE(done);
  CHECK(done->email == "grace@navy.example");

  const auto person = find(school, "GRACE@navy.example");
  REQUIRE(person);
  CHECK(person->role == Role::user);
  CHECK_FALSE(person->owner);
  CHECK(person->full_name == "Grace Hopper");
  CHECK(school.trail_of("auth.register") == 1);

  school.runner.run_due();
  REQUIRE(school.mailer.mails.size() == 2);
  CHECK(school.mailer.mails[0].to == "grace@navy.example");
  CHECK(school.queued() == std::vector<std::string>{"verify_email", "welcome"});
}

TEST_CASE("a taken address gets the same answer, and only its owner is told") {
  School school;
  const auto owner = school.add("grace@navy.example");
  const auto done = sign_up(school, "Grace@Navy.example");
  REQUIRE(done);
  CHECK(done->email == "grace@navy.example");
  CHECK(school.count("SELECT COUNT(*) FROM users") == 1);
  CHECK(school.queued() == std::vector<std::string>{"address_taken"});
  CHECK(school.trail_of("auth.register_taken") == 1);
  // The password that stood there before still works, the other does not.
  CHECK(school.sign_in("grace@navy.example")->profile.id == owner);
}

TEST_CASE("however often strangers try a taken address, its owner gets one mail an hour") {
  School school;
  school.add("grace@navy.example");
  for (int i = 0; i < 5; ++i) CHECK(sign_up(school, "grace@navy.example"));
  CHECK(school.queued().size() == 1);
  school.clock.pass(minutes(61));
  CHECK(sign_up(school, "grace@navy.example"));
  CHECK(school.queued().size() == 2);
}

TEST_CASE("an operator may have taken addresses told") {
  School school;
  school.accounts.options.tell_taken_email = true;
  school.add("grace@navy.example");
  const auto done = sign_up(school, "grace@navy.example");
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "EMAIL_TAKEN");
  CHECK(school.queued().empty());
}

TEST_CASE("a password against the rules is refused at its field and leaves nothing behind") {
  School school;
  const auto done = register_person(school.accounts, School::visitor(), form("grace@navy.example", "too short"));
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "VALIDATION_ERROR");
  CHECK(done.error().fields.at(0).field == "password");
  CHECK_FALSE(find(school, "grace@navy.example"));
}

TEST_CASE("where sign-up is closed nobody signs up") {
  School school;
  school.accounts.options.registration = false;
  CHECK(sign_up(school, "grace@navy.example").error().kind == Kind::forbidden);
}

TEST_CASE("what was agreed to at sign-up is kept with the address it came from") {
  School school;
  auto with = form("grace@navy.example");
  with.consents = {{"newsletter", true}, {"analytics", false}};
  REQUIRE(register_person(school.accounts, School::visitor("198.51.100.7"), with));
  CHECK(school.count("SELECT COUNT(*) FROM consents WHERE source_ip = '198.51.100.7'") == 2);
  CHECK(school.count("SELECT COUNT(*) FROM consents WHERE granted = 1 AND purpose = 'newsletter'") == 1);
}

TEST_CASE("the link confirms the address, and opening it twice is fine") {
  School school;
  school.accounts.options.require_verified_email = true;
  REQUIRE(sign_up(school, "grace@navy.example"));
  CHECK(school.sign_in("grace@navy.example").error().code == "EMAIL_NOT_VERIFIED");

  school.runner.run_due();
  const TokenForm link{Secret(tests::token_in(school.mailer.mails))};
  CHECK(verify_email(school.accounts, School::visitor(), link));
  CHECK(verify_email(school.accounts, School::visitor(), link));
  CHECK(school.sign_in("grace@navy.example")->profile.email_verified);
  CHECK(school.trail_of("auth.email_verified") == 1);
}

TEST_CASE("a link past its time, or made up, confirms nothing") {
  School school;
  REQUIRE(sign_up(school, "grace@navy.example"));
  school.runner.run_due();
  const TokenForm link{Secret(tests::token_in(school.mailer.mails))};
  school.clock.pass(hours(48));
  CHECK(verify_email(school.accounts, School::visitor(), link).error().code == "TOKEN_EXPIRED");
  CHECK(verify_email(school.accounts, School::visitor(), {Secret("made up")}).error().code == "TOKEN_EXPIRED");
  CHECK(school.count("SELECT COUNT(*) FROM users WHERE email_verified_at IS NOT NULL") == 0);
}

TEST_CASE("a new link is sent to those who wait for one, not more often than every two minutes, and nobody is told") {
  School school;
  REQUIRE(sign_up(school, "grace@navy.example"));
  school.add("confirmed@navy.example");
  const auto ask = [&](const std::string& email) {
    CHECK(resend_verification(school.accounts, School::visitor(), {email}));
    school.runner.run_due();
  };
  ask("grace@navy.example");
  ask("confirmed@navy.example");
  ask("nobody@navy.example");
  CHECK(school.queued().size() == 2);
  school.clock.pass(minutes(2));
  ask("Grace@Navy.example");
  CHECK(school.queued().size() == 3);
}

TEST_CASE("a waiting address gets at most six links a day, however often somebody asks") {
  School school;
  REQUIRE(sign_up(school, "grace@navy.example"));
  for (int i = 0; i < 20; ++i) {
    school.clock.pass(minutes(3));
    CHECK(resend_verification(school.accounts, School::visitor(), {"grace@navy.example"}));
    school.runner.run_due();
  }
  CHECK(school.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'verify_email'") == 6);
}

TEST_CASE("a name that is an advertisement does not get into the mail") {
  School school;
  auto with = form("grace@navy.example");
  for (const auto* bad : {"Win at http://spam.example", "visit spam.example", "a@b.example", "<b>Hi</b>"}) {
    with.email = "p" + std::to_string(school.queued().size()) + "@navy.example";
    with.full_name = bad;
    REQUIRE(register_person(school.accounts, School::visitor(), with));
  }
  school.runner.run_due();
  for (const auto& mail : school.mailer.mails) CHECK(mail.text.starts_with("Hello,"));

  school.mailer.mails.clear();
  with.email = "tolkien@navy.example";
  with.full_name = "Dr. J.R.R. Tolkien";
  REQUIRE(register_person(school.accounts, School::visitor(), with));
  school.runner.run_due();
  for (const auto& mail : school.mailer.mails) CHECK(mail.text.starts_with("Hello Dr. J.R.R. Tolkien,"));
}

}  // namespace tuition::accounts

#include "accounts/address_change.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/passwords/password_proof.h"
#include "accounts/passwords/passwords.h"
#include "accounts/profile.h"
#include "accounts/registration.h"
#include "accounts/sessions/authenticate.h"
#include "accounts/store_addresses.h"
#include "factor.h"
#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

struct MovingSchool : School {
  UserId ada = add("ada@example.org");
  Issued here = sign_in("ada@example.org")->issued;

  Caller caller_of(const Issued& issued) {
    TokenAuthenticator authenticator(accounts);
    http::Request request;
    request.caller = visitor();
    request.headers = {{"authorization", "Bearer " + issued.access_token}};
    auto caller = authenticator.authenticate(request);
    return caller ? *caller : visitor();
  }
  bool is_in(const Issued& issued) { return caller_of(issued).signed_in(); }
  Result<PendingEmail> ask(const std::string& email, const std::string& password = good_password) {
    return change_email(accounts, caller_of(here), {email, Secret(password)});
  }
  // Asks and gives the token of the link.
  std::string link(const std::string& email) {
    ask(email).value();
    mailer.mails.clear();
    runner.run_due();
    return tests::token_in(mailer.mails);
  }
  Result<ConfirmedEmail> confirm(const std::string& token) {
    return confirm_email(accounts, visitor(), {Secret(token)});
  }
  std::optional<std::string> pending() {
    return db->read([&](ReadTx& tx) { return profile_of(tx, accounts, as(ada), ada); })->pending_email;
  }
};

}  // namespace

TEST_CASE("another address holds only once its link has been opened, and both addresses are told") {
  MovingSchool school;
  const auto token = school.link(" King@Example.org ");
  CHECK(school.pending() == "king@example.org");
  CHECK(school.queued() == std::vector<std::string>{"address_change_asked", "address_confirm"});
  CHECK(school.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'address_change_asked' AND "
                     "to_email = 'ada@example.org'") == 1);
  CHECK(school.sign_in("ada@example.org"));
  CHECK_FALSE(school.sign_in("king@example.org"));

  const auto confirmed = school.confirm(token);
  REQUIRE(confirmed);
  CHECK(confirmed->email == "king@example.org");
  CHECK(school.sign_in("king@example.org"));
  CHECK_FALSE(school.sign_in("ada@example.org"));
  CHECK_FALSE(school.pending());
  CHECK(school.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'address_changed' AND "
                     "to_email = 'ada@example.org'") == 1);
  CHECK(school.trail_of("account.address_asked") == 1);
  CHECK(school.trail_of("account.address_changed") == 1);
}

TEST_CASE("with another address other sessions end, and the one that asked goes on") {
  MovingSchool school;
  const auto elsewhere = school.sign_in("ada@example.org")->issued;
  const auto token = school.link("king@example.org");
  CHECK(school.is_in(elsewhere));
  REQUIRE(school.confirm(token));
  CHECK_FALSE(school.is_in(elsewhere));
  CHECK(school.is_in(school.here));
}

TEST_CASE("the browser that confirms another address is known there") {
  MovingSchool school;
  const auto token = school.link("king@example.org");
  const std::string cookie = crypto::digest("its next cookie");
  REQUIRE(confirm_email(school.accounts, School::visitor(), {Secret(token)}, {.shown = {}, .next = cookie}));
  auto elsewhere = School::visitor();
  elsewhere.ip = "203.0.113.9";
  const auto known = [&](const char* email, const std::string& shown) {
    return school.db->read([&](ReadTx& tx) {
      return store::tries(tx, place_of(elsewhere, email, {.shown = shown, .next = {}}), school.clock.now()).known !=
             lockout::Tries::Known::no;
    });
  };
  CHECK(known("king@example.org", cookie));
  CHECK_FALSE(known("king@example.org", crypto::digest("another cookie")));
  CHECK_FALSE(known("ada@example.org", cookie));
}

TEST_CASE("another address takes the right password, and differs from the one in use") {
  MovingSchool school;
  const auto bare = change_email(school.accounts, school.caller_of(school.here), {"king@example.org", {}});
  CHECK(bare.error().code == "REAUTHENTICATION_REQUIRED");
  CHECK(bare.error().fields.front().field == "password");
  CHECK(school.ask("king@example.org", "wrong").error().code == "INVALID_CREDENTIALS");
  CHECK(school.ask("ADA@example.org").error().fields.front().field == "email");
  CHECK(school.queued().empty());
}

TEST_CASE("another address takes a code as well of whoever has a second step") {
  School school;
  const tests::Authenticator ada(school, "ada@example.org");
  const auto ask = [&](std::optional<std::string> code) {
    return change_email(school.accounts, School::as(ada.user),
                        {"king@example.org", Secret(School::good_password), std::move(code)});
  };
  CHECK(ask({}).error().fields.at(0).field == "code");
  CHECK(ask("000000").error().code == "MFA_INVALID");
  CHECK(school.count("SELECT COUNT(*) FROM auth_tokens WHERE purpose = 'email_change'") == 0);
  CHECK(ask(ada.code()));
}

TEST_CASE("an address that somebody has gets the same answer, and its owner a mail") {
  MovingSchool school;
  school.add("grace@example.org");
  REQUIRE(school.ask("grace@example.org"));
  CHECK(school.pending() == "grace@example.org");
  CHECK(school.queued() == std::vector<std::string>{"address_change_asked", "address_wanted"});

  school.accounts.options.tell_taken_email = true;
  CHECK(school.ask("grace@example.org").error().code == "EMAIL_TAKEN");
}

TEST_CASE("an address that was taken meanwhile is not given twice") {
  MovingSchool school;
  const auto token = school.link("king@example.org");
  school.add("king@example.org");
  CHECK(school.confirm(token).error().code == "EMAIL_TAKEN");
  CHECK(school.sign_in("ada@example.org"));
}

TEST_CASE("a link to confirm another address works once, in time, and only the newest one") {
  MovingSchool school;
  const auto expired = [](const Result<ConfirmedEmail>& result) {
    return !result && result.error().code == "TOKEN_EXPIRED";
  };
  const auto older = school.link("king@example.org");
  const auto newer = school.link("countess@example.org");
  CHECK(expired(school.confirm(older)));
  REQUIRE(school.confirm(newer));
  CHECK(expired(school.confirm(newer)));
  const auto late = school.link("ada@example.org");
  school.clock.pass(hours(48));
  CHECK(expired(school.confirm(late)));
}

TEST_CASE("changing the password calls off another address") {
  MovingSchool school;
  const auto token = school.link("king@example.org");
  REQUIRE(change_password(school.accounts, school.caller_of(school.here),
                          {Secret(School::good_password), Secret("another long sentence")}));
  CHECK_FALSE(school.pending());
  CHECK_FALSE(school.confirm(token));
}

TEST_CASE("six wishes for another address a day are enough") {
  MovingSchool school;
  for (int i = 0; i < 6; ++i) REQUIRE(school.ask("king" + std::to_string(i) + "@example.org"));
  CHECK(school.ask("countess@example.org").error().kind == Kind::rate_limited);
  school.clock.pass(days(1));
  school.here = school.sign_in("ada@example.org")->issued;
  CHECK(school.ask("countess@example.org"));
}

TEST_CASE("nobody else sees which address waits") {
  MovingSchool school;
  const auto grace = school.add("grace@example.org");
  REQUIRE(school.ask("king@example.org"));
  CHECK_FALSE(school.db->read(
      [&](ReadTx& tx) { return store::pending_address(tx, School::as(grace), school.ada, school.clock.now()); }));
}

}  // namespace tuition::accounts

#include "accounts/passwords/passwords.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/keys/api_keys.h"
#include "accounts/sessions/authenticate.h"
#include "factor.h"
#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;
using tests::token_in;

constexpr const char* next_password = "another long sentence";

struct ForgetfulSchool : School {
  jobs::Runner worker{queue, *db, clock, entropy, all_jobs(), {}, {}};

  Result<void> forget(const std::string& email) { return forgot_password(accounts, visitor(), {email}); }
  // The token of the newest link to choose a password.
  std::string asked(const std::string& email) {
    mailer.mails.clear();
    forget(email).value();
    worker.run_due();
    return token_in(mailer.mails);
  }
  Result<std::string> reset(const std::string& token, const std::string& password = next_password) {
    return reset_password(accounts, visitor(), {Secret(token), Secret(password)});
  }
  Caller inside(const Issued& issued) {
    TokenAuthenticator authenticator(accounts);
    http::Request request;
    request.caller = visitor();
    request.headers = {{"authorization", "Bearer " + issued.access_token}};
    auto caller = authenticator.authenticate(request);
    return caller ? *caller : visitor();
  }
  bool is_in(const Issued& issued) { return inside(issued).signed_in(); }
};

}  // namespace

TEST_CASE("a link from a mail sets a new password, ends every session and is told by mail") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  const auto session = school.sign_in("ada@example.org")->issued;
  const auto token = school.asked("Ada@example.org");
  CHECK(school.mailer.mails.front().text.find("https://school.example/reset-password?token=" + token) !=
        std::string::npos);

  REQUIRE(school.reset(token));
  CHECK_FALSE(school.is_in(session));
  CHECK(refresh(school.accounts, School::visitor(), session.refresh_token).error().code == "UNAUTHENTICATED");
  CHECK(school.sign_in("ada@example.org").error().code == "INVALID_CREDENTIALS");
  CHECK(school.sign_in("ada@example.org", next_password));
  CHECK(school.queued() == std::vector<std::string>{"password_changed", "password_reset"});
  CHECK(school.trail_of("auth.reset_asked") == 1);
  CHECK(school.trail_of("account.password_reset") == 1);
}

TEST_CASE("a password chosen by mail ends the keys of programs, one that is changed leaves them") {
  ForgetfulSchool school;
  const auto ada = school.add("ada@example.org");
  const auto bob = school.add("bob@example.org");
  const auto key_of = [&](const UserId& user) {
    return make_key(school.accounts, School::as(user),
                    {"backup", {KeyScope::profile_read}, {}, Secret(School::good_password)})
        .value()
        .secret;
  };
  const auto works = [&](const std::string& secret) {
    return caller_with_key(school.accounts, School::visitor(), secret).ok();
  };
  const auto first = key_of(ada);
  const auto second = key_of(ada);
  const auto other = key_of(bob);
  const auto here = school.inside(school.sign_in("ada@example.org")->issued);
  REQUIRE(change_password(school.accounts, here, {Secret(School::good_password), Secret(next_password)}));
  CHECK(works(first));

  REQUIRE(school.reset(school.asked("ada@example.org"), "a third long sentence"));
  CHECK_FALSE(works(first));
  CHECK_FALSE(works(second));
  CHECK(works(other));
  CHECK(keys_of(school.accounts, School::as(ada)).empty());
  CHECK(school.trail_of("account.api_key_ended") == 2);
}

TEST_CASE("a link to choose a password works once, for an hour, and only the newest one") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  const auto expired = [](const auto& result) { return !result && result.error().code == "TOKEN_EXPIRED"; };

  const auto older = school.asked("ada@example.org");
  school.clock.pass(minutes(2));
  const auto newer = school.asked("ada@example.org");
  CHECK(expired(school.reset(older)));
  REQUIRE(school.reset(newer));
  CHECK(expired(school.reset(newer, "yet another sentence")));
  CHECK(expired(school.reset("invented")));

  school.clock.pass(minutes(10));
  const auto late = school.asked("ada@example.org");
  school.clock.pass(hours(1));
  CHECK(expired(school.reset(late)));
  CHECK(school.sign_in("ada@example.org", next_password));
}

TEST_CASE("a link whose new password is refused still works") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  const auto token = school.asked("ada@example.org");
  const auto refused = school.reset(token, "lovelace-lovelace");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fields.front().field == "password");
  CHECK(school.reset(token));
}

TEST_CASE("asking for a link again and again sends few mails, and none to nobody") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  const auto gone = school.add("gone@example.org");
  REQUIRE(set_standing(school.accounts, system_caller(), gone, {.status = UserStatus::disabled}));
  for (int i = 0; i < 5; ++i) REQUIRE(school.forget("ada@example.org"));
  REQUIRE(school.forget("nobody@example.org"));
  REQUIRE(school.forget("gone@example.org"));
  school.worker.run_due();
  CHECK(school.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'password_reset'") == 1);
  for (int i = 0; i < 20; ++i) {
    school.clock.pass(minutes(3));
    REQUIRE(school.forget("ada@example.org"));
    school.worker.run_due();
  }
  CHECK(school.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'password_reset'") == 6);
}

TEST_CASE("asking does the same for an address that nobody has") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  for (const char* email : {"ada@example.org", "nobody@example.org"}) REQUIRE(school.forget(email));
  CHECK(school.count("SELECT COUNT(*) FROM jobs WHERE kind = 'account.send_reset'") == 2);
  CHECK(school.trail_of("auth.reset_asked") == 2);
  CHECK(school.count("SELECT COUNT(*) FROM jobs WHERE payload LIKE '%example.org%'") == 0);
}

TEST_CASE("choosing a password by mail confirms the address and makes this place known") {
  ForgetfulSchool school;
  school.accounts.options.require_verified_email = true;
  REQUIRE(school.db->write([&](WriteTx& tx) {
    return create_user(tx, school.accounts,
                       {.email = "ada@example.org", .password_hash = school.hasher.hash(Secret("forgotten")).value()});
  }));
  for (int i = 0; i < 30; ++i) {
    school.sign_in("ada@example.org", "wrong", "198.51.100." + std::to_string(i)).ok();
    school.clock.pass(seconds(1));
  }
  REQUIRE(school.reset(school.asked("ada@example.org")));
  for (int i = 0; i < 30; ++i) school.sign_in("ada@example.org", "wrong", "198.51.100." + std::to_string(i)).ok();
  CHECK(school.sign_in("ada@example.org", next_password));
}

TEST_CASE("changing the password ends other sessions and gives this one new tokens") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  const auto here = school.sign_in("ada@example.org")->issued;
  const auto elsewhere = school.sign_in("ada@example.org")->issued;

  const auto wrong = change_password(school.accounts, school.inside(here), {Secret("wrong"), Secret(next_password)});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == "INVALID_CREDENTIALS");
  const auto weak =
      change_password(school.accounts, school.inside(here), {Secret(School::good_password), Secret("short")});
  REQUIRE_FALSE(weak);
  CHECK(weak.error().fields.front().field == "newPassword");
  CHECK(school.is_in(elsewhere));

  const auto changed =
      change_password(school.accounts, school.inside(here), {Secret(School::good_password), Secret(next_password)});
  REQUIRE(changed);
  CHECK(changed->session != here.session);
  CHECK(school.is_in(*changed));
  CHECK_FALSE(school.is_in(here));
  CHECK_FALSE(school.is_in(elsewhere));
  CHECK_FALSE(refresh(school.accounts, School::visitor(), here.refresh_token));
  CHECK(refresh(school.accounts, School::visitor(), changed->refresh_token));
  CHECK(school.sign_in("ada@example.org", next_password));
  CHECK(school.queued() == std::vector<std::string>{"password_changed"});
  CHECK(school.trail_of("account.password_changed") == 1);
}

TEST_CASE("guessing the password inside a session has to wait like guessing outside") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  const auto here = school.inside(school.sign_in("ada@example.org")->issued);
  school.clock.pass(seconds(1));
  for (int i = 0; i < 5; ++i)
    CHECK(change_password(school.accounts, here, {Secret("guess"), Secret(next_password)}).error().code ==
          "INVALID_CREDENTIALS");
  const auto early = change_password(school.accounts, here, {Secret(School::good_password), Secret(next_password)});
  REQUIRE_FALSE(early);
  CHECK(early.error().kind == Kind::rate_limited);
  CHECK(school.trail_of("auth.password_wrong") == 5);
}

TEST_CASE("who has a second step gives its code as well for another password") {
  ForgetfulSchool school;
  const tests::Authenticator ada(school, "ada@example.org");
  Issued here;
  school.db->write([&](WriteTx& tx) {
    here = open_session(tx, school.accounts, School::visitor(), ada.user, Role::user, false, SessionKind::bearer);
  });
  const auto change = [&](const char* current, std::optional<std::string> code) {
    return change_password(school.accounts, school.inside(here),
                           {Secret(current), Secret(next_password), std::move(code)});
  };
  CHECK(change(School::good_password, {}).error().fields.at(0).field == "code");
  CHECK(change("not her password", ada.code()).error().code == "INVALID_CREDENTIALS");
  CHECK(change(School::good_password, "000000").error().code == "MFA_INVALID");
  AccountForm form;
  form.full_name = "Ada King";
  form.password = Secret(next_password);
  form.current_password = Secret(School::good_password);
  CHECK(update_account(school.accounts, school.inside(here), form).error().fields.at(0).field == "code");
  form.code = "000000";
  CHECK(update_account(school.accounts, school.inside(here), form).error().code == "MFA_INVALID");
  CHECK(school.trail_of("account.password_changed") == 0);
  CHECK(school.count("SELECT COUNT(*) FROM user_profiles WHERE full_name = 'Ada King'") == 0);

  const auto changed = change(School::good_password, ada.code());
  REQUIRE(changed);
  here = *changed;
  CHECK(school.trail_of("account.password_changed") == 1);
  form.current_password = Secret(next_password);
  form.password = Secret("a third long sentence");
  form.code = ada.recovery.at(0);
  const auto with_profile = update_account(school.accounts, school.inside(here), form);
  REQUIRE(with_profile);
  here = *with_profile->issued;
  CHECK(school.trail_of("account.password_changed") == 2);
  // A name alone takes no code.
  AccountForm name_only;
  name_only.full_name = "Ada";
  CHECK(update_account(school.accounts, school.inside(here), name_only));
}

TEST_CASE("a program with a key changes no password") {
  ForgetfulSchool school;
  const auto ada = school.add("ada@example.org");
  Caller key = School::as(ada);
  key.sort = Caller::Sort::key;
  CHECK(change_password(school.accounts, key, {Secret(School::good_password), Secret(next_password)}).error().kind ==
        Kind::forbidden);
}

TEST_CASE("a profile may bring a new password, with the one until now") {
  ForgetfulSchool school;
  school.add("ada@example.org");
  const auto here = school.inside(school.sign_in("ada@example.org")->issued);
  AccountForm form;
  form.full_name = "Ada King";
  form.password = Secret(next_password);
  const auto bare = update_account(school.accounts, here, form);
  CHECK(bare.error().code == "REAUTHENTICATION_REQUIRED");
  CHECK(bare.error().fields.front().field == "currentPassword");
  form.current_password = Secret("wrong");
  CHECK(update_account(school.accounts, here, form).error().code == "INVALID_CREDENTIALS");
  CHECK(school.count("SELECT COUNT(*) FROM user_profiles WHERE full_name = 'Ada King'") == 0);

  form.current_password = Secret(School::good_password);
  const auto changed = update_account(school.accounts, here, form);
  REQUIRE(changed);
  CHECK(changed->profile.full_name == "Ada King");
  REQUIRE(changed->issued);
  CHECK(school.is_in(*changed->issued));
  CHECK(school.sign_in("ada@example.org", next_password));

  AccountForm name_only;
  name_only.full_name = "Ada";
  const auto renamed = update_account(school.accounts, school.inside(*changed->issued), name_only);
  REQUIRE(renamed);
  CHECK_FALSE(renamed->issued);
}

TEST_CASE("a hash of bcrypt lets its owner in once and is argon2id from then on") {
  School school;
  const auto ada = school.add("ada@example.org");
  const std::string hash = "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a";
  school.db->write([&](WriteTx& tx) { store::set_password_hash(tx, ada, hash, school.clock.now()); });
  CHECK(school.sign_in("ada@example.org", "U*U*").error().code == "INVALID_CREDENTIALS");
  REQUIRE(school.sign_in("ada@example.org", "U*U*U"));
  CHECK(school.count("SELECT COUNT(*) FROM users WHERE password_hash LIKE '$argon2id$%'") == 1);
  CHECK(school.sign_in("ada@example.org", "U*U*U"));
}

}  // namespace tuition::accounts

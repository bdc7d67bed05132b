#include "accounts/factors/second_step.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/directory/changes.h"
#include "accounts/directory/removal.h"
#include "accounts/factors/store_factors.h"
#include "factor.h"
#include "platform/base/fields_json.h"
#include "school.h"
#include "support/uses_index.h"

namespace tuition::accounts {

using tests::Authenticator;
using tests::School;

namespace {

// The challenge in a refusal.
std::string challenge_in(const Error& error) {
  const auto node = parse_json("{" + error.more + "}").value();
  return node.find("challenge")->find("token")->text;
}

Result<Welcomed> answer(School& school, const std::string& challenge, const std::string& code,
                        const Caller& caller = School::visitor()) {
  return answer_challenge(school.accounts, caller, {Secret(challenge), code}, SessionKind::cookie);
}

std::string ask(School& school) { return challenge_in(school.sign_in("ada@example.org").error()); }

}  // namespace

TEST_CASE("the right password alone gets a challenge, and challenge and code the session") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto first = school.sign_in("ada@example.org");
  REQUIRE_FALSE(first);
  CHECK(first.error().kind == Kind::unauthenticated);
  CHECK(first.error().code == "MFA_REQUIRED");
  CHECK(first.error().more.find("\"methods\":[\"totp\",\"recovery\"]") != std::string::npos);
  const auto sessions = school.count("SELECT COUNT(*) FROM sessions");

  const auto in = answer(school, challenge_in(first.error()), ada.code());
  REQUIRE(in);
  CHECK(in->profile.id == ada.user);
  CHECK(school.count("SELECT COUNT(*) FROM sessions") == sessions + 1);
  CHECK(school.trail_of("auth.second_step_asked") == 1);
  CHECK(school.signer.verify(in->issued.access_token, school.clock.now()));
}

TEST_CASE("a wrong password is refused before any code is looked at") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  LoginForm form{"ada@example.org", Secret("not her password"), ada.code()};
  CHECK(sign_in(school.accounts, School::visitor(), form, SessionKind::cookie).error().code == "INVALID_CREDENTIALS");
  CHECK(school.trail_of("auth.second_step_failed") == 0);
  form.password = Secret(School::good_password);
  CHECK(sign_in(school.accounts, School::visitor(), form, SessionKind::cookie));
}

TEST_CASE("password and code at once open the session; a wrong code is called one") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  LoginForm form{"ada@example.org", Secret(School::good_password), "000000"};
  CHECK(sign_in(school.accounts, School::visitor(), form, SessionKind::cookie).error().code == "MFA_INVALID");
  form.totp = ada.code();
  CHECK(sign_in(school.accounts, School::visitor(), form, SessionKind::bearer));
  CHECK(sign_in(school.accounts, School::visitor(), form, SessionKind::bearer).error().code == "MFA_INVALID");
}

TEST_CASE("the present code and the one before open the session, each once, no other") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  school.clock.pass(minutes(2));
  CHECK(answer(school, ask(school), ada.code(1)).error().code == "MFA_INVALID");
  CHECK(answer(school, ask(school), ada.code(-2)).error().code == "MFA_INVALID");
  CHECK(answer(school, ask(school), ada.code(-1)));
  CHECK(answer(school, ask(school), ada.code(-1)).error().code == "MFA_INVALID");
  CHECK(answer(school, ask(school), ada.code()));
  // Neither that one again nor an older one.
  CHECK(answer(school, ask(school), ada.code()).error().code == "MFA_INVALID");
  school.clock.pass(seconds(30));
  CHECK(answer(school, ask(school), ada.code(-1)).error().code == "MFA_INVALID");
}

TEST_CASE("a code may be typed in two groups") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto code = ada.code();
  CHECK(answer(school, ask(school), code.substr(0, 3) + " " + code.substr(3)));
}

TEST_CASE("a recovery code stands in for the authenticator once, and the person is told") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  CHECK(ada.recovery.size() == 10);
  const auto code = ada.recovery[3];
  CHECK(code.size() == 15);
  CHECK(answer(school, ask(school), code));
  school.runner.run_due();
  CHECK(school.mailer.mails.back().text.find("Codes left: 9") != std::string::npos);
  CHECK(answer(school, ask(school), code).error().code == "MFA_INVALID");
  // As people write it down.
  auto typed = ada.recovery[4];
  for (auto& c : typed) c = static_cast<char>(c == '-' ? ' ' : c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  CHECK(answer(school, ask(school), typed));
  CHECK(school.trail_of("auth.recovery_code_used") == 2);
}

TEST_CASE("somebody else's recovery code is worth nothing") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const Authenticator bob(school, "bob@example.org");
  CHECK(answer(school, ask(school), bob.recovery[0]).error().code == "MFA_INVALID");
}

TEST_CASE("a challenge lives five minutes and works once") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto late = ask(school);
  school.clock.pass(minutes(5));
  CHECK(answer(school, late, ada.code()).error().code == "TOKEN_EXPIRED");
  const auto once = ask(school);
  REQUIRE(answer(school, once, ada.code()));
  school.clock.pass(seconds(30));
  CHECK(answer(school, once, ada.code()).error().code == "TOKEN_EXPIRED");
  CHECK(answer(school, "made up", ada.code()).error().code == "TOKEN_EXPIRED");
}

TEST_CASE(
    "a challenge belongs to the program that asked for it, to the password it was given, and to the person as they "
    "were") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  auto other = School::visitor();
  other.user_agent = "curl/8";
  CHECK(answer(school, ask(school), ada.code(), other).error().code == "TOKEN_EXPIRED");

  const auto before = ask(school);
  REQUIRE(set_password(school.accounts, system_caller(), ada.user, Secret("another horse battery")));
  CHECK(answer(school, before, ada.code()).error().code == "TOKEN_EXPIRED");

  const auto active = challenge_in(school.sign_in("ada@example.org", "another horse battery").error());
  REQUIRE(set_standing(school.accounts, system_caller(), ada.user, {.status = UserStatus::disabled}));
  CHECK(answer(school, active, ada.code()).error().code == "TOKEN_EXPIRED");
}

TEST_CASE("five wrong codes use a challenge up, and the person is told that somebody knows the password") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto challenge = ask(school);
  for (int i = 0; i < 5; ++i) CHECK(answer(school, challenge, "000000").error().code == "MFA_INVALID");
  school.clock.pass(minutes(1));
  CHECK(answer(school, challenge, ada.code()).error().code == "TOKEN_EXPIRED");
  school.runner.run_due();
  CHECK(school.mailer.mails.back().subject.find("knows your password") != std::string::npos);
  CHECK(school.trail_of("auth.second_step_failed") == 5);
  CHECK(answer(school, ask(school), ada.code()));
}

TEST_CASE("wrong codes make the next one wait, also over new challenges, and never for good") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  school.clock.pass(hours(2));
  int refused = 0;
  for (int i = 0; i < 60; ++i) {
    const auto in = answer(school, ask(school), "000000", School::visitor());
    REQUIRE_FALSE(in);
    if (in.error().kind == Kind::rate_limited) ++refused;
    school.clock.pass(seconds(1));
  }
  // Of a guess a second not a dozen were looked at.
  CHECK(refused > 48);
  CHECK(answer(school, ask(school), ada.code()).error().kind == Kind::rate_limited);
  school.clock.pass(minutes(15));
  CHECK(answer(school, ask(school), ada.code()));
}

TEST_CASE("an administrator who resets the second step ends the sessions, and the person is told") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto chief = school.add("chief@example.org", Role::admin, true);
  REQUIRE(answer(school, ask(school), ada.code()));
  auto caller = School::as(chief, Role::admin);
  const auto now_is = directory::remove_factor(school.accounts, caller, ada.user);
  REQUIRE(now_is);
  CHECK_FALSE(now_is->mfa_enabled);
  CHECK(now_is->sessions == 0);
  CHECK(school.trail_of("account.mfa_reset") == 1);
  school.runner.run_due();
  CHECK(school.mailer.mails.back().subject.find("was removed") != std::string::npos);
  CHECK(school.sign_in("ada@example.org"));
  CHECK(school.count("SELECT COUNT(*) FROM mfa_recovery_codes") == 0);
  CHECK(directory::remove_factor(school.accounts, School::as(ada.user), chief).error().code == "NOT_FOUND");
  CHECK(directory::remove_factor(school.accounts, caller, chief).error().code == "FORBIDDEN");
}

TEST_CASE("whoever is removed leaves no factor, no recovery code and no try behind") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  answer(school, ask(school), "000000").ok();
  REQUIRE(directory::remove_person(school.accounts, School::as(ada.user), ada.user, {},
                                   {.password = Secret(School::good_password), .code = ada.code()}));
  for (const auto left :
       {school.count("SELECT COUNT(*) FROM mfa_factors"), school.count("SELECT COUNT(*) FROM mfa_recovery_codes"),
        school.count("SELECT COUNT(*) FROM login_attempts"), school.count("SELECT COUNT(*) FROM auth_tokens")})
    CHECK(left == 0);
  CHECK_FALSE(school.accounts.factors.has(ada.user));
}

TEST_CASE("what the authenticator knows and what is written on paper do not stand in the database") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto stored = school.db->read([&](ReadTx& tx) { return store::factor(tx, ada.user); });
  REQUIRE(stored);
  CHECK(stored->secret.bytes.find(ada.key.reveal()) == std::string::npos);
  const auto hashes =
      school.db->read([](ReadTx& tx) { return tx.many<std::string>("SELECT code_hash FROM mfa_recovery_codes"); });
  CHECK(hashes.size() == 10);
  for (const auto& hash : hashes)
    for (const auto& code : ada.recovery) CHECK(hash.find(normal_recovery_code(code)) == std::string::npos);
  // Copied to somebody else's row it does not open.
  const auto bob = school.add("bob@example.org");
  CHECK_FALSE(school.accounts.seal.open(stored->secret.bytes, "mfa:" + bob.text()));
}

TEST_CASE("asking for a factor and for a challenge uses an index") {
  School school;
  CHECK(tests::uses_index(*school.db, "SELECT id FROM mfa_factors WHERE user_id = ?1 AND kind = 'totp'"));
  CHECK(
      tests::uses_index(*school.db, "SELECT id FROM auth_tokens WHERE token_hash = ?1 AND purpose = 'mfa_challenge'"));
  CHECK(
      tests::uses_index(*school.db, "UPDATE mfa_recovery_codes SET used_at = 1 WHERE user_id = ?1 AND code_hash = ?2"));
}

}  // namespace tuition::accounts

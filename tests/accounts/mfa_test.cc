#include "accounts/factors/mfa.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

#include "accounts/factors/qr.h"
#include "accounts/factors/second_step.h"
#include "accounts/profile.h"
#include "factor.h"
#include "school.h"

namespace tuition::accounts {

using tests::Authenticator;
using tests::from_base32;
using tests::School;

namespace {

MfaView state(School& school, const UserId& user, Role role = Role::user) {
  return school.db->read([&](ReadTx& tx) { return mfa_of(tx, school.accounts, user, role); });
}

std::string code_of(School& school, const MfaKey& key) {
  return crypto::totp_code(Secret(from_base32(key.secret)), crypto::totp_step(school.clock.now()));
}

}  // namespace

TEST_CASE("setting up takes the password, and changes nothing before a first code was seen") {
  School school;
  const auto ada = school.add("ada@example.org");
  const auto caller = School::as(ada);
  CHECK(set_up_mfa(school.accounts, caller, {}).error().code == "REAUTHENTICATION_REQUIRED");
  CHECK(set_up_mfa(school.accounts, caller, {Secret("not her password")}).error().code == "INVALID_CREDENTIALS");
  const auto key = set_up_mfa(school.accounts, caller, {Secret(School::good_password)});
  REQUIRE(key);
  CHECK(from_base32(key->secret).size() == 20);
  CHECK(key->uri ==
        "otpauth://totp/Hill%20Road%20Music:ada%40example.org?secret=" + key->secret + "&issuer=Hill%20Road%20Music");
  CHECK(key->qr_svg.starts_with("<svg "));
  CHECK_FALSE(state(school, ada).enabled);
  CHECK(school.sign_in("ada@example.org"));
}

TEST_CASE("a first code turns it on, ends the other sessions, and tells the person") {
  School school;
  const auto ada = school.add("ada@example.org");
  const auto here = school.sign_in("ada@example.org")->issued.session;
  const auto there = school.sign_in("ada@example.org")->issued.session;
  auto caller = School::as(ada);
  caller.session = here;
  const auto key = set_up_mfa(school.accounts, caller, {Secret(School::good_password)});
  CHECK(enable_mfa(school.accounts, caller, {"000000"}).error().code == "MFA_INVALID");
  const auto codes = enable_mfa(school.accounts, caller, {code_of(school, *key)});
  REQUIRE(codes);
  CHECK(std::set<std::string>(codes->recovery_codes.begin(), codes->recovery_codes.end()).size() == 10);
  const auto now_is = state(school, ada);
  CHECK(now_is.enabled);
  CHECK_FALSE(now_is.required);
  CHECK(now_is.recovery_codes_left == 10);
  CHECK(now_is.since == school.clock.now());
  CHECK(school.accounts.standing.is_ended(there));
  CHECK_FALSE(school.accounts.standing.is_ended(here));
  CHECK(school.trail_of("account.mfa_enabled") == 1);
  CHECK(school.queued() == std::vector<std::string>{"mfa_enabled"});
  CHECK(set_up_mfa(school.accounts, caller, {Secret(School::good_password)}).error().code == "MFA_ON");
  CHECK(enable_mfa(school.accounts, caller, {code_of(school, *key)}).error().code == "MFA_ON");
}

TEST_CASE("guessing at the first code has to wait like guessing at any other, and is told") {
  School school;
  const auto ada = school.add("ada@example.org");
  const auto caller = School::as(ada);
  const auto key = set_up_mfa(school.accounts, caller, {Secret(School::good_password)});
  REQUIRE(key);
  for (int i = 0; i < 5; ++i) CHECK(enable_mfa(school.accounts, caller, {"000000"}).error().code == "MFA_INVALID");
  for (int i = 0; i < 20; ++i) CHECK(enable_mfa(school.accounts, caller, {"000000"}).error().code == "RATE_LIMITED");
  CHECK(enable_mfa(school.accounts, caller, {code_of(school, *key)}).error().code == "RATE_LIMITED");
  CHECK(school.trail_of("auth.second_step_failed") == 5);
  CHECK_FALSE(state(school, ada).enabled);
  school.clock.pass(seconds(1));
  CHECK(enable_mfa(school.accounts, caller, {code_of(school, *key)}));
}

TEST_CASE("a key that was shown half an hour ago, or replaced, is not confirmed any more") {
  School school;
  const auto caller = School::as(school.add("ada@example.org"));
  CHECK(enable_mfa(school.accounts, caller, {"000000"}).error().code == "MFA_NOT_SET_UP");
  const auto first = set_up_mfa(school.accounts, caller, {Secret(School::good_password)});
  const auto second = set_up_mfa(school.accounts, caller, {Secret(School::good_password)});
  CHECK(first->secret != second->secret);
  CHECK(enable_mfa(school.accounts, caller, {code_of(school, *first)}).error().code == "MFA_INVALID");
  school.clock.pass(minutes(31));
  CHECK(enable_mfa(school.accounts, caller, {code_of(school, *second)}).error().code == "MFA_NOT_SET_UP");
}

TEST_CASE("turning it off takes password and code, and the password alone opens the account then") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto caller = School::as(ada.user);
  CHECK(disable_mfa(school.accounts, caller, {Secret("wrong"), ada.code()}).error().code == "INVALID_CREDENTIALS");
  CHECK(disable_mfa(school.accounts, caller, {Secret(School::good_password), "000000"}).error().code == "MFA_INVALID");
  REQUIRE(disable_mfa(school.accounts, caller, {Secret(School::good_password), ada.code()}));
  CHECK_FALSE(state(school, ada.user).enabled);
  CHECK(school.sign_in("ada@example.org"));
  CHECK(school.trail_of("account.mfa_disabled") == 1);
  CHECK(disable_mfa(school.accounts, caller, {Secret(School::good_password), ada.code()}).error().code == "MFA_OFF");
}

TEST_CASE("new recovery codes replace the old ones") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  const auto caller = School::as(ada.user);
  const PasswordAndCodeForm with_old{Secret(School::good_password), ada.recovery[0]};
  const auto made = renew_recovery_codes(school.accounts, caller, with_old);
  REQUIRE(made);
  CHECK(state(school, ada.user).recovery_codes_left == 10);
  for (const auto& old : ada.recovery) {
    school.clock.pass(minutes(16));
    CHECK(disable_mfa(school.accounts, caller, {Secret(School::good_password), old}).error().code == "MFA_INVALID");
  }
  school.clock.pass(minutes(16));
  CHECK(disable_mfa(school.accounts, caller, {Secret(School::good_password), made->recovery_codes[0]}));
}

TEST_CASE("where the school asks it of staff, staff cannot turn it off") {
  School school;
  const Authenticator teacher(school, "teacher@example.org", Role::instructor);
  school.accounts.options.require_mfa_for_staff = true;
  CHECK(state(school, teacher.user, Role::instructor).required);
  const auto caller = School::as(teacher.user, Role::instructor);
  const auto refused = disable_mfa(school.accounts, caller, {Secret(School::good_password), teacher.code()});
  CHECK(refused.error().code == "FORBIDDEN");
  CHECK(state(school, teacher.user).enabled);
}

TEST_CASE("guessing at the password where it is asked again makes the next try wait") {
  School school;
  const auto caller = School::as(school.add("ada@example.org"));
  for (int i = 0; i < 5; ++i) set_up_mfa(school.accounts, caller, {Secret("a guess")}).ok();
  CHECK(set_up_mfa(school.accounts, caller, {Secret(School::good_password)}).error().kind == Kind::rate_limited);
  CHECK(school.trail_of("auth.password_wrong") == 5);
}

TEST_CASE("who has a second step is known in memory, also after a restart") {
  School school;
  const Authenticator ada(school, "ada@example.org");
  CHECK(school.accounts.factors.has(ada.user));
  school.accounts.factors.drop(ada.user);
  start(school.accounts);
  CHECK(school.accounts.factors.has(ada.user));
  REQUIRE(disable_mfa(school.accounts, School::as(ada.user), {Secret(School::good_password), ada.code()}));
  CHECK_FALSE(school.accounts.factors.has(ada.user));
}

TEST_CASE("a QR code is dark on light with a margin, and holds no script") {
  const auto svg = qr_svg("otpauth://totp/School:ada%40example.org?secret=ABC");
  CHECK(svg.find("shape-rendering=\"crispEdges\"") != std::string::npos);
  CHECK(svg.find("fill=\"#fff\"") < svg.find("fill=\"#000\""));
  // The corner of the first finder pattern, four modules in from either edge.
  CHECK(svg.find("d=\"M4 4h7v1h-7z") != std::string::npos);
  CHECK(svg.find("script") == std::string::npos);
  CHECK(svg.find("style") == std::string::npos);
}

}  // namespace tuition::accounts

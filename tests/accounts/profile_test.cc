#include "accounts/profile.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/fields_json.h"
#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

Result<Profile> seen_by(School& school, const Caller& caller, const UserId& user) {
  return school.db->read([&](ReadTx& tx) { return profile_of(tx, school.accounts, caller, user); });
}

}  // namespace

TEST_CASE("a profile is there for its owner and for administrators, and for nobody else") {
  School school;
  const auto ada = school.add("ada@example.org");
  const auto bob = school.add("bob@example.org");
  CHECK(seen_by(school, School::as(ada), ada));
  CHECK(seen_by(school, School::as(bob, Role::admin), ada));
  CHECK(seen_by(school, system_caller(), ada));
  for (const auto& other : {School::visitor(), School::as(bob), School::as(bob, Role::instructor)})
    CHECK(seen_by(school, other, ada).error().kind == Kind::not_found);
}

TEST_CASE("what is absent from the form stays, and empty text removes") {
  School school;
  const auto me = School::as(school.add("ada@example.org"));
  auto now_is = update_profile(
      school.accounts, me,
      {.locale = "pt-BR", .timezone = "America/Sao_Paulo", .preferences = JsonText{R"({"theme":"dark"})"}});
  REQUIRE(now_is);
  CHECK(now_is->full_name == "Ada Lovelace");
  CHECK(now_is->locale == "pt-BR");

  now_is = update_profile(school.accounts, me, {.full_name = "", .leaderboard_opt_in = true});
  REQUIRE(now_is);
  CHECK_FALSE(now_is->full_name);
  CHECK(now_is->leaderboard_opt_in);
  CHECK(now_is->timezone == "America/Sao_Paulo");
  CHECK(now_is->preferences.text == R"({"theme":"dark"})");
}

TEST_CASE("every wrong field is named at once and nothing is changed") {
  School school;
  const auto me = School::as(school.add("ada@example.org"));
  const auto done = update_profile(
      school.accounts, me,
      {.full_name = "New", .locale = "not a locale", .timezone = "../etc/passwd", .preferences = JsonText{"[1]"}});
  REQUIRE_FALSE(done);
  CHECK(done.error().fields.size() == 3);
  CHECK(seen_by(school, me, me.user)->full_name == "Ada Lovelace");
}

TEST_CASE("locales and time zones as the world writes them pass") {
  School school;
  const auto me = School::as(school.add("ada@example.org"));
  for (const auto* locale : {"en", "en-GB", "zh-Hant-TW", "es-419", "sr-Latn-RS"})
    CHECK(update_profile(school.accounts, me, {.locale = locale}));
  for (const auto* zone :
       {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3", "America/Port-au-Prince"})
    CHECK(update_profile(school.accounts, me, {.timezone = zone}));
}

TEST_CASE("who am I names the session of the request") {
  School school;
  auto me = School::as(school.add("ada@example.org"));
  me.session = school.sign_in("ada@example.org")->issued.session;
  const auto found = who_am_i(school.accounts, me);
  REQUIRE(found);
  CHECK(found->session.id == me.session);
  CHECK(found->session.expires_at == school.clock.now() + days(30));
  CHECK(found->user.email == "ada@example.org");
  CHECK_FALSE(found->mfa.enabled);
}

TEST_CASE("a profile's members on the wire are the agreed ones") {
  const auto text = to_json(SignedIn{});
  const auto node = parse_json(text).value();
  std::vector<std::string> names;
  for (const auto& [name, value] : node.members) names.push_back(name);
  CHECK(names == std::vector<std::string>{"id", "email", "pendingEmail", "role", "isOwner", "access", "emailVerified",
                                          "fullName", "avatarId", "avatarUrl", "locale", "timezone", "preferences",
                                          "leaderboardOptIn", "createdAt", "updatedAt", "stats", "tokens"});
}

}  // namespace tuition::accounts

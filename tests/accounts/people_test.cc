#include "accounts/people.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/figures.h"
#include "accounts/passwords/lockout.h"
#include "school.h"

namespace tuition::accounts {

using tests::School;

TEST_CASE("the last owner can be neither demoted nor disabled") {
  School school;
  const auto owner = school.add("owner@example.org", Role::admin, true);
  const StandingChange changes[] = {
      {.owner = false}, {.role = Role::user, .owner = false}, {.role = Role::user}, {.status = UserStatus::disabled}};
  for (const auto& change : changes)
    CHECK(set_standing(school.accounts, system_caller(), owner, change).error().code == "LAST_OWNER");

  const auto second = school.add("second@example.org");
  REQUIRE(set_standing(school.accounts, system_caller(), second, {.role = Role::admin, .owner = true}));
  CHECK(set_standing(school.accounts, system_caller(), owner, {.role = Role::user, .owner = false}));
  CHECK(set_standing(school.accounts, system_caller(), second, {.owner = false}).error().code == "LAST_OWNER");
}

TEST_CASE("an owner is always an administrator") {
  School school;
  const auto ada = school.add("ada@example.org");
  CHECK(set_standing(school.accounts, system_caller(), ada, {.owner = true}).error().kind == Kind::unprocessable);
}

TEST_CASE("changes of standing and password stand in the trail") {
  School school;
  const auto ada = school.add("ada@example.org");
  REQUIRE(set_standing(school.accounts, system_caller(), ada, {.role = Role::instructor}));
  REQUIRE(set_password(school.accounts, system_caller(), ada, Secret("a wholly different one")));
  CHECK(school.trail_of("account.standing_changed") == 1);
  CHECK(school.trail_of("account.password_changed") == 1);
  CHECK(audit::verify(*school.db).whole());
}

TEST_CASE("nobody cannot be changed") {
  School school;
  CHECK(set_standing(school.accounts, system_caller(), UserId("x"), {}).error().kind == Kind::not_found);
  CHECK(set_password(school.accounts, system_caller(), UserId("x"), Secret("long enough for all")).error().kind ==
        Kind::not_found);
}

TEST_CASE("an address has one account, in whatever case it is written") {
  School school;
  school.add("ada@example.org");
  const auto twice =
      school.db->write([&](WriteTx& tx) { return create_user(tx, school.accounts, {.email = "ADA@example.org"}); });
  CHECK(twice.error().code == "EMAIL_TAKEN");
}

TEST_CASE("the figures count people by what they have done since a day") {
  School school;
  school.add("ada@example.org");
  school.clock.pass(days(10));
  school.add("bob@example.org");
  REQUIRE(school.sign_in("ada@example.org"));
  const auto counts = school.db->read([&](ReadTx& tx) { return count_people(tx, school.clock.now() - days(1)); });
  CHECK(counts.total == 2);
  CHECK(counts.verified == 2);
  CHECK(counts.joined == 1);
  CHECK(counts.signed_in == 1);
}

TEST_CASE("the sweep removes what is past its time and keeps what lives") {
  School school;
  school.add("ada@example.org");
  REQUIRE(school.sign_in("ada@example.org"));
  CHECK_FALSE(school.sign_in("ada@example.org", "wrong"));
  const auto sweep = periodics(school.accounts).at(0).run;

  sweep();
  CHECK(school.count("SELECT COUNT(*) FROM sessions") == 1);
  CHECK(school.count("SELECT COUNT(*) FROM login_attempts") == 2);

  school.clock.pass(days(2));
  REQUIRE(school.sign_in("ada@example.org"));
  sweep();
  CHECK(school.count("SELECT COUNT(*) FROM login_attempts WHERE ok = 0") == 0);
  CHECK(school.count("SELECT COUNT(*) FROM login_attempts WHERE ok = 1") == 2);

  school.clock.pass(days(36));
  sweep();
  CHECK(school.count("SELECT COUNT(*) FROM sessions") == 1);
  // Where the right password was given is remembered for half a year.
  CHECK(school.count("SELECT COUNT(*) FROM login_attempts WHERE ok = 1") == 2);

  school.clock.pass(lockout::remembered);
  sweep();
  CHECK(school.count("SELECT COUNT(*) FROM login_attempts") == 0);
}

}  // namespace tuition::accounts

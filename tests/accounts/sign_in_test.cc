#include "accounts/sessions/sign_in.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>
#include <vector>

#include "school.h"

namespace tuition::accounts {

using tests::School;

TEST_CASE("the right password opens a session and gives the profile") {
  School school;
  const auto ada = school.add("ada@example.org", Role::instructor);
  school.accounts.access = [](ReadTx&, const UserId&) { return AccessLevel::paid; };
  school.accounts.stats = [](ReadTx&, const UserId&) { return Stats{.lessons_done = 3}; };

  const auto in = school.sign_in("Ada@Example.org");
  REQUIRE(in);
  CHECK(in->profile.id == ada);
  CHECK(in->profile.role == Role::instructor);
  CHECK(in->profile.access == AccessLevel::paid);
  CHECK(in->profile.stats.lessons_done == 3);
  const auto claims = school.signer.verify(in->issued.access_token, school.clock.now());
  REQUIRE(claims);
  CHECK(claims->subject == ada.text());
  CHECK(claims->role == "instructor");
  CHECK(in->issued.access_until == school.clock.now() + hours(1));
  CHECK(in->issued.refresh_until == school.clock.now() + days(14));
  CHECK(school.trail_of("auth.login") == 1);
  CHECK(school.count("SELECT COUNT(*) FROM sessions WHERE ip = '192.0.2.1' AND user_agent = 'Browser/1'") == 1);
}

TEST_CASE("each sign-in is a session of its own") {
  School school;
  school.add("ada@example.org");
  CHECK(school.sign_in("ada@example.org")->issued.session != school.sign_in("ada@example.org")->issued.session);
}

TEST_CASE("an unknown address, a wrong password and a person without one get the same answer") {
  School school;
  school.add("ada@example.org");
  CHECK(school.db->write(
      [&](WriteTx& tx) { return create_user(tx, school.accounts, {.email = "invited@example.org"}); }));
  const auto wrong = school.sign_in("ada@example.org", "not her password");
  const auto unknown = school.sign_in("nobody@example.org", "not her password");
  const auto without = school.sign_in("invited@example.org", "not her password");
  for (const auto* each : {&wrong, &unknown, &without}) {
    REQUIRE_FALSE(*each);
    CHECK(each->error().kind == Kind::unauthenticated);
    CHECK(each->error().code == "INVALID_CREDENTIALS");
    CHECK(each->error().safe == wrong.error().safe);
  }
  CHECK(school.trail_of("auth.login_failed") == 3);
  CHECK(school.count("SELECT COUNT(*) FROM login_attempts WHERE ok = 0") == 3);
}

TEST_CASE("after a few wrong passwords the next try has to wait, for addresses nobody has as well") {
  School school;
  school.add("ada@example.org");
  for (const auto* email : {"ada@example.org", "nobody@example.org"}) {
    INFO(email);
    for (int i = 0; i < 5; ++i) CHECK(school.sign_in(email, "wrong").error().code == "INVALID_CREDENTIALS");
    const auto early = school.sign_in(email);
    REQUIRE_FALSE(early);
    CHECK(early.error().kind == Kind::rate_limited);
    CHECK(early.error().retry_after_s == 1);
  }
  school.clock.pass(seconds(1));
  CHECK(school.sign_in("ada@example.org"));
}

TEST_CASE("guesses from elsewhere never keep out an owner who signed in from here before") {
  School school;
  school.add("ada@example.org");
  REQUIRE(school.sign_in("ada@example.org", School::good_password, "192.0.2.1"));
  for (int i = 0; i < 30; ++i) {
    school.sign_in("ada@example.org", "wrong", "198.51.100." + std::to_string(i)).ok();
    school.clock.pass(seconds(1));
  }
  CHECK(school.sign_in("ada@example.org", School::good_password, "203.0.113.9").error().kind == Kind::rate_limited);
  CHECK(school.sign_in("ada@example.org", School::good_password, "192.0.2.1"));
}

TEST_CASE("a browser that signed in before does not wait for guesses from its own address") {
  School school;
  school.add("ada@example.org");
  const auto from = [&](const Browser& browser, const std::string& password) {
    return accounts::sign_in(school.accounts, School::visitor("192.0.2.1"),
                             {.email = "ada@example.org", .password = Secret(password)}, SessionKind::cookie, browser);
  };
  const Browser stranger{"strange", "stranger"};
  REQUIRE(from({"planted", "hers"}, School::good_password));
  for (int i = 0; i < 30; ++i) {
    from(stranger, "wrong").ok();
    school.clock.pass(seconds(1));
  }
  CHECK(from(stranger, School::good_password).error().kind == Kind::rate_limited);
  CHECK(from({"planted", "x"}, School::good_password).error().kind == Kind::rate_limited);
  CHECK(from({"hers", "hers too"}, School::good_password));

  school.clock.pass(seconds(1));
  for (int i = 0; i < 5; ++i) CHECK(from({"hers too", "x"}, "wrong").error().code == "INVALID_CREDENTIALS");
  CHECK(from({"hers too", "x"}, School::good_password).error().kind == Kind::rate_limited);

  school.clock.pass(days(179));
  for (int i = 0; i < 30; ++i) from(stranger, "wrong").ok();
  CHECK(from({"hers too", "y"}, School::good_password));
}

TEST_CASE("after many failures from an address nobody can tell there who has an account") {
  School school;
  school.add("ada@example.org");
  REQUIRE(school.sign_in("ada@example.org"));
  for (int i = 0; i < 20; ++i) school.sign_in("made.up" + std::to_string(i) + "@example.org", "wrong").ok();
  const auto nobody = school.sign_in("somebody.else@example.org", "wrong").error();
  const auto ada = school.sign_in("ada@example.org", "wrong").error();
  CHECK(nobody.code == "RATE_LIMITED");
  CHECK(ada.code == nobody.code);
  CHECK(ada.retry_after_s == nobody.retry_after_s);
}

TEST_CASE("one address trying many accounts has to wait, too") {
  School school;
  school.add("ada@example.org");
  for (int i = 0; i < 20; ++i) school.sign_in("u" + std::to_string(i) + "@example.org", "wrong").ok();
  CHECK(school.sign_in("ada@example.org").error().kind == Kind::rate_limited);
  CHECK(school.sign_in("ada@example.org", School::good_password, "198.51.100.1"));
}

TEST_CASE("of guesses at the same moment no more are judged than one after the other") {
  School school;
  school.add("ada@example.org");
  std::atomic<int> judged{0};
  std::atomic<int> waiting{0};
  {
    std::vector<std::jthread> guessers;
    for (int i = 0; i < 30; ++i)
      guessers.emplace_back([&, i] {
        const auto guess = school.sign_in("ada@example.org", "wrong", "192.0.2." + std::to_string(i + 1));
        ++(guess.error().kind == Kind::rate_limited ? waiting : judged);
      });
  }
  CHECK(judged == 5);
  CHECK(waiting == 25);
  CHECK(school.sign_in("ada@example.org").error().kind == Kind::rate_limited);
}

TEST_CASE("only the right password learns that an account is disabled") {
  School school;
  const auto ada = school.add("ada@example.org");
  REQUIRE(set_standing(school.accounts, system_caller(), ada, {.status = UserStatus::disabled}));
  CHECK(school.sign_in("ada@example.org", "wrong").error().code == "INVALID_CREDENTIALS");
  CHECK(school.sign_in("ada@example.org").error().code == "ACCOUNT_DISABLED");
  CHECK(school.trail_of("auth.login_refused") == 1);
  CHECK(school.trail_of("auth.login") == 0);
}

TEST_CASE("a hash made at another cost is made anew at sign-in") {
  School school;
  const auto ada = school.add("ada@example.org");
  crypto::PasswordHasher older({.memory_kib = 16 * 1024, .passes = 1});
  const auto hash = older.hash(Secret(School::good_password)).value();
  school.db->write([&](WriteTx& tx) { tx.execute("UPDATE users SET password_hash = ?2 WHERE id = ?1", ada, hash); });

  REQUIRE(school.sign_in("ada@example.org"));
  const auto now_is = school.db->read(
      [&](ReadTx& tx) { return tx.one<std::string>("SELECT password_hash FROM users WHERE id = ?1", ada).value(); });
  CHECK(now_is != hash);
  CHECK(now_is.find("m=8192") != std::string::npos);
  CHECK(school.sign_in("ada@example.org"));
}

TEST_CASE("no password and no token stands in the database in the clear") {
  School school;
  school.add("ada@example.org");
  const auto in = school.sign_in("ada@example.org");
  REQUIRE(in);
  const auto secret = in->issued.refresh_token.substr(in->issued.refresh_token.rfind('.') + 1);
  CHECK(secret.size() == 43);
  const auto found = school.db->read([&](ReadTx& tx) {
    return tx
        .one<std::int64_t>("SELECT COUNT(*) FROM sessions WHERE id || user_agent || ip LIKE '%' || ?1 || '%'", secret)
        .value();
  });
  CHECK(found == 0);
}

}  // namespace tuition::accounts

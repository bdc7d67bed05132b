#include "accounts/setup.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

SetupForm form(const Secret& token, const std::string& email = "owner@example.org") {
  return {.token = token, .email = email, .password = Secret(School::good_password), .full_name = "Olive Owner"};
}

bool needed(School& school) {
  return school.db->read([](ReadTx& tx) { return setup_needed(tx); });
}

}  // namespace

TEST_CASE("the holder of the printed token becomes the owner, once") {
  School school;
  CHECK(needed(school));
  const auto token = offer_setup(school.accounts);
  REQUIRE(set_up(school.accounts, School::visitor(), form(token)));
  CHECK_FALSE(needed(school));
  const auto in = school.sign_in("owner@example.org");
  REQUIRE(in);
  CHECK(in->profile.is_owner);
  CHECK(in->profile.role == Role::admin);
  CHECK(set_up(school.accounts, School::visitor(), form(token, "second@example.org")).error().code == "SETUP_DONE");
}

TEST_CASE("people who signed up before there was an owner do not keep the owner out") {
  School school;
  school.add("early@example.org");
  CHECK(needed(school));
  const auto token = offer_setup(school.accounts);
  CHECK(set_up(school.accounts, School::visitor(), form(token, "early@example.org")).error().code == "EMAIL_TAKEN");
  REQUIRE(set_up(school.accounts, School::visitor(), form(token)));
  CHECK_FALSE(needed(school));
  CHECK(school.sign_in("owner@example.org")->profile.is_owner);
  CHECK_FALSE(school.sign_in("early@example.org")->profile.is_owner);
}

TEST_CASE("without the token, with an old one or after half an hour nobody becomes the owner") {
  School school;
  auto none = form(Secret());
  none.token.reset();
  CHECK(set_up(school.accounts, School::visitor(), none).error().kind == Kind::forbidden);
  CHECK(set_up(school.accounts, School::visitor(), form(Secret("guess"))).error().kind == Kind::forbidden);
  const auto old = offer_setup(school.accounts);
  const auto token = offer_setup(school.accounts);
  CHECK(set_up(school.accounts, School::visitor(), form(old)).error().kind == Kind::forbidden);
  school.clock.pass(minutes(30));
  CHECK(set_up(school.accounts, School::visitor(), form(token)).error().kind == Kind::forbidden);
  CHECK(needed(school));
}

TEST_CASE("of two who set up at the same moment one becomes the owner") {
  School school;
  const auto token = offer_setup(school.accounts);
  std::vector<std::string> outcomes(2);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 2; ++i)
      threads.emplace_back([&, i] {
        const auto done =
            set_up(school.accounts, School::visitor(), form(token, "o" + std::to_string(i) + "@example.org"));
        outcomes[i] = done ? "owner" : done.error().code;
      });
  }
  std::sort(outcomes.begin(), outcomes.end());
  CHECK(outcomes == std::vector<std::string>{"SETUP_DONE", "owner"});
  CHECK(school.count("SELECT COUNT(*) FROM users WHERE is_owner = 1") == 1);
}

TEST_CASE("opening the page prints a new link when the old one has run out, and only then") {
  School school;
  std::vector<std::string> printed;
  school.accounts.announce_setup = [&](const Secret& token) { printed.push_back(token.reveal()); };
  offer_setup(school.accounts);
  CHECK(setup_asked_for(school.accounts));
  CHECK(printed.empty());
  school.clock.pass(minutes(31));
  for (int i = 0; i < 3; ++i) CHECK(setup_asked_for(school.accounts));
  REQUIRE(printed.size() == 1);
  REQUIRE(set_up(school.accounts, School::visitor(), form(Secret(printed.front()))));
  school.clock.pass(minutes(31));
  CHECK_FALSE(setup_asked_for(school.accounts));
  CHECK(printed.size() == 1);
}

}  // namespace tuition::accounts

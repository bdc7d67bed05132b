#include "accounts/directory/changes.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <thread>

#include "accounts/directory/invitations.h"
#include "accounts/directory/removal.h"
#include "accounts/school.h"

namespace tuition::accounts::directory {
namespace {

using tests::School;

Caller owner_of(School& school, const std::string& email = "owner@example.org") {
  auto caller = School::as(school.add(email, Role::admin, true), Role::admin);
  caller.owner = true;
  return caller;
}

}  // namespace

TEST_CASE("somebody added with a password can sign in at once") {
  School school;
  const auto owner = owner_of(school);
  const auto made =
      add_person(school.accounts, owner,
                 {.email = " Ada@Example.org", .full_name = "Ada", .password = Secret("a wholly fine one")});
  REQUIRE(made);
  CHECK(made->email == "ada@example.org");
  CHECK(made->status == Status::active);
  CHECK(made->email_verified);
  CHECK(school.sign_in("ada@example.org", "a wholly fine one"));
  CHECK(school.trail_of("account.created") == 1);
  CHECK(add_person(school.accounts, owner, {.email = "ADA@example.org"}).error().code == "EMAIL_TAKEN");
  CHECK(add_person(school.accounts, owner, {.email = "b@example.org", .password = Secret("short")}).error().kind ==
        Kind::invalid);
  CHECK(add_person(school.accounts, School::as(made->id), {.email = "c@example.org"}).error().kind == Kind::forbidden);
}

TEST_CASE("one wish to add somebody that comes twice adds them once") {
  School school;
  const auto owner = owner_of(school);
  const auto other = owner_of(school, "second@example.org");
  const NewUserForm form{.email = "ada@example.org", .full_name = "Ada", .password = Secret("a wholly fine one")};
  const auto first = add_person(school.accounts, owner, form, "key");
  REQUIRE(first);
  const auto again = add_person(school.accounts, owner, form, "key");
  REQUIRE(again);
  CHECK(again->id == first->id);
  CHECK(school.trail_of("account.created") == 1);
  auto changed = form;
  changed.password = Secret("another fine one, too");
  CHECK(add_person(school.accounts, owner, changed, "key").error().code == "IDEMPOTENCY_MISMATCH");
  CHECK(add_person(school.accounts, owner, form, "another").error().code == "EMAIL_TAKEN");
  CHECK(add_person(school.accounts, other, form, "key").error().code == "EMAIL_TAKEN");
  // A refusal is not remembered.
  CHECK(add_person(school.accounts, owner, {.email = "b@example.org"}, "another"));
  CHECK(school.count("SELECT COUNT(*) FROM idempotency_keys") == 2);
}

TEST_CASE("people change their own profile, and never what they may do") {
  School school;
  const auto ada = school.add("ada@example.org");
  const auto self = School::as(ada);
  const auto changed =
      change_person(school.accounts, self, ada, {.full_name = "Countess", .timezone = "Europe/London"});
  REQUIRE(changed);
  CHECK(changed->full_name == "Countess");
  for (const auto& form : {UserForm{.role = Role::admin}, UserForm{.disabled = false}, UserForm{.is_owner = true},
                           UserForm{.full_name = "Mallory", .role = Role::admin}})
    CHECK(change_person(school.accounts, self, ada, form).error().kind == Kind::forbidden);
  CHECK(school.db->read([&](ReadTx& tx) { return accounts::store::user(tx, ada); })->full_name == "Countess");
  CHECK(change_person(school.accounts, self, ada, {.locale = "no such!"}).error().kind == Kind::invalid);
}

TEST_CASE("nobody changes others without being an administrator: they are not there") {
  School school;
  const auto ada = school.add("ada@example.org");
  const auto bob = School::as(school.add("bob@example.org"), Role::instructor);
  CHECK(change_person(school.accounts, bob, ada, {.full_name = "x"}).error().kind == Kind::not_found);
  CHECK(set_role(school.accounts, bob, ada, {.role = Role::admin}).error().kind == Kind::not_found);
  CHECK(set_presence(school.accounts, bob, ada, Presence::disabled).error().kind == Kind::not_found);
  CHECK(sign_out_everywhere(school.accounts, bob, ada).error().kind == Kind::not_found);
  CHECK(confirm_address(school.accounts, bob, ada).error().kind == Kind::not_found);
}

TEST_CASE("an administrator changes what others may do, but owners are changed by owners") {
  School school;
  const auto owner = owner_of(school);
  const auto admin = School::as(school.add("admin@example.org", Role::admin), Role::admin);
  const auto ada = school.add("ada@example.org");
  CHECK(set_role(school.accounts, admin, ada, {.role = Role::instructor})->role == Role::instructor);
  CHECK(set_role(school.accounts, admin, ada, {.role = Role::admin, .is_owner = true}).error().kind == Kind::forbidden);
  CHECK(change_person(school.accounts, admin, admin.user, {.is_owner = true}).error().kind == Kind::forbidden);
  CHECK(set_presence(school.accounts, admin, owner.user, Presence::disabled).error().kind == Kind::forbidden);
  CHECK(sign_out_everywhere(school.accounts, admin, owner.user).error().kind == Kind::forbidden);
  CHECK(change_person(school.accounts, admin, owner.user, {.full_name = "x"}).error().kind == Kind::forbidden);
  CHECK(set_role(school.accounts, owner, ada, {.role = Role::admin, .is_owner = true})->is_owner);
}

TEST_CASE("a key makes nobody staff or owner, and does not touch an administrator, though its owner may") {
  School school;
  const auto owner = owner_of(school);
  const auto admin = school.add("admin@example.org", Role::admin);
  const auto ada = school.add("ada@example.org");
  auto key = owner;
  key.sort = Caller::Sort::key;
  key.owner = false;
  for (const auto role : {Role::instructor, Role::admin}) {
    CHECK(add_person(school.accounts, key,
                     {.email = "new@example.org", .role = role, .password = Secret("a wholly fine one")})
              .error()
              .code == "FORBIDDEN");
    CHECK(change_person(school.accounts, key, ada, {.role = role}).error().code == "FORBIDDEN");
    CHECK(set_role(school.accounts, key, ada, {.role = role}).error().code == "FORBIDDEN");
  }
  CHECK(change_person(school.accounts, key, ada, {.is_owner = true}).error().code == "FORBIDDEN");
  CHECK(set_role(school.accounts, key, ada, {.role = Role::user, .is_owner = true}).error().code == "FORBIDDEN");
  for (const auto& whom : {admin, owner.user}) {
    CHECK(change_person(school.accounts, key, whom, {.role = Role::user}).error().code == "FORBIDDEN");
    CHECK(change_person(school.accounts, key, whom, {.disabled = true}).error().code == "FORBIDDEN");
    CHECK(change_person(school.accounts, key, whom, {.role = Role::user, .is_owner = false}).error().code ==
          "FORBIDDEN");
    CHECK(set_role(school.accounts, key, whom, {.role = Role::user}).error().code == "FORBIDDEN");
    CHECK(set_presence(school.accounts, key, whom, Presence::disabled).error().code == "FORBIDDEN");
    CHECK(sign_out_everywhere(school.accounts, key, whom).error().code == "FORBIDDEN");
    CHECK(confirm_address(school.accounts, key, whom).error().code == "FORBIDDEN");
    CHECK(invite_again(school.accounts, key, whom).error().code == "FORBIDDEN");
    CHECK(remove_person(school.accounts, key, whom, {}).error().code == "FORBIDDEN");
  }
  CHECK(school.count("SELECT COUNT(*) FROM users WHERE role <> 'user'") == 2);
  CHECK(school.trail_of("account.standing_changed") == 0);

  // What a program of the office is for goes on.
  REQUIRE(add_person(school.accounts, key, {.email = "new@example.org", .password = Secret("a wholly fine one")}));
  CHECK(change_person(school.accounts, key, ada, {.full_name = "Countess", .role = Role::user})->full_name ==
        "Countess");
  CHECK(set_presence(school.accounts, key, ada, Presence::disabled)->status == Status::disabled);
}

TEST_CASE("profile and standing change together or not at all") {
  School school;
  const auto owner = owner_of(school);
  CHECK(change_person(school.accounts, owner, owner.user, {.full_name = "Gone", .disabled = true}).error().code ==
        "LAST_OWNER");
  CHECK(school.db->read([&](ReadTx& tx) { return accounts::store::user(tx, owner.user); })->full_name ==
        "Ada Lovelace");
}

TEST_CASE("somebody kept out is out at the next request, is told, and comes back as before") {
  School school;
  const auto owner = owner_of(school);
  const auto ada = school.add("ada@example.org");
  REQUIRE(school.sign_in("ada@example.org"));
  CHECK(set_presence(school.accounts, owner, ada, Presence::disabled)->status == Status::disabled);
  CHECK(school.accounts.standing.person(ada)->status == UserStatus::disabled);
  CHECK(school.sign_in("ada@example.org").error().code == "ACCOUNT_DISABLED");
  CHECK(set_presence(school.accounts, owner, ada, Presence::enabled)->status == Status::active);
  CHECK(school.sign_in("ada@example.org"));
  REQUIRE(set_role(school.accounts, owner, ada, {.role = Role::instructor}));
  CHECK(school.queued() == std::vector<std::string>{"account_disabled", "account_enabled", "role_changed"});
  CHECK(school.trail_of("account.standing_changed") == 3);
}

TEST_CASE("what changes nothing is neither told nor recorded") {
  School school;
  const auto owner = owner_of(school);
  const auto ada = school.add("ada@example.org");
  REQUIRE(set_role(school.accounts, owner, ada, {.role = Role::user}));
  CHECK(school.queued().empty());
  CHECK(school.trail_of("account.standing_changed") == 0);
}

TEST_CASE("an administrator ends sessions and vouches for addresses") {
  School school;
  const auto owner = owner_of(school);
  const auto ada = school.add("ada@example.org");
  const auto session = school.sign_in("ada@example.org")->issued.session;
  CHECK(sign_out_everywhere(school.accounts, owner, ada)->sessions == 0);
  CHECK(school.accounts.standing.is_ended(session));
  REQUIRE(register_person(school.accounts, School::visitor(),
                          {.email = "bob@example.org", .password = Secret("a wholly fine one")}));
  const auto bob =
      school.db->read([](ReadTx& tx) { return accounts::store::user_by_email(tx, "bob@example.org"); })->id;
  CHECK(confirm_address(school.accounts, owner, bob)->email_verified);
  CHECK(school.trail_of("account.signed_out") == 1);
  CHECK(school.trail_of("account.address_vouched_for") == 1);
}

TEST_CASE("of two owners who demote each other at the same moment one stays") {
  for (int round = 0; round < 10; ++round) {
    School school;
    const auto one = owner_of(school, "one@example.org");
    const auto two = owner_of(school, "two@example.org");
    std::vector<std::string> outcomes(2);
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < 2; ++i)
        threads.emplace_back([&, i] {
          const auto& who = i == 0 ? one : two;
          const auto& whom = i == 0 ? two : one;
          const auto done = set_role(school.accounts, who, whom.user, {.role = Role::user, .is_owner = false});
          outcomes[i] = done ? "done" : done.error().code;
        });
    }
    std::sort(outcomes.begin(), outcomes.end());
    CHECK(outcomes == std::vector<std::string>{"LAST_OWNER", "done"});
    CHECK(school.count("SELECT COUNT(*) FROM users WHERE is_owner = 1 AND status = 'active'") == 1);
  }
}

}  // namespace tuition::accounts::directory

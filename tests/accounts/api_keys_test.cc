#include "accounts/keys/api_keys.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/directory/removal.h"
#include "accounts/keys/store_keys.h"
#include "accounts/sessions/authenticate.h"
#include "factor.h"
#include "school.h"
#include "support/uses_index.h"

namespace tuition::accounts {

using tests::School;

namespace {

struct Keys {
  School school{};
  UserId ada = school.add("ada@example.org");
  TokenAuthenticator authenticator{school.accounts};

  Result<NewApiKey> make(std::vector<KeyScope> scopes = {KeyScope::profile_read}, std::optional<Instant> until = {}) {
    return make_key(school.accounts, School::as(ada),
                    {"backup", std::move(scopes), until, Secret(School::good_password)});
  }
  Result<Caller> with(const std::string& secret) {
    http::Request request;
    request.caller.ip = "192.0.2.1";
    request.headers = {{"authorization", "Bearer " + secret}};
    return authenticator.authenticate(request);
  }
};

}  // namespace

TEST_CASE("a key acts for its owner, with its scopes, and is shown once") {
  Keys keys;
  const auto made = keys.make({KeyScope::profile_read, KeyScope::progress_write});
  REQUIRE(made);
  CHECK(made->secret.starts_with("tuk_"));
  CHECK(made->secret.size() == 47);
  CHECK(made->prefix == made->secret.substr(0, 12));
  CHECK(made->scopes == std::vector<std::string>{"profile:read", "progress:write"});
  const auto caller = keys.with(made->secret);
  REQUIRE(caller);
  CHECK(caller->sort == Caller::Sort::key);
  CHECK(caller->is(keys.ada));
  CHECK(caller->key == made->id);
  CHECK(caller->may("progress:write"));
  CHECK_FALSE(caller->may("profile:write"));
  CHECK_FALSE(caller->by_cookie);
  CHECK(keys.school.count("SELECT COUNT(*) FROM api_keys WHERE length(key_hash) = 64") == 1);
  CHECK(keys.school.trail_of("account.api_key_made") == 1);
  CHECK(keys.school.queued() == std::vector<std::string>{"api_key_made"});
}

TEST_CASE("a key is made by the password, and guessing it there has to wait") {
  Keys keys;
  const auto with = [&](const char* password) {
    return make_key(keys.school.accounts, School::as(keys.ada),
                    {"backup", {KeyScope::profile_read}, {}, Secret(password)});
  };
  Caller program = School::as(keys.ada);
  program.sort = Caller::Sort::key;
  CHECK(make_key(keys.school.accounts, program, {"backup", {KeyScope::profile_read}, {}, Secret(School::good_password)})
            .error()
            .code == "FORBIDDEN");
  for (int i = 0; i < 5; ++i) CHECK(with("guess").error().code == "INVALID_CREDENTIALS");
  CHECK(with(School::good_password).error().code == "RATE_LIMITED");
  CHECK(keys.school.trail_of("auth.password_wrong") == 5);
  CHECK(keys.school.count("SELECT COUNT(*) FROM api_keys") == 0);
  CHECK(make_key_for(keys.school.accounts, system_caller(), keys.ada, {"backup", {KeyScope::profile_read}, {}, {}}));
}

TEST_CASE("who has a second step gives its code for a new key as well; the password alone makes none") {
  School school;
  const tests::Authenticator ada(school, "ada@example.org");
  const auto with = [&](const char* password, std::optional<std::string> code) {
    return make_key(school.accounts, School::as(ada.user),
                    {"backup", {KeyScope::profile_read}, {}, Secret(password), std::move(code)});
  };
  const auto missing = with(School::good_password, {});
  CHECK(missing.error().code == "VALIDATION_ERROR");
  CHECK(missing.error().fields.at(0).field == "code");
  CHECK(with("not her password", ada.code()).error().code == "INVALID_CREDENTIALS");
  CHECK(with(School::good_password, "000000").error().code == "MFA_INVALID");
  CHECK(school.count("SELECT COUNT(*) FROM api_keys") == 0);
  CHECK(school.trail_of("auth.second_step_failed") == 1);
  CHECK(with(School::good_password, ada.code()));
  CHECK(with(School::good_password, ada.code()).error().code == "MFA_INVALID");
  CHECK(with(School::good_password, ada.recovery[0]));
}

TEST_CASE("anything that is not a key of ours is refused") {
  Keys keys;
  const auto secret = keys.make()->secret;
  auto bent = secret;
  bent.back() = bent.back() == 'a' ? 'b' : 'a';
  for (const auto& wrong :
       {std::string("tuk_"), bent, secret + "a", secret.substr(0, 46), std::string("tuk_") + std::string(5000, 'a')})
    CHECK(keys.with(wrong).error().code == "UNAUTHENTICATED");
}

TEST_CASE("a key that was ended is refused at once, and only its owner ends it") {
  Keys keys;
  const auto made = keys.make();
  const auto bob = keys.school.add("bob@example.org");
  CHECK(end_key(keys.school.accounts, School::as(bob), made->id).error().code == "NOT_FOUND");
  CHECK(end_key(keys.school.accounts, School::as(bob, Role::admin), made->id).error().code == "NOT_FOUND");
  CHECK(keys.with(made->secret));
  REQUIRE(end_key(keys.school.accounts, School::as(keys.ada), made->id));
  CHECK(keys.with(made->secret).error().code == "UNAUTHENTICATED");
  CHECK(keys_of(keys.school.accounts, School::as(keys.ada)).empty());
  CHECK(end_key(keys.school.accounts, School::as(keys.ada), made->id).error().code == "NOT_FOUND");
}

TEST_CASE("a key runs out when it was said to") {
  Keys keys;
  CHECK(keys.make({KeyScope::profile_read}, keys.school.clock.now()).error().fields.front().field == "expiresAt");
  const auto made = keys.make({KeyScope::profile_read}, keys.school.clock.now() + days(1));
  keys.school.clock.pass(hours(23));
  CHECK(keys.with(made->secret));
  keys.school.clock.pass(hours(1));
  CHECK(keys.with(made->secret).error().code == "TOKEN_EXPIRED");
}

TEST_CASE("the keys of somebody disabled, demoted or removed follow at once") {
  Keys keys;
  const auto secret = keys.make()->secret;
  auto& accounts = keys.school.accounts;
  REQUIRE(set_standing(accounts, system_caller(), keys.ada, {.role = Role::instructor}));
  CHECK(keys.with(secret)->role == Role::instructor);
  // Long after every token that could contradict it has run out.
  keys.school.clock.pass(days(30));
  accounts.standing.forget_before(keys.school.clock.now());
  CHECK(keys.with(secret)->role == Role::instructor);
  REQUIRE(set_standing(accounts, system_caller(), keys.ada, {.status = UserStatus::disabled}));
  CHECK(keys.with(secret).error().code == "UNAUTHENTICATED");
  REQUIRE(set_standing(accounts, system_caller(), keys.ada, {.status = UserStatus::active}));
  CHECK(keys.with(secret));
  REQUIRE(directory::remove_person(accounts, School::as(keys.ada), keys.ada, {},
                                   {.password = Secret(School::good_password)}));
  CHECK(keys.with(secret).error().code == "UNAUTHENTICATED");
  CHECK(keys.school.count("SELECT COUNT(*) FROM api_keys") == 0);
}

TEST_CASE("keys are known again after a restart, with what their owners are by then") {
  Keys keys;
  const auto secret = keys.make()->secret;
  auto& accounts = keys.school.accounts;
  REQUIRE(set_standing(accounts, system_caller(), keys.ada, {.status = UserStatus::disabled}));
  Accounts again{.db = *keys.school.db,
                 .queue = keys.school.queue,
                 .outreach = keys.school.outreach,
                 .clock = keys.school.clock,
                 .entropy = keys.school.entropy,
                 .hasher = keys.school.hasher,
                 .signer = keys.school.signer,
                 .zones = keys.school.zones};
  start(again);
  CHECK(caller_with_key(again, School::visitor(), secret).error().code == "UNAUTHENTICATED");
  REQUIRE(set_standing(again, system_caller(), keys.ada, {.status = UserStatus::active}));
  CHECK(caller_with_key(again, School::visitor(), secret));
}

TEST_CASE("scopes of administrators are for administrators, and a key does something") {
  Keys keys;
  for (const auto scope : {KeyScope::users_read, KeyScope::users_write, KeyScope::ops})
    CHECK(keys.make({scope}).error().fields.front().field == "scopes");
  CHECK(keys.make({}).error().fields.front().field == "scopes");
  CHECK(keys.make({KeyScope::profile_read, KeyScope::profile_read}).error().fields.front().field == "scopes");
  const auto chief = keys.school.add("chief@example.org", Role::admin);
  CHECK(make_key(keys.school.accounts, School::as(chief, Role::admin),
                 {"watch", {KeyScope::ops}, {}, Secret(School::good_password)}));
}

TEST_CASE("an owner's key is no owner, before a restart and after it") {
  Keys keys;
  auto& accounts = keys.school.accounts;
  const auto chief = keys.school.add("chief@example.org", Role::admin, true);
  const auto made = make_key(accounts, School::as(chief, Role::admin),
                             {"office", {KeyScope::users_write}, {}, Secret(School::good_password)});
  REQUIRE(made);
  CHECK(keys.with(made->secret)->role == Role::admin);
  CHECK_FALSE(keys.with(made->secret)->owner);
  start(accounts);
  CHECK_FALSE(keys.with(made->secret)->owner);
}

TEST_CASE("the operator says who may make keys, and nobody makes them without end") {
  Keys keys;
  keys.school.accounts.options.api_keys = "admins";
  CHECK(keys.make().error().code == "FORBIDDEN");
  keys.school.accounts.options.api_keys = "nobody";
  const auto chief = keys.school.add("chief@example.org", Role::admin);
  CHECK(make_key(keys.school.accounts, School::as(chief, Role::admin),
                 {"watch", {KeyScope::ops}, {}, Secret(School::good_password)})
            .error()
            .code == "FORBIDDEN");
  keys.school.accounts.options.api_keys = "everybody";
  for (std::int64_t i = 0; i < keys_per_person; ++i) REQUIRE(keys.make());
  CHECK(keys.make().error().code == "TOO_MANY_KEYS");
}

TEST_CASE("when a key was used is seen at once and written down later, once") {
  Keys keys;
  const auto made = keys.make();
  CHECK_FALSE(keys_of(keys.school.accounts, School::as(keys.ada)).front().last_used_at);
  keys.school.clock.pass(minutes(5));
  for (int i = 0; i < 100; ++i) CHECK(keys.with(made->secret));
  CHECK(keys_of(keys.school.accounts, School::as(keys.ada)).front().last_used_at == keys.school.clock.now());
  CHECK(keys.school.count("SELECT COUNT(*) FROM api_keys WHERE last_used_at IS NOT NULL") == 0);
  note_uses(keys.school.accounts);
  CHECK(keys.school.count("SELECT last_used_at FROM api_keys") == keys.school.clock.now().ms);
  CHECK(keys.school.accounts.keys.take_uses().empty());
}

TEST_CASE("administrators see everybody's keys, a page at a time, and end them") {
  Keys keys;
  const auto bob = keys.school.add("bob@example.org");
  for (int i = 0; i < 3; ++i) REQUIRE(keys.make());
  keys.school.clock.pass(seconds(1));
  REQUIRE(make_key(keys.school.accounts, School::as(bob),
                   {"mine", {KeyScope::courses_read}, {}, Secret(School::good_password)}));
  const auto chief = School::as(keys.school.add("chief@example.org", Role::admin), Role::admin);
  CHECK(list_keys(keys.school.accounts, School::as(bob), {})->rows.empty());
  const auto first = list_keys(keys.school.accounts, chief, {.limit = 3});
  REQUIRE(first);
  REQUIRE(first->rows.size() == 3);
  CHECK(first->rows.front().email == "bob@example.org");
  const auto second = list_keys(keys.school.accounts, chief, {.limit = 3, .cursor = first->next});
  CHECK(second->rows.size() == 1);
  CHECK_FALSE(second->next);
  const auto bobs = list_keys(keys.school.accounts, chief, {.user = bob});
  REQUIRE(bobs->rows.size() == 1);
  CHECK(bobs->rows.front().id == first->rows.front().id);
  CHECK(list_keys(keys.school.accounts, chief, {.limit = 2, .user = keys.ada})->next);
  CHECK(list_keys(keys.school.accounts, School::as(bob), {.user = bob})->rows.empty());
  CHECK(list_keys(keys.school.accounts, chief, {.cursor = "made up"}).error().fields.front().field == "cursor");
  REQUIRE(end_key_of_somebody(keys.school.accounts, chief, first->rows.front().id));
  CHECK(keys_of(keys.school.accounts, School::as(bob)).empty());
  CHECK(end_key_of_somebody(keys.school.accounts, School::as(bob), second->rows.front().id).error().code ==
        "NOT_FOUND");
}

TEST_CASE("an owner's key is ended by owners only, other people's by every administrator") {
  Keys keys;
  const auto made = keys.make();
  REQUIRE(made);
  REQUIRE(set_standing(keys.school.accounts, system_caller(), keys.ada, {.role = Role::admin, .owner = true}));
  const auto chief = School::as(keys.school.add("chief@example.org", Role::admin), Role::admin);
  CHECK(end_key_of_somebody(keys.school.accounts, chief, made->id).error().code == "FORBIDDEN");
  CHECK(keys.with(made->secret));
  auto other = chief;
  other.owner = true;
  REQUIRE(end_key_of_somebody(keys.school.accounts, other, made->id));
  CHECK_FALSE(keys.with(made->secret));
}

TEST_CASE("staff who must have a second step and have none are told from others") {
  Keys keys;
  auto& accounts = keys.school.accounts;
  REQUIRE(set_standing(accounts, system_caller(), keys.ada, {.role = Role::instructor}));
  const auto secret = keys.make()->secret;
  CHECK_FALSE(keys.with(secret)->lacks_factor);
  accounts.options.require_mfa_for_staff = true;
  CHECK(keys.with(secret)->lacks_factor);
  const auto token = keys.school.sign_in("ada@example.org")->issued.access_token;
  CHECK(keys.with(token)->lacks_factor);
  accounts.factors.put(keys.ada);
  CHECK_FALSE(keys.with(secret)->lacks_factor);
  CHECK_FALSE(keys.with(token)->lacks_factor);
}

TEST_CASE("the lists of keys use an index") {
  School school;
  CHECK(tests::uses_index(
      *school.db, "SELECT id FROM api_keys WHERE user_id = ?1 AND revoked_at IS NULL ORDER BY created_at DESC"));
  CHECK(tests::uses_index(*school.db, store::key_list(store::Whose::everybodys)));
  CHECK(tests::uses_index(*school.db, store::key_list(store::Whose::ones)));
}

}  // namespace tuition::accounts

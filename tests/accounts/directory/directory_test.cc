#include "accounts/directory/directory.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

#include "accounts/directory/changes.h"
#include "accounts/directory/removal.h"
#include "accounts/directory/store.h"
#include "accounts/school.h"
#include "uses_index.h"

namespace tuition::accounts::directory {
namespace {

using tests::School;

Caller admin_of(School& school) {
  auto caller = School::as(school.add("admin@example.org", Role::admin), Role::admin);
  return caller;
}

Page<UserRow> page(School& school, const Caller& caller, const ListQuery& query) {
  auto found = list_people(school.accounts, caller, query);
  REQUIRE(found);
  return std::move(found).value();
}

std::vector<std::string> emails(const Page<UserRow>& page) {
  std::vector<std::string> out;
  for (const auto& row : page.rows) out.push_back(row.email);
  return out;
}

constexpr Order orders[] = {Order::newest, Order::oldest,    Order::email,      Order::email_back,
                            Order::name,   Order::name_back, Order::seen_first, Order::seen_last};

}  // namespace

TEST_CASE("in every order the pages together hold everybody once") {
  School school;
  const auto admin = admin_of(school);
  for (int i = 0; i < 9; ++i) {
    const auto name = "Person " + std::to_string(i % 3);
    school.clock.pass(i % 2 == 0 ? seconds(0) : seconds(5));
    REQUIRE(add_person(school.accounts, admin,
                       {.email = "p" + std::to_string(i) + "@example.org", .full_name = i == 4 ? "" : name}));
  }
  for (const auto order : orders) {
    CAPTURE(name_of(order));
    std::set<std::string> seen;
    ListQuery query{.limit = 3, .sort = order};
    for (int pages = 0; pages < 5; ++pages) {
      const auto one = page(school, admin, query);
      CHECK(one.total == 10);
      for (const auto& row : one.rows) CHECK(seen.insert(row.email).second);
      query.cursor = one.next;
      if (!one.next) break;
    }
    CHECK(seen.size() == 10);
    CHECK_FALSE(query.cursor);
  }
}

TEST_CASE("the orders are what they are called") {
  School school;
  const auto admin = admin_of(school);
  school.clock.pass(minutes(1));
  REQUIRE(add_person(school.accounts, admin, {.email = "zoe@example.org", .full_name = "adele"}));
  school.clock.pass(minutes(1));
  REQUIRE(add_person(school.accounts, admin, {.email = "bea@example.org", .full_name = "Zora"}));
  school.clock.pass(minutes(1));
  REQUIRE(school.sign_in("admin@example.org"));
  const auto first = [&](Order order) { return page(school, admin, {.sort = order}).rows.front().email; };
  CHECK(first(Order::newest) == "bea@example.org");
  CHECK(first(Order::oldest) == "admin@example.org");
  CHECK(first(Order::email) == "admin@example.org");
  CHECK(first(Order::email_back) == "zoe@example.org");
  CHECK(emails(page(school, admin, {.sort = Order::name})) ==
        std::vector<std::string>{"admin@example.org", "zoe@example.org", "bea@example.org"});
  CHECK(first(Order::name_back) == "bea@example.org");
  CHECK(first(Order::seen_last) == "admin@example.org");
  CHECK(first(Order::seen_first) != "admin@example.org");
}

TEST_CASE("names are found and sorted whatever their case and accents") {
  School school;
  const auto admin = admin_of(school);
  for (const auto* name : {"Zoë MÜLLER", "Per Österberg", "Olga Petrov", "Paul Adams", "Łukasz Nowak"})
    REQUIRE(add_person(school.accounts, admin,
                       {.email = "p" + std::to_string(school.count("SELECT COUNT(*) FROM users")) + "@example.org",
                        .full_name = name}));
  const auto names = [&](const ListQuery& query) {
    std::vector<std::string> out;
    for (const auto& row : page(school, admin, query).rows) out.push_back(row.full_name.value_or(""));
    return out;
  };
  for (const auto* q : {"müller", "MÜLLER", "Muller", "zoe mü"})
    CHECK(names({.q = q}) == std::vector<std::string>{"Zoë MÜLLER"});
  CHECK(names({.q = "lukasz"}) == std::vector<std::string>{"Łukasz Nowak"});
  CHECK(names({.sort = Order::name}) == std::vector<std::string>{"Ada Lovelace", "Łukasz Nowak", "Olga Petrov",
                                                                 "Paul Adams", "Per Österberg", "Zoë MÜLLER"});
  const auto first = page(school, admin, {.limit = 4, .sort = Order::name});
  CHECK(names({.cursor = first.next, .sort = Order::name}) == std::vector<std::string>{"Per Österberg", "Zoë MÜLLER"});
}

TEST_CASE("names that were written before they were folded are found once the school has started") {
  School school;
  const auto admin = admin_of(school);
  REQUIRE(add_person(school.accounts, admin, {.email = "zoe@example.org", .full_name = "Zoë Müller"}));
  school.db->write([](WriteTx& tx) { tx.execute("UPDATE user_profiles SET folded_name = NULL"); });
  CHECK(page(school, admin, {.q = "MÜLLER"}).rows.empty());
  start(school.accounts);
  CHECK(page(school, admin, {.q = "MÜLLER"}).rows.size() == 1);
  CHECK(page(school, admin, {.sort = Order::name}).rows.size() == 2);
  CHECK(school.count("SELECT COUNT(*) FROM user_profiles WHERE folded_name IS NULL") == 0);
  CHECK(tests::uses_index(*school.db, "SELECT id FROM user_profiles WHERE folded_name IS NULL LIMIT 500"));
}

TEST_CASE("a name that is changed or erased is folded anew") {
  School school;
  const auto admin = admin_of(school);
  const auto made = add_person(school.accounts, admin, {.email = "zoe@example.org", .full_name = "Zoë"});
  REQUIRE(made);
  REQUIRE(change_person(school.accounts, admin, made->id, {.full_name = "Ægir"}));
  CHECK(page(school, admin, {.q = "zoë"}).rows.empty());
  CHECK(page(school, admin, {.q = "aegir"}).rows.size() == 1);
  REQUIRE(remove_person(school.accounts, admin, made->id, {}));
  CHECK(school.count("SELECT COUNT(*) FROM user_profiles WHERE folded_name LIKE '%aegir%'") == 0);
}

TEST_CASE("people are found by parts of address and name, by role, status, access and day") {
  School school;
  const auto admin = admin_of(school);
  const auto before = school.clock.now();
  school.clock.pass(hours(1));
  const auto ada = school.add("ada@example.org", Role::instructor);
  REQUIRE(add_person(school.accounts, admin, {.email = "bob@example.org", .full_name = "Bob Lovelock"}));
  REQUIRE(set_presence(school.accounts, admin, school.add("cy@example.org"), Presence::disabled));
  school.accounts.paying = [&](ReadTx&) { return std::vector<UserId>{ada}; };

  CHECK(emails(page(school, admin, {.q = "LOVEL", .sort = Order::email})) ==
        std::vector<std::string>{"ada@example.org", "admin@example.org", "bob@example.org", "cy@example.org"});
  CHECK(emails(page(school, admin, {.q = "bob@"})) == std::vector<std::string>{"bob@example.org"});
  CHECK(emails(page(school, admin, {.q = "%"})).empty());
  CHECK(emails(page(school, admin, {.role = Role::instructor})) == std::vector<std::string>{"ada@example.org"});
  CHECK(emails(page(school, admin, {.status = Status::invited})) == std::vector<std::string>{"bob@example.org"});
  CHECK(emails(page(school, admin, {.status = Status::disabled})) == std::vector<std::string>{"cy@example.org"});
  CHECK(emails(page(school, admin, {.access = AccessLevel::paid})) == std::vector<std::string>{"ada@example.org"});
  CHECK(page(school, admin, {.access = AccessLevel::free}).total == 3);
  CHECK(emails(page(school, admin, {.created_to = before + hours(1)})) ==
        std::vector<std::string>{"admin@example.org"});
  CHECK(page(school, admin, {.created_from = before + hours(1)}).total == 3);
  CHECK(list_people(school.accounts, admin, {.created_from = before, .created_to = before - days(1)}).error().kind ==
        Kind::invalid);
}

TEST_CASE("people are found by the plan they have, together with other filters and a page at a time") {
  School school;
  const auto admin = admin_of(school);
  const auto ada = school.add("ada@example.org", Role::instructor);
  const auto bea = school.add("bea@example.org");
  school.add("cy@example.org");
  CHECK(emails(page(school, admin, {.plan = "school-pass"})).empty());

  school.accounts.on_plan = [&](ReadTx&, const std::string& plan) {
    return plan == "school-pass" ? std::vector<UserId>{ada, bea} : std::vector<UserId>{};
  };
  CHECK(emails(page(school, admin, {.plan = "school-pass", .sort = Order::email})) ==
        std::vector<std::string>{"ada@example.org", "bea@example.org"});
  CHECK(emails(page(school, admin, {.role = Role::user, .plan = "school-pass"})) ==
        std::vector<std::string>{"bea@example.org"});
  CHECK(page(school, admin, {.plan = "no-such-plan"}).total == 0);
  const auto first = page(school, admin, {.limit = 1, .plan = "school-pass", .sort = Order::name_back});
  CHECK(first.total == 2);
  REQUIRE(first.next);
  CHECK(page(school, admin, {.limit = 1, .cursor = first.next, .plan = "school-pass", .sort = Order::name_back})
            .rows.size() == 1);
}

TEST_CASE("a cursor that was not given out, or in another order, is refused") {
  School school;
  const auto admin = admin_of(school);
  school.add("ada@example.org");
  const auto next = page(school, admin, {.limit = 1}).next;
  REQUIRE(next);
  CHECK(list_people(school.accounts, admin, {.cursor = next, .sort = Order::email}).error().kind == Kind::invalid);
  for (const auto* made_up : {"x", "", "LWNyZWF0ZWRBdCA", "****"})
    CHECK(list_people(school.accounts, admin, {.cursor = std::string(made_up)}).error().kind == Kind::invalid);
}

TEST_CASE("nobody but administrators gets anything out of the list, whatever the route says") {
  School school;
  const auto ada = school.add("ada@example.org");
  for (const auto role : {Role::user, Role::instructor}) {
    const auto found = page(school, School::as(ada, role), {});
    CHECK(found.rows.empty());
    CHECK(found.total == 0);
  }
}

TEST_CASE("a person is shown to themselves and to administrators, and is not there for others") {
  School school;
  const auto admin = admin_of(school);
  const auto ada = school.add("ada@example.org");
  const auto bob = school.add("bob@example.org");
  REQUIRE(school.sign_in("ada@example.org"));
  CHECK(show_person(school.accounts, School::as(ada), ada)->sessions == 1);
  CHECK(show_person(school.accounts, admin, ada)->email == "ada@example.org");
  CHECK(show_person(school.accounts, School::as(bob), ada).error().kind == Kind::not_found);
  CHECK(show_person(school.accounts, School::as(bob, Role::instructor), ada).error().kind == Kind::not_found);
  CHECK(show_person(school.accounts, School::visitor(), ada).error().kind == Kind::not_found);
}

TEST_CASE("every order of the list walks its own index and sorts nothing") {
  School school;
  for (const auto order : orders) {
    CAPTURE(name_of(order));
    const auto plan = tests::query_plan(*school.db, store::statement(order, store::Among::everybody));
    CAPTURE(plan);
    CHECK(tests::uses_index(*school.db, store::statement(order, store::Among::everybody)));
    CHECK(plan.find("TEMP B-TREE FOR ORDER") == std::string::npos);
    CHECK(plan.find("users_created (created_at=") == std::string::npos);
  }
}

TEST_CASE("who has a plan or pays is looked up by id, in every order, and nobody else is read") {
  School school;
  std::vector<Sql> statements{store::count_statement(store::Among::listed)};
  for (const auto order : orders) statements.push_back(store::statement(order, store::Among::listed));
  for (const auto& statement : statements) {
    const auto plan = tests::query_plan(*school.db, statement);
    CAPTURE(plan);
    CHECK(tests::uses_index(*school.db, statement));
    CHECK(plan.find("SEARCH u USING INDEX sqlite_autoindex_users_1 (id=?)") != std::string::npos);
  }
}

}  // namespace tuition::accounts::directory

#include "accounts/directory/import.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/school.h"

namespace tuition::accounts::directory {
namespace {

using tests::School;

ImportReport load(School& school, std::string_view csv, const ImportWish& wish = {}) {
  auto report = import_people(school.accounts, system_caller(), csv, wish);
  REQUIRE(report);
  return std::move(report).value();
}

}  // namespace

TEST_CASE("people come from a table with what it says of them, and can sign in with the password they had") {
  School school;
  const auto hash = school.hasher.hash(Secret("a password from elsewhere")).value();
  const auto report = load(school,
                           "\xEF\xBB\xBF"
                           "Email,role,passwordHash,fullName\r\n"
                           "Ada@Example.org,Instructor," +
                               ('"' + hash + '"') +
                               ",\"Lovelace, Ada\"\r\n"
                               "bob@example.org,,,\r\n");
  CHECK(report.rows == 2);
  CHECK(report.created == 2);
  CHECK(report.errors.empty());
  const auto in = school.sign_in("ada@example.org", "a password from elsewhere");
  REQUIRE(in);
  CHECK(in->profile.role == Role::instructor);
  CHECK(in->profile.full_name == "Lovelace, Ada");
  CHECK(in->profile.email_verified);
  CHECK(school.trail_of("account.imported") == 2);
  CHECK(school.queued().empty());
}

TEST_CASE("a trial run says what would happen and changes nothing") {
  School school;
  school.add("ada@example.org");
  const auto report = load(school, "email\nada@example.org\nbob@example.org\n", {.dry_run = true});
  CHECK(report.dry_run);
  CHECK(report.created == 1);
  CHECK(report.skipped == 1);
  CHECK(school.count("SELECT COUNT(*) FROM users") == 1);
}

TEST_CASE("who has an account already is skipped and left as they are") {
  School school;
  school.add("ada@example.org");
  school.add("cy@example.org");
  constexpr auto* table =
      "email,fullName,role\nADA@example.org,Mallory,admin\nbob@example.org,Bob,user\ncy@example.org,,\n";
  for (const bool trial : {true, false}) {
    const auto report = load(school, table, {.dry_run = trial});
    CHECK(report.created == 1);
    CHECK(report.skipped == 2);
    CHECK(report.skipped_lines == std::vector<std::int64_t>{2, 4});
  }
  CHECK(school.sign_in("ada@example.org")->profile.full_name == "Ada Lovelace");
}

TEST_CASE("one wrong line keeps everybody out, and each wrong line is named") {
  School school;
  const auto report = load(school,
                           "email,fullName,role,passwordHash\n"
                           "fine@example.org,Fine,user,\n"
                           "not an address,,,\n"
                           "bob@example.org,,king,\n"
                           "cy@example.org,,,plain text\n"
                           "fine@example.org,,,\n"
                           "eve@example.org,,,,more\n"
                           "bad\xFF@example.org,,,\n");
  CHECK(report.created == 0);
  CHECK(school.count("SELECT COUNT(*) FROM users") == 0);
  std::vector<std::pair<std::int64_t, std::string>> named;
  for (const auto& each : report.errors) named.emplace_back(each.line, each.field);
  CHECK(named == std::vector<std::pair<std::int64_t, std::string>>{
                     {8, ""}, {3, "email"}, {4, "role"}, {5, "passwordHash"}, {6, "email"}, {7, ""}});
}

TEST_CASE("a table without the right columns is refused") {
  School school;
  for (const auto* csv :
       {"", "name\nAda\n", "email,email\na@example.org,b@example.org\n", "email,age\na@example.org,7\n"})
    CHECK_FALSE(load(school, csv).errors.empty());
  CHECK(school.count("SELECT COUNT(*) FROM users") == 0);
}

TEST_CASE("those without a password are invited where that is wished") {
  School school;
  CHECK(load(school, "email\nada@example.org\nbob@example.org\n", {.invite = true}).created == 2);
  CHECK(school.queued() == std::vector<std::string>{"invitation", "invitation"});
}

TEST_CASE("ten thousand people fit into one table, one more does not") {
  School school;
  std::string csv = "email\n";
  for (std::size_t i = 0; i < import_rows_max; ++i) csv += "p" + std::to_string(i) + "@example.org\n";
  CHECK(load(school, csv, {.dry_run = true}).created == static_cast<std::int64_t>(import_rows_max));
  csv += "one.more@example.org\n";
  CHECK(load(school, csv, {.dry_run = true}).errors.size() == 1);
}

TEST_CASE("hashes are known by their shape") {
  const auto complaint = complaint_about_hash("password");
  REQUIRE(complaint);
  for (const auto* wrong : {"", "$2b$32$abcdefghijklmnopqrstuuLxTXcGTfxF6eCMMBnLJn2hMsVm0LuW6",
                            "$argon2i$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b2dWRWJTmaaJObG",
                            "5f4dcc3b5aa765d61d8327deb882cf99"})
    CHECK(complaint_about_hash(wrong) == complaint);
}

TEST_CASE("a hash that costs more than a wrong password of everybody may cost is refused with the reason") {
  const auto bcrypt = [](const std::string& cost) {
    return complaint_about_hash("$2b$" + cost + "$abcdefghijklmnopqrstuuLxTXcGTfxF6eCMMBnLJn2hMsVm0LuW6");
  };
  const auto argon2 = [](const std::string& costs) {
    return complaint_about_hash("$argon2id$v=19$" + costs +
                                ",p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b2dWRWJTmaaJObG0123456789a");
  };
  CHECK_FALSE(bcrypt("04"));
  CHECK_FALSE(bcrypt("12"));
  CHECK(bcrypt("13").value_or("").find("costs too much to check: its cost may be 12") != std::string::npos);
  CHECK(bcrypt("14").value_or("").find("costs too much") != std::string::npos);
  CHECK_FALSE(argon2("m=19456,t=2"));
  CHECK_FALSE(argon2("m=65536,t=4"));
  CHECK(argon2("m=65537,t=1").value_or("").find("costs too much to check: m=65536 and t=4") != std::string::npos);
  CHECK(argon2("m=262144,t=10").value_or("").find("costs too much") != std::string::npos);
  CHECK(argon2("m=19456,t=5").value_or("").find("costs too much") != std::string::npos);

  School school;
  const auto report = load(school,
                           "email,passwordHash\nfine@example.org,\nold@example.org,"
                           "$2b$14$abcdefghijklmnopqrstuuLxTXcGTfxF6eCMMBnLJn2hMsVm0LuW6\n");
  REQUIRE(report.errors.size() == 1);
  CHECK(report.errors.front().line == 3);
  CHECK(report.errors.front().field == "passwordHash");
  CHECK(report.errors.front().reason == bcrypt("14"));
  CHECK(school.count("SELECT COUNT(*) FROM users") == 0);
}

TEST_CASE("what imported hashes cost is paid for wrong passwords of everybody, after a restart as well") {
  School school;
  const std::string bcrypt = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  CHECK(school.hasher.costs() == 1);
  load(school, "email,passwordHash\nold@example.org," + bcrypt + "\n", {.dry_run = true});
  CHECK(school.hasher.costs() == 1);
  load(school, "email,passwordHash\nold@example.org," + bcrypt + "\nolder@example.org," + bcrypt + "\n");
  CHECK(school.hasher.costs() == 2);
  school.add("new@example.org");
  const auto own = school.hasher.own_beginning();
  CHECK(school.db->read([&](ReadTx& tx) { return accounts::store::foreign_hashes(tx, own); }) ==
        std::vector<std::string>{bcrypt});
}

TEST_CASE("a program with a key imports learners and nobody else") {
  School school;
  auto key = School::as(school.add("owner@example.org", Role::admin, true), Role::admin);
  key.sort = Caller::Sort::key;
  const auto refused = import_people(school.accounts, key, "email,role\na@example.org,\nb@example.org,admin\n", {});
  REQUIRE(refused);
  REQUIRE(refused->errors.size() == 1);
  CHECK(refused->errors.front().line == 3);
  CHECK(refused->errors.front().field == "role");
  CHECK(school.count("SELECT COUNT(*) FROM users") == 1);
  CHECK(import_people(school.accounts, key, "email,role\na@example.org,user\n", {})->created == 1);
}

TEST_CASE("nobody but administrators imports") {
  School school;
  const auto ada = School::as(school.add("ada@example.org"), Role::instructor);
  CHECK(import_people(school.accounts, ada, "email\nx@example.org\n", {}).error().kind == Kind::forbidden);
}

}  // namespace tuition::accounts::directory

#include "audit/trail.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "accounts/school.h"
#include "audit/store.h"
#include "uses_index.h"

namespace tuition::audit {
namespace {

struct Trail {
  tests::StandingClock clock{};
  std::unique_ptr<Database> db = tests::School::opened(clock);

  void add(const std::string& action, const UserId& who, const std::string& target, Severity severity = Severity::info,
           std::string description = "Done.") {
    Actor actor;
    actor.sort = Caller::Sort::person;
    actor.user = who;
    actor.ip = "192.0.2.1";
    db->write([&](WriteTx& tx) {
      record(tx, {.at = clock.now(),
                  .actor = actor,
                  .action = action,
                  .category = Category::security,
                  .severity = severity,
                  .target_type = "user",
                  .target_id = target,
                  .description = std::move(description)});
    });
    clock.pass(minutes(1));
  }
  std::vector<std::int64_t> found(const TrailQuery& query) {
    std::vector<std::int64_t> ids;
    const auto page = list_trail(*db, system_caller(), query).value();
    for (const auto& row : page.rows) ids.push_back(row.id);
    return ids;
  }
  static TrailQuery asking(const TrailFilter& filter) {
    TrailQuery query;
    static_cast<TrailFilter&>(query) = filter;
    return query;
  }
};

using Ids = std::vector<std::int64_t>;

std::string all_of(const http::Reply& reply) {
  std::string out;
  while (reply.stream->next(out)) {}
  return out;
}

}  // namespace

TEST_CASE("the trail is read by who, whom, what, how serious, where from and when") {
  Trail trail;
  const UserId ada("ada"), bob("bob");
  const auto start = trail.clock.now();
  trail.add("auth.login", ada, "ada");
  trail.add("auth.login_failed", UserId(), "ada", Severity::warning);
  trail.add("account.created", ada, "bob");
  trail.add("auth.login", bob, "bob");
  const auto asking = Trail::asking;
  CHECK(trail.found({}) == Ids{4, 3, 2, 1});
  CHECK(trail.found(asking({.user = ada})) == Ids{3, 1});
  CHECK(trail.found(asking({.target = "ada"})) == Ids{2, 1});
  CHECK(trail.found(asking({.action = "auth.login"})) == Ids{4, 1});
  CHECK(trail.found(asking({.action = "auth."})) == Ids{4, 2, 1});
  CHECK(trail.found(asking({.severity = Severity::warning})) == Ids{2});
  CHECK(trail.found(asking({.category = Category::business})).empty());
  CHECK(trail.found(asking({.ip = "192.0.2.1"})).size() == 4);
  CHECK(trail.found(asking({.ip = "192.0.2.2"})).empty());
  CHECK(trail.found(asking({.from = start + minutes(1), .to = start + minutes(3)})) == Ids{3, 2});
  CHECK(trail.found(asking({.user = ada, .target = "bob", .action = "account."})) == Ids{3});
}

TEST_CASE("pages of the trail go back to its beginning") {
  Trail trail;
  for (int i = 0; i < 5; ++i) trail.add("test.done", UserId("ada"), "x");
  TrailQuery query;
  query.limit = 2;
  Ids seen;
  for (;;) {
    const auto page = list_trail(*trail.db, system_caller(), query).value();
    for (const auto& row : page.rows) seen.push_back(row.id);
    if (!page.next) break;
    query.cursor = page.next;
  }
  CHECK(seen == Ids{5, 4, 3, 2, 1});
  query.cursor = "made up";
  CHECK(list_trail(*trail.db, system_caller(), query).error().kind == Kind::invalid);
}

TEST_CASE("the trail is read from its beginning, too, and a place in one order is none in the other") {
  Trail trail;
  for (int i = 0; i < 5; ++i) trail.add(i == 2 ? "test.other" : "test.done", UserId("ada"), "x");
  TrailQuery query;
  query.limit = 2;
  query.sort = TrailOrder::oldest;
  query.action = "test.done";
  const auto first = list_trail(*trail.db, system_caller(), query).value();
  REQUIRE(first.next);
  query.cursor = first.next;
  const auto second = list_trail(*trail.db, system_caller(), query).value();
  CHECK(Ids{first.rows[0].id, first.rows[1].id, second.rows[0].id, second.rows[1].id} == Ids{1, 2, 4, 5});
  CHECK_FALSE(second.next);
  query.sort = TrailOrder::newest;
  CHECK(list_trail(*trail.db, system_caller(), query).error().fields.front().field == "cursor");
}

TEST_CASE("nobody but administrators reads the trail, whatever the route says") {
  Trail trail;
  trail.add("test.done", UserId("ada"), "ada");
  const auto self = tests::School::as(UserId("ada"), Role::instructor);
  CHECK(list_trail(*trail.db, self, {}).value().rows.empty());
  CHECK(all_of(export_trail(*trail.db, self, {})).empty());
}

TEST_CASE("the exported trail holds every entry, a line each") {
  Trail trail;
  for (int i = 0; i < 1203; ++i) trail.add("test.done", UserId("ada"), "x");
  const auto text = all_of(export_trail(*trail.db, system_caller(), {}));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1203);
  CHECK(text.starts_with("{\"id\":1,"));
}

TEST_CASE("no spreadsheet takes a cell of the export for a formula") {
  Trail trail;
  trail.add("test.done", UserId("ada"), "x", Severity::info, "=HYPERLINK(\"http://evil.example\")");
  ExportQuery query;
  query.format = ExportFormat::csv;
  const auto text = all_of(export_trail(*trail.db, system_caller(), query));
  CHECK(text.find("\"'=HYPERLINK(\"\"http://evil.example\"\")\"") != std::string::npos);
}

TEST_CASE("whatever the trail is asked for, an index leads") {
  Trail trail;
  using store::Lead;
  for (const auto lead : {Lead::number, Lead::user, Lead::target, Lead::action}) {
    for (const auto statement : {store::newest_statement(lead), store::oldest_statement(lead)}) {
      const auto plan = tests::query_plan(*trail.db, statement);
      CAPTURE(plan);
      CHECK(plan.find("SCAN") == std::string::npos);
      CHECK(plan.find("TEMP B-TREE") == std::string::npos);
    }
  }
}

}  // namespace tuition::audit

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <catch2/catch_test_macros.hpp>

#include <future>

#include "accounts/figures.h"
#include "app_fixture.h"
#include "catalogue/catalogue.h"
#include "cli/demo_school.h"
#include "learning/learning.h"
#include "platform/base/text.h"
#include "statement_log.h"

namespace tuition {
namespace {

// Every row of every table, but when people were last seen.
std::string dump(Database& db) {
  db.write([](WriteTx&) {});  // behind all that may have been queued
  SQLite::Database beside(db.path().string(), SQLite::OPEN_READONLY);
  std::string all;
  SQLite::Statement tables(beside, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  while (tables.executeStep()) {
    const auto table = tables.getColumn(0).getString();
    all += table + "\n";
    SQLite::Statement rows(beside, "SELECT * FROM \"" + table + "\"");
    while (rows.executeStep()) {
      for (int i = 0; i < rows.getColumnCount(); ++i)
        if (std::string(rows.getColumnName(i)).find("last_seen") == std::string::npos &&
            std::string(rows.getColumnName(i)).find("last_used") == std::string::npos)
          all += rows.getColumn(i).getString() + "|";
      all += "\n";
    }
  }
  return all;
}

// The answer's status, waited for.
int ask(const http::Route& route, const Caller& caller, const std::string& id) {
  std::promise<int> answered;
  auto request = std::make_shared<http::Request>();
  request->method = route.method;
  request->caller = caller;
  request->route = route.path;
  for (const auto part : split(route.path, '/'))
    if (part.starts_with('{')) request->params.emplace_back(part.substr(1, part.size() - 2), id);
  route.endpoint.run(*request, http::Respond([&](http::Reply reply) {
    if (reply.stream) {
      std::string out;
      while (reply.stream->next(out)) {}
    }
    answered.set_value(reply.status);
  }));
  return answered.get_future().get();
}

// The demo school, who may ask there, and what they may ask for.
struct DemoReaders {
  DemoReaders() {
    REQUIRE(cli::open_demo_school(app));
    app.run_jobs();
    const auto find = [&](const char* email) {
      return app.db.read([&](ReadTx& tx) { return accounts::person_by_email(tx, email); });
    };
    for (const auto& account : cli::demo_accounts()) {
      const auto person = find(account.email);
      REQUIRE(person);
      auto caller = fixture.caller(person->id, person->role);
      caller.owner = person->owner;
      callers.push_back(caller);
      ids.push_back(person->id.text());
    }
    SQLite::Database beside(app.db.path().string(), SQLite::OPEN_READONLY);
    for (const auto* from : {"SELECT id FROM courses", "SELECT id FROM content_modules", "SELECT id FROM lessons",
                             "SELECT id FROM quizzes", "SELECT id FROM plans"}) {
      SQLite::Statement rows(beside, from);
      if (rows.executeStep()) ids.push_back(rows.getColumn(0).getString());
    }
  }

  tests::AppFixture fixture{};
  app::App& app = *fixture.app;
  std::vector<Caller> callers{Caller{}};
  std::vector<std::string> ids{"0190b6f0-0000-7000-8000-000000000000", "hear-what-you-play"};
};

// Of tables that grow with a school's people and lessons. It has some dozens of courses: asking each of them which
// picture is its cover is no matter. What the index of words keeps for itself is its own.
bool matters(const std::string& statement) {
  for (const auto* own : {"search_index_", "cover_media_id", "PRAGMA", "EXPLAIN"})
    if (statement.find(own) != std::string::npos) return false;
  for (const auto* table : {"progress", "enrollments", "xp_events", "user_stats", "user_achievements", "user_profiles",
                            "users", "quiz_", "quizzes", "practice_", "certificates", "lessons", "content_modules",
                            "media", "blob", "search_", "entitlements", "leaderboard_"})
    if (statement.find(table) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("reading changes nothing, whoever reads what") {
  DemoReaders demo;
  auto& app = demo.app;

  const auto before = dump(app.db);
  int asked = 0;
  for (const auto& route : app.all_routes()) {
    if (route.method != http::Method::get || !route.endpoint.run) continue;
    CAPTURE(route.path);
    for (const auto& caller : demo.callers)
      for (const auto& id : demo.ids) {
        CHECK(ask(route, caller, id) < 600);
        ++asked;
        if (route.path.find('{') == std::string_view::npos) break;
      }
  }
  CHECK(asked > 100);
  CHECK(dump(app.db) == before);
}

TEST_CASE("nothing that courses and learners are asked for is searched for from end to end") {
  tests::StatementLog log;
  DemoReaders demo;
  log.take();
  auto routes = learning::routes(demo.app.learning);
  for (auto& route : catalogue::routes(demo.app.catalogue)) routes.push_back(std::move(route));
  for (const auto& route : routes) {
    if (route.method != http::Method::get || !route.endpoint.run) continue;
    CAPTURE(route.path);
    for (const auto& caller : demo.callers)
      for (const auto& id : demo.ids) CHECK(ask(route, caller, id) < 600);
  }
  std::size_t judged = 0;
  for (const auto& statement : log.take()) {
    if (!matters(statement)) continue;
    INFO(statement);
    CHECK(tests::scans_of(demo.app.db, statement).empty());
    ++judged;
  }
  CHECK(judged > 20);
}

}  // namespace tuition

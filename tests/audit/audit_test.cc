#include "audit/audit.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/school.h"

namespace tuition::audit {
namespace {

std::unique_ptr<Database> trail_of(int entries) {
  static const tests::StandingClock clock;
  auto db = tests::School::opened(clock);
  for (int i = 0; i < entries; ++i)
    db->write([&](WriteTx& tx) {
      record(tx,
             {.at = clock.now(), .actor = system_caller(), .action = "test.done", .description = std::to_string(i)});
    });
  return db;
}

}  // namespace

TEST_CASE("a trail as it was written is whole") {
  const auto db = trail_of(5);
  const auto verdict = verify(*db);
  CHECK(verdict.whole());
  CHECK(verdict.checked == 5);
  CHECK(verdict.last_hash.size() == 64);
}

TEST_CASE("an empty trail is whole") { CHECK(verify(*trail_of(0)).whole()); }

TEST_CASE("what is done with an API key names the key beside its owner") {
  static const tests::StandingClock clock;
  auto db = tests::School::opened(clock);
  Caller program;
  program.sort = Caller::Sort::key;
  program.user = UserId("018f0000-0000-7000-8000-000000000001");
  program.key = "018f0000-0000-7000-8000-000000000002";
  db->write([&](WriteTx& tx) {
    record(tx, {.at = clock.now(), .actor = program, .action = "test.done"});
    record(tx, {.at = clock.now(), .actor = program, .action = "test.done", .metadata = {R"({"lines":2})"}});
    record(tx, {.at = clock.now(), .actor = system_caller(), .action = "test.done", .metadata = {R"({"lines":2})"}});
  });
  const auto texts =
      db->read([](ReadTx& tx) { return tx.many<std::string>("SELECT metadata_json FROM audit_logs ORDER BY id"); });
  CHECK(texts == std::vector<std::string>{R"({"actorKey":"018f0000-0000-7000-8000-000000000002"})",
                                          R"({"actorKey":"018f0000-0000-7000-8000-000000000002","lines":2})",
                                          R"({"lines":2})"});
  CHECK(verify(*db).whole());
}

TEST_CASE("entries can be neither changed nor removed") {
  const auto db = trail_of(2);
  CHECK_THROWS(db->write([](WriteTx& tx) { tx.execute("UPDATE audit_logs SET description = 'x' WHERE id = 1"); }));
  CHECK_THROWS(db->write([](WriteTx& tx) { tx.execute("DELETE FROM audit_logs WHERE id = 2"); }));
  CHECK(verify(*db).checked == 2);
}

TEST_CASE("an entry changed behind the triggers is found") {
  const auto db = trail_of(4);
  db->write([](WriteTx& tx) {
    tx.execute("DROP TRIGGER audit_logs_no_update");
    tx.execute("UPDATE audit_logs SET description = 'nothing happened' WHERE id = 2");
  });
  CHECK(verify(*db).broken_at == 2);
}

TEST_CASE("an entry taken out behind the triggers is found") {
  const auto db = trail_of(4);
  db->write([](WriteTx& tx) {
    tx.execute("DROP TRIGGER audit_logs_no_delete");
    tx.execute("DELETE FROM audit_logs WHERE id = 3");
  });
  CHECK(verify(*db).broken_at == 4);
}

TEST_CASE("an entry goes with the act it describes") {
  const auto db = trail_of(1);
  const auto refused = db->write([](WriteTx& tx) -> Result<void> {
    record(tx, {.action = "test.undone"});
    return not_found("no");
  });
  CHECK_FALSE(refused);
  CHECK(verify(*db).checked == 1);
}

TEST_CASE("a trail that lost its beginning is found") {
  const auto db = trail_of(4);
  db->write([](WriteTx& tx) {
    tx.execute("DROP TRIGGER audit_logs_no_delete");
    tx.execute("DELETE FROM audit_logs WHERE id = 1");
  });
  CHECK(verify(*db).broken_at == 2);
}

TEST_CASE("a long trail is checked to its end") {
  const auto db = trail_of(2100);
  CHECK(verify(*db).checked == 2100);
  db->write([](WriteTx& tx) {
    tx.execute("DROP TRIGGER audit_logs_no_update");
    tx.execute("UPDATE audit_logs SET ip_address = '192.0.2.9' WHERE id = 1500");
  });
  CHECK(verify(*db).broken_at == 1500);
}

}  // namespace tuition::audit

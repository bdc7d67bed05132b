#include "audit/audit.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/school.h"
#include "audit/chain.h"
#include "audit/store.h"

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

namespace {

const Secret key(std::string(32, 'k'));
const Secret other_key(std::string(32, 'o'));

void add(Database& db, const std::string& what) {
  db.write([&](WriteTx& tx) { record(tx, {.actor = system_caller(), .action = "test.done", .description = what}); });
}
// What somebody does who can write the file: the entry changed, and every hash from there on made anew.
void forge(Database& db, std::int64_t entry, bool drop_keys) {
  db.write([&](WriteTx& tx) {
    tx.execute("DROP TRIGGER audit_logs_no_update");
    tx.execute("UPDATE audit_logs SET description = 'nothing happened' WHERE id = ?1", entry);
    std::string previous;
    for (const auto& row : store::after(tx, 0, 100)) {
      const auto hash = row.id < entry ? row.hash : chain_hash(row.id, previous, row.entry);
      tx.execute("UPDATE audit_logs SET prev_hash = ?2, hash = ?3 WHERE id = ?1", row.id, previous, hash);
      if (drop_keys && row.id >= entry) tx.execute("UPDATE audit_logs SET key_id = '' WHERE id = ?1", row.id);
      previous = hash;
    }
  });
}
// Two entries without a key, then three with it.
std::unique_ptr<Database> half_signed() {
  auto db = trail_of(2);
  sign_with(*db, key);
  for (const auto* each : {"third", "fourth", "fifth"}) add(*db, each);
  return db;
}

}  // namespace

TEST_CASE("a trail that was begun without a key goes on signed, and both parts are verified") {
  const auto db = half_signed();
  const auto verdict = verify(*db);
  CHECK(verdict.whole());
  CHECK(verdict.checked == 5);
  CHECK(verdict.signed_from == 3);
  CHECK_FALSE(verify(*trail_of(3)).signed_from);
}

TEST_CASE("who can write the file but has no key makes up neither signed entries nor those before them") {
  const auto changed = half_signed();
  forge(*changed, 4, false);
  CHECK(verify(*changed).broken_at == 4);
  const auto unsigned_again = half_signed();
  forge(*unsigned_again, 4, true);
  CHECK(verify(*unsigned_again).broken_at == 4);
  const auto old_part = half_signed();
  old_part->write([](WriteTx& tx) {
    tx.execute("DROP TRIGGER audit_logs_no_update");
    tx.execute("UPDATE audit_logs SET description = 'nothing happened' WHERE id = 2");
    const auto row = store::after(tx, 1, 1).at(0);
    const auto hash = chain_hash(2, row.previous_hash, row.entry);
    tx.execute("UPDATE audit_logs SET hash = ?1 WHERE id = 2", hash);
    tx.execute("UPDATE audit_logs SET prev_hash = ?1 WHERE id = 3", hash);
  });
  CHECK(verify(*old_part).broken_at == 3);
  // All of it made anew is a chain of its own, and says that nothing of it is signed.
  const auto all_new = half_signed();
  forge(*all_new, 1, true);
  CHECK(verify(*all_new).whole());
  CHECK_FALSE(verify(*all_new).signed_from);
}

TEST_CASE("what was signed with another key is not taken for whole, unless that key is given") {
  const auto db = half_signed();
  sign_with(*db, other_key);
  add(*db, "sixth");
  const auto verdict = verify(*db);
  CHECK_FALSE(verdict.whole());
  CHECK_FALSE(verdict.broken_at);
  CHECK(verdict.unknown_at == 3);
  const auto with_both = verify(*db, {key});
  CHECK(with_both.whole());
  CHECK(with_both.checked == 6);
}

TEST_CASE("a signed trail takes no entry without its key") {
  const auto db = half_signed();
  db->write([](WriteTx& tx) { tx.give_key(nullptr); });
  CHECK_THROWS(add(*db, "unsigned"));
  CHECK(verify(*db).checked == 5);
  CHECK(verify(*db).unknown_at == 3);
}

}  // namespace tuition::audit

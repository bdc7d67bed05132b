#include "entitlements/entitlements.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/classroom.h"
#include "uses_index.h"

namespace tuition::entitlements {
namespace {

struct Ledger : tests::Classroom {
  Caller caller = person();
  UserId user = caller.user;
  Target course = course_target("c1", "");

  NewGrant wanted(std::string source_id, Duration length) {
    return {.user = user,
            .scope = Scope::course,
            .scope_id = "c1",
            .source = Source::purchase,
            .source_id = std::move(source_id),
            .starts_at = clock.now(),
            .ends_at = clock.now() + length,
            .reason = "Bought."};
  }
  template <class F>
  bool write(F f) {
    bool changed = false;
    db->write([&](WriteTx& tx) { changed = f(tx); });
    return changed;
  }
  bool grants(const NewGrant& what) {
    return write([&](WriteTx& tx) { return grant(entitlements, tx, what); });
  }
  bool may() { return may_use(entitlements, user, course).allowed; }
};

}  // namespace

TEST_CASE("the same grant given twice is one row") {
  Ledger ledger;
  const auto what = ledger.wanted("p1", days(30));
  CHECK(ledger.grants(what));
  CHECK_FALSE(ledger.grants(what));
  const auto rows =
      ledger.db->read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT COUNT(*) FROM entitlements"); });
  CHECK(rows == 1);
}

TEST_CASE("a grant that comes again only ever lengthens") {
  Ledger ledger;
  ledger.grants(ledger.wanted("p1", days(30)));
  CHECK_FALSE(ledger.grants(ledger.wanted("p1", days(10))));
  CHECK(ledger.grants(ledger.wanted("p1", days(60))));
  CHECK(may_use(ledger.entitlements, ledger.user, ledger.course).until == ledger.clock.now() + days(60));
}

TEST_CASE("what is granted and revoked shows at once, although answers are remembered") {
  Ledger ledger;
  CHECK_FALSE(ledger.may());
  ledger.grants(ledger.wanted("p1", days(30)));
  CHECK(ledger.may());
  CHECK(
      ledger.write([&](WriteTx& tx) { return revoke(ledger.entitlements, tx, Source::purchase, "p1", "Refunded."); }));
  CHECK_FALSE(ledger.may());
  CHECK(ledger.grants(ledger.wanted("p1", days(90))));
  CHECK_FALSE(ledger.may());
  CHECK(ledger.write([&](WriteTx& tx) { return restore(ledger.entitlements, tx, Source::purchase, "p1"); }));
  CHECK(ledger.may());
}

TEST_CASE("a remembered right ends by itself") {
  Ledger ledger;
  ledger.grants(ledger.wanted("p1", days(30)));
  CHECK(ledger.may());
  ledger.clock.pass(days(30));
  CHECK_FALSE(ledger.may());
}

TEST_CASE("a right that begins later begins by itself") {
  Ledger ledger;
  auto what = ledger.wanted("p1", days(30));
  what.starts_at = ledger.clock.now() + days(1);
  ledger.grants(what);
  CHECK_FALSE(ledger.may());
  ledger.clock.pass(days(1));
  CHECK(ledger.may());
}

TEST_CASE("a source is extended and ended as a whole") {
  Ledger ledger;
  ledger.grants(ledger.wanted("p1", days(30)));
  const auto now = ledger.clock.now();
  CHECK(ledger.write(
      [&](WriteTx& tx) { return extend(ledger.entitlements, tx, Source::purchase, "p1", now + days(60)); }));
  CHECK_FALSE(ledger.write(
      [&](WriteTx& tx) { return extend(ledger.entitlements, tx, Source::purchase, "p1", now + days(50)); }));
  CHECK(may_use(ledger.entitlements, ledger.user, ledger.course).until == now + days(60));
  CHECK(ledger.write(
      [&](WriteTx& tx) { return end_at(ledger.entitlements, tx, Source::purchase, "p1", now + days(3)); }));
  CHECK(may_use(ledger.entitlements, ledger.user, ledger.course).until == now + days(3));
}

TEST_CASE("a write that is rolled back grants nothing") {
  Ledger ledger;
  CHECK_FALSE(ledger.may());
  const auto refused = ledger.db->write([&](WriteTx& tx) -> Result<void> {
    grant(ledger.entitlements, tx, ledger.wanted("p1", days(30)));
    return not_found("No.");
  });
  CHECK_FALSE(refused.ok());
  CHECK_FALSE(ledger.may());
}

TEST_CASE("what was read before a change is not remembered after it") {
  Cache cache;
  const UserId user("u");
  const auto ticket = cache.ticket(user);
  cache.forget(user);
  cache.remember(user, std::make_shared<const std::vector<Right>>(), ticket);
  CHECK(cache.find(user) == nullptr);
}

TEST_CASE("a person's rights are found by index") {
  Ledger ledger;
  CHECK(tests::uses_index(
      *ledger.db,
      "SELECT scope, scope_id, starts_at, ends_at FROM entitlements "
      "WHERE user_id = ?1 AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?2) ORDER BY starts_at"));
}

}  // namespace tuition::entitlements

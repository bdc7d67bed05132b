#include "platform/jobs/once.h"

#include <catch2/catch_test_macros.hpp>

#include "school_work.h"
#include "uses_index.h"

namespace tuition::jobs {
namespace {

struct RememberedKeys {
  SchoolWork::MovedClock clock{};
  std::unique_ptr<Database> db = storage::open_temporary();
  RememberedKeys() { check(storage::migrate(*db, app::embedded_schema(), clock).ok(), "the schema applies"); }
};

}  // namespace

TEST_CASE("a key stands for one request of one caller on one route") {
  RememberedKeys school;
  const auto ask = [&](const Asked& asked) {
    return school.db->write([&](WriteTx& tx) -> Result<std::string> {
      const auto make = [&]() -> Result<std::string> {
        return "made-" + asked.user.text() + asked.route + asked.body_hash;
      };
      return once(tx, asked, Instant{1000}, make);
    });
  };
  const UserId ada("ada"), bob("bob");
  CHECK(ask({"k", ada, "order", "a"}).value() == "made-adaordera");
  CHECK(ask({"k", ada, "order", "a"}).value() == "made-adaordera");
  CHECK(ask({"k", ada, "order", "b"}).error().code == "IDEMPOTENCY_MISMATCH");
  CHECK(ask({"k", ada, "refund", "b"}).value() == "made-adarefundb");
  CHECK(ask({"k", bob, "order", "b"}).value() == "made-boborderb");
  CHECK(ask({"l", ada, "order", "b"}).value() == "made-adaorderb");

  school.db->write([](WriteTx& tx) {
    CHECK(forget_keys(tx, Instant{1000}) == 0);
    CHECK(forget_keys(tx, Instant{1001}) == 4);
  });
  CHECK(ask({"k", ada, "order", "b"}).value() == "made-adaorderb");
}

TEST_CASE("without a key nothing is the same, and nothing is kept") {
  RememberedKeys school;
  school.db->write([](WriteTx& tx) {
    const Asked asked{"", UserId("ada"), "order", "a"};
    remember(tx, asked, "x", Instant{1});
    remember(tx, asked, "y", Instant{1});
    CHECK_FALSE(made_before(tx, asked).value());
  });
  CHECK(check_key(""));
  CHECK(check_key(std::string(255, 'k')));
  CHECK(check_key(std::string(256, 'k')).error().fields.at(0).field == "Idempotency-Key");
}

TEST_CASE("keys are found, and forgotten, by an index") {
  RememberedKeys school;
  CHECK(tests::uses_index(*school.db,
                          "SELECT body_hash, subject_id FROM idempotency_keys WHERE key = ?1 AND user_id = ?2 AND "
                          "route = ?3"));
  CHECK(tests::uses_index(*school.db, "DELETE FROM idempotency_keys WHERE created_at < ?1"));
}

}  // namespace tuition::jobs

#include "platform/blobs/blobs.h"

#include <catch2/catch_test_macros.hpp>

#include "app/embedded.h"
#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/crypto/system_entropy.h"
#include "platform/storage/migrate.h"
#include "platform/storage/open.h"
#include "standing_clock.h"

namespace tuition {
namespace {

struct Store {
  tests::StandingClock clock{};
  crypto::SystemEntropy entropy{};
  std::unique_ptr<Database> db = storage::open_temporary();
  blobs::Blobs blobs{*db, clock, entropy, 0};

  Store() { check(storage::migrate(*db, app::embedded_schema(), clock).ok(), "the schema applies"); }

  blobs::BlobId put(std::string_view bytes) {
    blobs::Writer writer(blobs);
    check(writer.add(bytes).ok(), "there is room");
    check(writer.finish().ok(), "there is room");
    return *db->write([&](WriteTx& tx) -> Result<blobs::BlobId> { return blobs::keep(tx, writer); });
  }
  std::string all_of(const blobs::BlobId& id, std::uint64_t at = 0, std::size_t step = blobs::chunk_bytes) {
    std::string out;
    while (blobs::read(*db, id, at + out.size(), step, out)) {}
    return out;
  }
  // Once everything queued so far is done, and what that queued.
  std::int64_t count(bool chunks) {
    for (int i = 0; i < 50; ++i) db->write([](WriteTx&) {});
    return db->read([&](ReadTx& tx) {
      return chunks ? *tx.one<std::int64_t>("SELECT COUNT(*) FROM blob_chunks")
                    : *tx.one<std::int64_t>("SELECT COUNT(*) FROM blobs");
    });
  }
};

// Bytes that repeat nowhere near a chunk's edge.
std::string noise(std::size_t size, std::uint32_t seed = 1) {
  std::string out(size, '\0');
  for (auto& c : out) {
    seed = seed * 1664525 + 1013904223;
    c = static_cast<char>(seed >> 24);
  }
  return out;
}

}  // namespace

TEST_CASE("bytes come back as they went in, whole and in part") {
  Store store;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, blobs::chunk_bytes - 1, blobs::chunk_bytes, blobs::chunk_bytes + 1,
        blobs::piece_bytes, blobs::piece_bytes + 1, 3 * blobs::piece_bytes + 777}) {
    CAPTURE(size);
    const auto bytes = noise(size, static_cast<std::uint32_t>(size));
    const auto id = store.put(bytes);
    CHECK(store.all_of(id) == bytes);
    if (size > 10) CHECK(store.all_of(id, size - 10, 3) == bytes.substr(size - 10));
    CHECK(store.all_of(id, size).empty());
    CHECK(store.all_of(id, std::uint64_t{1} << 60).empty());
  }
}

TEST_CASE("a file that comes in odd pieces has the same digest") {
  Store store;
  const auto bytes = noise(700'000);
  blobs::Writer writer(store.blobs);
  for (std::size_t at = 0, step = 1; at < bytes.size(); at += step, step = step * 7 % 65'537 + 1)
    REQUIRE(writer.add(std::string_view(bytes).substr(at, step)));
  const auto whole = writer.finish();
  REQUIRE(whole);
  CHECK(whole->bytes == bytes.size());
  CHECK(whole->sha256 == to_hex(bytes_of(crypto::sha256(bytes))));
}

TEST_CASE("the same bytes are stored once") {
  Store store;
  const auto bytes = noise(300'000);
  const auto first = store.put(bytes);
  CHECK(store.put(bytes) == first);
  CHECK(store.count(false) == 1);
  CHECK(store.count(true) == 5);
  CHECK(store.all_of(first) == bytes);
}

TEST_CASE("an upload that is cut leaves nothing") {
  Store store;
  {
    blobs::Writer writer(store.blobs);
    REQUIRE(writer.add(noise(20 * blobs::piece_bytes)));
    CHECK(store.count(true) == 80);
    CHECK(blobs::sweep(store.blobs) == 0);  // it runs still
  }
  CHECK(store.count(false) == 0);
  CHECK(store.count(true) == 0);
}

TEST_CASE("a finished upload that nobody wrote down leaves nothing") {
  Store store;
  {
    blobs::Writer writer(store.blobs);
    REQUIRE(writer.add(noise(blobs::piece_bytes)));
    REQUIRE(writer.finish());
    const auto refused = store.db->write([&](WriteTx& tx) -> Result<void> {
      blobs::keep(tx, writer);
      return conflict("NO", "No.");
    });
    CHECK(!refused);
  }
  CHECK(store.count(true) == 0);
}

TEST_CASE("what a crash left is swept, at the start or later") {
  Store store;
  const auto kept = store.put(noise(100'000));
  const auto crash = [&](const std::string& id) {
    store.db->write([&](WriteTx& tx) {
      tx.execute("INSERT INTO blobs (id, bytes, created_at) VALUES (?1, 0, 1)", id);
      for (int i = 0; i < 200; ++i)
        tx.execute("INSERT INTO blob_chunks (blob_id, seq, data) VALUES (?1, ?2, ?3)", id, i, Blob{"left"});
    });
  };
  crash("one");
  blobs::start(store.blobs);
  CHECK(store.count(false) == 1);
  crash("two");
  CHECK(blobs::sweep(store.blobs) == 1);
  CHECK(store.count(false) == 1);
  CHECK(store.count(true) == 2);
  CHECK(store.all_of(kept).size() == 100'000);
}

TEST_CASE("a dropped blob goes, and its bytes can come again") {
  Store store;
  const auto bytes = noise(3 * blobs::piece_bytes);
  const auto first = store.put(bytes);
  store.db->write([&](WriteTx& tx) { blobs::drop(tx, store.blobs, first); });
  CHECK(store.count(true) == 0);
  const auto again = store.put(bytes);
  CHECK(again != first);
  CHECK(store.all_of(again) == bytes);
}

TEST_CASE("uploads are refused before the disk is full") {
  Store store;
  store.blobs.room_kept = std::uint64_t{1} << 62;
  blobs::Writer writer(store.blobs);
  const auto refused = writer.add(noise(blobs::piece_bytes));
  REQUIRE(!refused);
  CHECK(refused.error().code == "STORAGE_FULL");
  CHECK(store.count(false) == 0);
}

}  // namespace tuition

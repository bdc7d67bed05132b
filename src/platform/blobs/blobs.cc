#include "platform/blobs/blobs.h"

#include <algorithm>
#include <filesystem>

#include "platform/base/check.h"
#include "platform/base/text.h"

namespace tuition::blobs {
namespace {

constexpr std::int64_t chunks_per_removal = 64;

// Removes some chunks of a blob that is not whole, and the blob with the last of them. True when it is gone.
bool remove_some(WriteTx& tx, const BlobId& id) {
  const auto removed = tx.execute(
      "DELETE FROM blob_chunks WHERE blob_id = ?1 AND seq IN (SELECT c.seq FROM blob_chunks c JOIN blobs b "
      "ON b.id = c.blob_id WHERE c.blob_id = ?1 AND b.sha256 IS NULL ORDER BY c.seq LIMIT ?2)",
      id, chunks_per_removal);
  if (removed == chunks_per_removal) return false;
  tx.execute("DELETE FROM blobs WHERE id = ?1 AND sha256 IS NULL", id);
  return true;
}

// Other writes come in between. Whatever fails here is swept later.
void remove_later(Database& db, const BlobId& id) {
  db.write_later([id](WriteTx& tx) -> Result<bool> { return remove_some(tx, id); },
                 [&db, id](const Result<bool>& gone) {
                   if (gone && !*gone) remove_later(db, id);
                 });
}

std::vector<BlobId> unfinished(Database& db) {
  return db.read([](ReadTx& tx) { return tx.many<BlobId>("SELECT id FROM blobs WHERE sha256 IS NULL"); });
}

Error no_room() {
  return {Kind::unavailable, "STORAGE_FULL", "The server's disk is too full for this file. Nothing was stored."};
}

}  // namespace

void Running::add(const BlobId& id) {
  std::lock_guard lock(mutex_);
  ids_.insert(id);
}

void Running::remove(const BlobId& id) {
  std::lock_guard lock(mutex_);
  ids_.erase(id);
}

bool Running::has(const BlobId& id) const {
  std::lock_guard lock(mutex_);
  return ids_.contains(id);
}

Writer::Writer(Blobs& blobs) : blobs_(blobs), id_(new_id<BlobTag>(blobs.clock, blobs.entropy)) {
  blobs_.running.add(id_);
}

Writer::~Writer() {
  // Kept under our id it is whole by now, and nothing is removed.
  if (seq_ > 0) remove_later(blobs_.db, id_);
  blobs_.running.remove(id_);
}

Result<void> Writer::add(std::string_view bytes) {
  check(!whole_, "nothing is added to a finished file");
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, piece_bytes - waiting_.size());
    waiting_ += part;
    bytes.remove_prefix(part.size());
    digest_.add(part);
    bytes_ += part.size();
    if (waiting_.size() == piece_bytes) TRY(put_away());
  }
  return {};
}

Result<void> Writer::put_away() {
  if (waiting_.empty()) return {};
  TRY(check_room(blobs_, waiting_.size()));
  const auto chunks = static_cast<std::int64_t>((waiting_.size() + chunk_bytes - 1) / chunk_bytes);
  blobs_.db.write([&](WriteTx& tx) {
    if (seq_ == 0) tx.execute("INSERT INTO blobs (id, bytes, created_at) VALUES (?1, 0, ?2)", id_, blobs_.clock.now());
    for (std::int64_t i = 0; i < chunks; ++i) {
      const auto at = static_cast<std::size_t>(i) * chunk_bytes;
      tx.execute("INSERT INTO blob_chunks (blob_id, seq, data) VALUES (?1, ?2, ?3)", id_, seq_ + i,
                 Blob{waiting_.substr(at, chunk_bytes)});
    }
  });
  seq_ += chunks;
  waiting_.clear();
  return {};
}

Result<Whole> Writer::finish() {
  check(!whole_, "a file is finished once");
  TRY(put_away());
  waiting_ = {};
  whole_ = Whole{to_hex(bytes_of(digest_.finish())), bytes_};
  return *whole_;
}

BlobId keep(WriteTx& tx, Writer& writer) {
  check(writer.whole_.has_value(), "a file is finished before it is kept");
  auto known = tx.one<BlobId>("SELECT id FROM blobs WHERE sha256 = ?1", writer.whole_->sha256);
  if (known) return *known;
  if (writer.seq_ == 0)
    tx.execute("INSERT INTO blobs (id, bytes, created_at) VALUES (?1, 0, ?2)", writer.id_, writer.blobs_.clock.now());
  tx.execute("UPDATE blobs SET sha256 = ?2, bytes = ?3 WHERE id = ?1", writer.id_, writer.whole_->sha256,
             static_cast<std::int64_t>(writer.whole_->bytes));
  return writer.id_;
}

void drop(WriteTx& tx, Blobs& blobs, const BlobId& id) {
  tx.execute("UPDATE blobs SET sha256 = NULL WHERE id = ?1", id);
  tx.after_commit([&db = blobs.db, id] { remove_later(db, id); });
}

bool read(Database& db, const BlobId& id, std::uint64_t at, std::size_t size, std::string& out) {
  const auto from = static_cast<std::size_t>(at % chunk_bytes);
  bool found = false;
  db.read([&](ReadTx& tx) {
    const auto chunk = tx.one<Blob>("SELECT data FROM blob_chunks WHERE blob_id = ?1 AND seq = ?2", id,
                                    static_cast<std::int64_t>(at / chunk_bytes));
    if (!chunk || chunk->bytes.size() <= from) return;
    out.append(chunk->bytes, from, size);
    found = true;
  });
  return found;
}

Result<void> check_room(const Blobs& blobs, std::uint64_t bytes) {
  std::error_code unknown;
  const auto room = std::filesystem::space(blobs.db.path(), unknown);
  if (unknown || bytes <= room.available - std::min<std::uintmax_t>(room.available, blobs.room_kept)) return {};
  return no_room();
}

void start(Blobs& blobs) {
  for (const auto& id : unfinished(blobs.db)) remove_later(blobs.db, id);
}

std::int64_t sweep(Blobs& blobs) {
  // A blob that is dropped this moment may be removed from two sides at once; either finds what the other left.
  std::int64_t removed = 0;
  for (const auto& id : unfinished(blobs.db)) {
    if (blobs.running.has(id)) continue;
    bool gone = false;
    while (!gone) blobs.db.write([&](WriteTx& tx) { gone = remove_some(tx, id); });
    ++removed;
  }
  return removed;
}

}  // namespace tuition::blobs

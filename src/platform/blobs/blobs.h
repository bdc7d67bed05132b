#pragma once

// Uploaded files, in the same SQLite file as everything else: a backup has them, and nothing on the disk can point to
// what is not there.
//
// A file comes in piece by piece. A Writer gathers a little and puts it away in a short write of its own, so that no
// upload, however long, keeps other writes waiting, and memory holds a quarter of a mebibyte for each. Until keep() is
// called in the transaction that also writes who the file belongs to, it counts for nothing: a Writer that goes away
// takes its chunks with it, and what a crash leaves is swept. The same bytes are stored once, by their digest.
//
// A file goes out by read(), some bytes at a time; no read stays open in between. Who may have it is for others to say.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "platform/base/entropy.h"
#include "platform/base/id.h"
#include "platform/base/result.h"
#include "platform/base/time.h"
#include "platform/crypto/sha256.h"
#include "platform/storage/database.h"

namespace tuition::blobs {

using BlobId = Id<struct BlobTag>;

inline constexpr std::size_t chunk_bytes = 64 * 1024;
inline constexpr std::size_t piece_bytes = 4 * chunk_bytes;  // put away in one write

// The uploads that run. Safe from any thread.
class Running {
 public:
  void add(const BlobId& id);
  void remove(const BlobId& id);
  bool has(const BlobId& id) const;

 private:
  mutable std::mutex mutex_;
  std::set<BlobId> ids_;
};

struct Blobs {
  Database& db;
  const Clock& clock;
  Entropy& entropy;
  std::uint64_t room_kept = 64 * 1024 * 1024;  // bytes of the disk that no upload may fill
  Running running{};
};

struct Whole {
  std::string sha256{};  // hex
  std::uint64_t bytes = 0;
};

// One file on its way in. One thread at a time.
class Writer {
 public:
  explicit Writer(Blobs& blobs);
  ~Writer();  // what was not kept is removed, later
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // May wait for a commit. STORAGE_FULL before the disk is.
  Result<void> add(std::string_view bytes);
  // Nothing more will come: puts the rest away.
  Result<Whole> finish();
  std::uint64_t bytes() const { return bytes_; }
  // What it is read by once it is finished, for as long as the Writer lives or the file is kept.
  const BlobId& id() const { return id_; }

 private:
  friend BlobId keep(WriteTx& tx, Writer& writer);
  Result<void> put_away();

  Blobs& blobs_;
  BlobId id_{};
  std::string waiting_{};
  std::int64_t seq_ = 0;
  std::uint64_t bytes_ = 0;
  crypto::Sha256 digest_{};
  std::optional<Whole> whole_{};
};

// Makes a finished file a blob, or finds the one that has the same bytes. In the transaction that refers to it. May be
// called again should that transaction be rolled back.
BlobId keep(WriteTx& tx, Writer& writer);

// Gives a blob up that nothing refers to any more: its bytes are removed after the commit, some at a time.
void drop(WriteTx& tx, Blobs& blobs, const BlobId& id);

// Appends bytes of a whole blob from `at` on: at least one and at most `size`, never beyond a chunk. False where there
// are none.
bool read(Database& db, const BlobId& id, std::uint64_t at, std::size_t size, std::string& out);

// Whether the disk takes `bytes` more.
Result<void> check_room(const Blobs& blobs, std::uint64_t bytes);

// Before the first upload: what a crash left is removed, beside everything else that goes on.
void start(Blobs& blobs);

// Removes what no upload will finish: remains of a crash. Returns how many files.
std::int64_t sweep(Blobs& blobs);

}  // namespace tuition::blobs

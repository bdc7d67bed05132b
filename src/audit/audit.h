#pragma once

// The trail of who did what: registrations, sign-ins good and bad, changes of rights, money moving. It stands below
// every domain, so that all of them may write to it; administrators read it through trail.h.
//
// An entry is written in the transaction of the act it describes: both stand or neither does. An act that fails and
// must be remembered all the same (a wrong password) is therefore a write that succeeds, and the error is made of its
// outcome afterwards.
//
// Entries are numbered without gaps, and each one's hash covers its members and the hash before it. Triggers refuse
// UPDATE and DELETE. Hashes are made with a key that is kept beside the database (sign_with): who can write the file
// and cannot read the key can change no entry, nor add one. Entries that are older than that have plain hashes; the
// first signed one holds them all, since it covers the last of theirs. What does not show by itself: that the newest
// entries were cut off, or that all of the trail was made anew without signatures. Compare `Verdict::last_hash` and
// `Verdict::signed_from` with what was noted elsewhere.
//
// record() runs on the writer thread between other people's writes: one row looked up by key, one hash of a few hundred
// bytes, one row inserted.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/types.h"
#include "platform/base/secret.h"
#include "platform/storage/database.h"

namespace tuition::audit {

//   audit::record(tx, {.at = now, .actor = caller, .action = "auth.login", .category = audit::Category::security,
//                      .target_type = "user", .target_id = user.text(), .description = "Signed in."});
void record(WriteTx& tx, const Entry& entry);

// From now on entries are signed, as long as the database is open. Warns in the log where the newest one was signed
// with another key: that key's file was lost or swapped.
void sign_with(Database& db, const Secret& key);
inline constexpr std::string_view key_purpose = "audit-trail";  // of the key ring that it is derived from

struct Verdict {
  std::int64_t checked = 0;
  std::string last_hash{};
  std::optional<std::int64_t> broken_at{};    // the first entry that does not follow from the one before
  std::optional<std::int64_t> signed_from{};  // the first that is signed; no later one may be without
  std::optional<std::int64_t> unknown_at{};   // the first that was signed with a key that is not here
  bool whole() const { return !broken_at && !unknown_at; }
};

// Walks the whole trail, a piece at a time, each in a read of its own: nothing waits for it. It knows the key that the
// database was given, and those that the school had before. Blocks.
Verdict verify(Database& db, const std::vector<Secret>& earlier_keys = {});

}  // namespace tuition::audit

#pragma once

// The trail of who did what: registrations, sign-ins good and bad, changes of rights, money moving. It stands below
// every domain, so that all of them may write to it; administrators read it through trail.h.
//
// An entry is written in the transaction of the act it describes: both stand or neither does. An act that fails and
// must be remembered all the same (a wrong password) is therefore a write that succeeds, and the error is made of its
// outcome afterwards.
//
// Entries are numbered without gaps, and each one's hash covers its members and the hash before it. Triggers refuse
// UPDATE and DELETE; somebody who goes around them must rewrite every later entry to hide it. Cutting off the newest
// entries leaves a valid chain: compare `Verdict::last_hash` with one noted elsewhere.
//
// record() runs on the writer thread between other people's writes: one row looked up by key, one hash of a few hundred
// bytes, one row inserted.

#include <cstdint>
#include <optional>
#include <string>

#include "audit/types.h"
#include "platform/storage/database.h"

namespace tuition::audit {

//   audit::record(tx, {.at = now, .actor = caller, .action = "auth.login", .category = audit::Category::security,
//                      .target_type = "user", .target_id = user.text(), .description = "Signed in."});
void record(WriteTx& tx, const Entry& entry);

struct Verdict {
  std::int64_t checked = 0;
  std::string last_hash{};
  std::optional<std::int64_t> broken_at{};  // the first entry that does not follow from the one before
  bool whole() const { return !broken_at; }
};

// Walks the whole trail, a piece at a time, each in a read of its own: nothing waits for it. Blocks.
Verdict verify(Database& db);

}  // namespace tuition::audit

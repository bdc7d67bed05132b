#include "audit/audit.h"

#include "audit/chain.h"
#include "audit/store.h"

namespace tuition::audit {

void record(WriteTx& tx, const Entry& entry) {
  const auto last = store::last(tx);
  const std::int64_t id = last ? last->id + 1 : 1;
  const std::string previous = last ? last->hash : std::string();
  store::append(tx, id, entry, previous, chain_hash(id, previous, entry));
}

Verdict verify(ReadTx& tx) {
  Verdict verdict;
  std::int64_t expected = 0;
  store::each(tx, [&](const store::Row& row) {
    ++verdict.checked;
    // A trail whose oldest part was archived starts later; from there on it has no gaps.
    if (expected == 0) {
      expected = row.id;
      if (row.id != 1) verdict.last_hash = row.previous_hash;
    }
    const bool follows = row.id == expected && row.previous_hash == verdict.last_hash &&
                         row.hash == chain_hash(row.id, row.previous_hash, row.entry);
    if (!follows && !verdict.broken_at) verdict.broken_at = row.id;
    verdict.last_hash = row.hash;
    expected = row.id + 1;
  });
  return verdict;
}

}  // namespace tuition::audit

#include "audit/audit.h"

#include "audit/chain.h"
#include "audit/store.h"
#include "platform/base/check.h"
#include "platform/base/id.h"

namespace tuition::audit {
namespace {

constexpr std::int64_t rows_a_check = 1000;

// The same object with one member more, which is an id.
JsonText with_key(const JsonText& metadata, const std::string& key) {
  const auto open = metadata.text.find('{');
  check(open != std::string::npos && is_uuid(key), "metadata is an object, and keys have ids");
  const auto rest = metadata.text.substr(open + 1);
  const bool empty = rest.find_first_not_of(" }") == std::string::npos;
  return {"{\"actorKey\":\"" + key + "\"" + (empty ? "" : ",") + rest};
}

}  // namespace

void record(WriteTx& tx, const Entry& told) {
  Entry entry = told;
  if (!entry.actor.key.empty()) entry.metadata = with_key(entry.metadata, entry.actor.key);
  const auto last = store::last(tx);
  const std::int64_t id = last ? last->id + 1 : 1;
  const std::string previous = last ? last->hash : std::string();
  store::append(tx, id, entry, previous, chain_hash(id, previous, entry));
}

Verdict verify(Database& db) {
  Verdict verdict;
  std::int64_t last = 0;
  for (;;) {
    const auto rows = db.read([&](ReadTx& tx) { return store::after(tx, last, rows_a_check); });
    for (const auto& row : rows) {
      ++verdict.checked;
      const bool follows = row.id == last + 1 && row.previous_hash == verdict.last_hash &&
                           row.hash == chain_hash(row.id, row.previous_hash, row.entry);
      if (!follows && !verdict.broken_at) verdict.broken_at = row.id;
      verdict.last_hash = row.hash;
      last = row.id;
    }
    if (rows.size() < static_cast<std::size_t>(rows_a_check)) return verdict;
  }
}

}  // namespace tuition::audit

#include "audit/audit.h"

#include <algorithm>
#include <memory>

#include "audit/chain.h"
#include "audit/store.h"
#include "platform/base/check.h"
#include "platform/base/id.h"
#include "platform/crypto/hmac.h"
#include "platform/log/log.h"

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

// A key by its name, as entries name it.
struct KnownKey {
  std::string id{};
  std::shared_ptr<const crypto::HmacKey> key{};
};

std::vector<KnownKey> known_keys(Database& db, const std::vector<Secret>& earlier) {
  std::vector<std::shared_ptr<const crypto::HmacKey>> all;
  db.write([&](WriteTx& tx) {
    if (tx.key()) all.push_back(tx.key());
  });
  for (const auto& each : earlier) all.push_back(std::make_shared<const crypto::HmacKey>(each.reveal()));
  std::vector<KnownKey> known;
  for (auto& each : all) known.push_back({key_id_of(*each), each});
  return known;
}

}  // namespace

void record(WriteTx& tx, const Entry& told) {
  Entry entry = told;
  if (!entry.actor.key.empty()) entry.metadata = with_key(entry.metadata, entry.actor.key);
  const auto last = store::last(tx);
  const std::int64_t id = last ? last->id + 1 : 1;
  const std::string previous = last ? last->hash : std::string();
  const auto& key = tx.key();
  check(key || !last || last->key_id.empty(), "a trail that is signed goes on signed");
  store::append(tx, {.id = id,
                     .entry = entry,
                     .previous_hash = previous,
                     .hash = key ? signed_hash(*key, id, previous, entry) : chain_hash(id, previous, entry),
                     .key_id = key ? key_id_of(*key) : std::string()});
}

void sign_with(Database& db, const Secret& key) {
  const auto made = std::make_shared<const crypto::HmacKey>(key.reveal());
  const auto name = key_id_of(*made);
  db.write([&](WriteTx& tx) {
    tx.give_key(made);
    const auto last = store::last(tx);
    if (last && !last->key_id.empty() && last->key_id != name)
      log::warn("audit.other_key", {{"entry", std::to_string(last->id)},
                                    {"why",
                                     "the trail was signed with another key until this entry: the school's key file "
                                     "was lost or swapped; with its copy put back, or given to tuition audit verify "
                                     "as --old-key, those entries can be verified"}});
  });
}

Verdict verify(Database& db, const std::vector<Secret>& earlier_keys) {
  const auto keys = known_keys(db, earlier_keys);
  Verdict verdict;
  std::int64_t last = 0;
  for (;;) {
    const auto rows = db.read([&](ReadTx& tx) { return store::after(tx, last, rows_a_check); });
    for (const auto& row : rows) {
      ++verdict.checked;
      bool follows = row.id == last + 1 && row.previous_hash == verdict.last_hash;
      if (row.key_id.empty()) {
        follows = follows && !verdict.signed_from && row.hash == chain_hash(row.id, row.previous_hash, row.entry);
      } else {
        if (!verdict.signed_from) verdict.signed_from = row.id;
        const auto known =
            std::find_if(keys.begin(), keys.end(), [&](const KnownKey& each) { return each.id == row.key_id; });
        if (known == keys.end()) {
          if (!verdict.unknown_at) verdict.unknown_at = row.id;
        } else {
          follows = follows && crypto::equal_in_constant_time(
                                   row.hash, signed_hash(*known->key, row.id, row.previous_hash, row.entry));
        }
      }
      if (!follows && !verdict.broken_at) verdict.broken_at = row.id;
      verdict.last_hash = row.hash;
      last = row.id;
    }
    if (rows.size() < static_cast<std::size_t>(rows_a_check)) return verdict;
  }
}

}  // namespace tuition::audit

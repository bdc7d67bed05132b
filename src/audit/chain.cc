#include "audit/chain.h"

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::audit {
namespace {

void add(std::string& out, std::string_view member) {
  out += std::to_string(member.size());
  out += ':';
  out += member;
}

}  // namespace

std::string canonical_text(std::int64_t id, std::string_view previous_hash, const Entry& entry) {
  std::string out;
  out.reserve(384 + entry.description.size() + entry.metadata.text.size());
  add(out, std::to_string(id));
  add(out, previous_hash);
  add(out, std::to_string(entry.at.ms));
  add(out, name_of(entry.actor.sort));
  add(out, entry.actor.user.text());
  add(out, entry.actor.ip);
  add(out, entry.actor.request_id);
  add(out, entry.action);
  add(out, name_of(entry.category));
  add(out, name_of(entry.severity));
  add(out, entry.target_type);
  add(out, entry.target_id);
  add(out, entry.description);
  add(out, entry.metadata.text);
  return out;
}

std::string chain_hash(std::int64_t id, std::string_view previous_hash, const Entry& entry) {
  return to_hex(bytes_of(crypto::sha256(canonical_text(id, previous_hash, entry))));
}

std::string signed_hash(const crypto::HmacKey& key, std::int64_t id, std::string_view previous_hash,
                        const Entry& entry) {
  return to_hex(bytes_of(key.sign(canonical_text(id, previous_hash, entry))));
}

std::string key_id_of(const crypto::HmacKey& key) {
  // No canonical text is this one: they begin with a length.
  return to_hex(bytes_of(key.sign("name of this key"))).substr(0, 16);
}

}  // namespace tuition::audit

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/types.h"
#include "platform/crypto/hmac_key.h"

namespace tuition::audit {

// The text an entry's hash is taken of: its number, the hash before it and every member, each with its length in front,
// so that no two different entries share one text.
std::string canonical_text(std::int64_t id, std::string_view previous_hash, const Entry& entry);

// SHA-256 in hex of canonical_text. The first entry follows the empty hash.
std::string chain_hash(std::int64_t id, std::string_view previous_hash, const Entry& entry);

// The same with the school's key: HMAC-SHA-256. Only who has the key can make one.
std::string signed_hash(const crypto::HmacKey& key, std::int64_t id, std::string_view previous_hash,
                        const Entry& entry);

// Names a key and tells nothing of it: 16 hexadecimal digits.
std::string key_id_of(const crypto::HmacKey& key);

}  // namespace tuition::audit

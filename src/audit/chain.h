#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/types.h"

namespace tuition::audit {

// The text an entry's hash is taken of: its number, the hash before it and every member, each with its length in front,
// so that no two different entries share one text.
std::string canonical_text(std::int64_t id, std::string_view previous_hash, const Entry& entry);

// SHA-256 in hex of canonical_text. The first entry follows the empty hash.
std::string chain_hash(std::int64_t id, std::string_view previous_hash, const Entry& entry);

}  // namespace tuition::audit

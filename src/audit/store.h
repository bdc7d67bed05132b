#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "audit/types.h"
#include "platform/storage/database.h"

namespace tuition::audit::store {

struct Link {
  std::int64_t id = 0;
  std::string hash{};
};

struct Row {
  std::int64_t id = 0;
  Entry entry{};
  std::string previous_hash{};
  std::string hash{};
};

std::optional<Link> last(ReadTx& tx);
void append(WriteTx& tx, std::int64_t id, const Entry& entry, const std::string& previous_hash,
            const std::string& hash);
void each(ReadTx& tx, const std::function<void(const Row&)>& visit);  // oldest first

}  // namespace tuition::audit::store

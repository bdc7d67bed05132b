#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/types.h"
#include "audit/wire.h"
#include "platform/storage/database.h"

namespace tuition::audit::store {

struct Link {
  std::int64_t id = 0;
  std::string hash{};
  std::string key_id{};
};

struct Row {
  std::int64_t id = 0;
  Entry entry{};
  std::string previous_hash{};
  std::string hash{};
  std::string key_id{};  // with which key the hash was made; empty: with none
};
void take_row(tuition::Row& from, Row& row);

std::optional<Link> last(ReadTx& tx);
void append(WriteTx& tx, const Row& row);
// The next rows behind a number, the oldest first.
std::vector<Row> after(ReadTx& tx, std::int64_t id, std::int64_t limit);

// What administrators ask for, from the row behind a number on. Nothing for anybody else.
std::vector<Row> list(ReadTx& tx, const Caller& caller, const TrailFilter& filter, TrailOrder order,
                      std::optional<std::int64_t> behind, std::int64_t limit);
std::vector<Row> oldest(ReadTx& tx, const Caller& caller, const TrailFilter& filter, std::int64_t behind,
                        std::int64_t limit);

// Which index leads: the narrowest thing asked for.
enum class Lead { number, user, target, action };
Sql newest_statement(Lead lead);
Sql oldest_statement(Lead lead);

}  // namespace tuition::audit::store

#pragma once

#include <string>
#include <vector>

#include "entitlements/entitlements.h"

// Every SQL statement about entitlements.
namespace tuition::entitlements::store {

struct Row {
  EntitlementId id{};
  Scope scope = Scope::course;
  std::string scope_id{};
  Source source = Source::manual;
  Instant starts_at{};
  std::optional<Instant> ends_at{};
  std::string reason{};
};

// Not revoked and not over; in no order.
std::vector<Right> rights(ReadTx& tx, const UserId& user, Instant now);
// The same, those that start first first.
std::vector<Row> rows(ReadTx& tx, const UserId& user, Instant now);
// Everybody who has a right that is in force.
std::vector<UserId> people_with_rights(ReadTx& tx, Instant now);

// Of the rights of a source that are not revoked and not over.
std::vector<std::optional<Instant>> ends_of(ReadTx& tx, Source source, const std::string& source_id, Instant now);

std::optional<UserId> holder(ReadTx& tx, Source source, const std::string& source_id, Scope scope,
                             const std::string& scope_id);
std::vector<UserId> holders(ReadTx& tx, Source source, const std::string& source_id);

// Each returns how many rows it changed.
std::int64_t insert(WriteTx& tx, const EntitlementId& id, const NewGrant& wanted, Instant now);
std::int64_t lengthen(WriteTx& tx, const NewGrant& wanted, Instant now);
std::int64_t extend(WriteTx& tx, Source source, const std::string& source_id, Instant until, Instant now);
std::int64_t end_at(WriteTx& tx, Source source, const std::string& source_id, Instant at, Instant now);
std::int64_t revoke(WriteTx& tx, Source source, const std::string& source_id, const std::string& why, Instant now);
std::int64_t revoke_all(WriteTx& tx, const UserId& user, const std::string& why, Instant now);
std::int64_t restore(WriteTx& tx, Source source, const std::string& source_id, Instant now);

}  // namespace tuition::entitlements::store

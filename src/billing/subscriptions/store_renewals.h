#pragma once

// The SQL of what we do ourselves where a gateway does not: saved cards, renewals, invoice numbers, arrears.

#include <optional>
#include <string>
#include <vector>

#include "billing/store.h"
#include "billing/subscriptions/dunning.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

using RenewalChargeId = Id<struct RenewalChargeTag>;
using DunningCaseId = Id<struct DunningCaseTag>;

struct Card {
  std::string sealed{};  // in base64
  std::string label{};
};
std::optional<Card> card(ReadTx& tx, const UserId& user, const std::string& provider);
void remember_card(WriteTx& tx, const UserId& user, const std::string& provider, const Card& card, Instant now);

void forget_cards(WriteTx& tx, const UserId& user);

// The next number of the school's own series: no gap, because it is taken in the invoice's transaction.
std::string next_invoice_number(WriteTx& tx);
std::string next_credit_note_number(WriteTx& tx);

struct RenewalCharge {
  RenewalChargeId id{};
  SubscriptionId subscription{};
  Instant period_start{};
  std::int64_t attempt = 1;
  std::string reference{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::string status{};
};
void add_charge(WriteTx& tx, const RenewalCharge& charge, Instant now);
std::optional<RenewalCharge> pending_charge(ReadTx& tx, const SubscriptionId& subscription, Instant period_start);
// Of any period, the oldest.
std::optional<RenewalCharge> running_charge(ReadTx& tx, const SubscriptionId& subscription);
std::optional<RenewalCharge> charge_by_reference(ReadTx& tx, const std::string& reference);
std::int64_t charges_made(ReadTx& tx, const SubscriptionId& subscription, Instant period_start);
// Once; false when it was ended before.
bool end_charge(WriteTx& tx, const RenewalChargeId& id, const std::string& status, Instant now);

// Subscriptions whose period is over, or whose arrears are due, of gateways that do not renew by themselves.
std::vector<SubscriptionId> renewals_due(ReadTx& tx, Instant now);
// Live ones that we have set about turning off at their gateway, and have not noted as ours.
std::vector<SubscriptionId> half_moved(ReadTx& tx);
// Those without a saved card whose period ends soon and who have not been told.
std::vector<Subscription> ending_by_hand(ReadTx& tx, Instant now, Instant before);

// Once for a period; false when it was noted before.
bool note_reminded(WriteTx& tx, const SubscriptionId& id, Instant period_end);

DunningPolicy dunning_policy(ReadTx& tx, std::int64_t usual_grace_days);
void set_dunning_policy(WriteTx& tx, const DunningPolicy& policy, Instant now);

struct DunningCase {
  DunningCaseId id{};
  SubscriptionId subscription{};
  std::int64_t attempts = 0;
  std::optional<Instant> next_at{};
  Instant grace_until{};
  std::string status{};
  Instant opened_at{};
  std::optional<Instant> closed_at{};
};
std::optional<DunningCase> open_case(ReadTx& tx, const SubscriptionId& subscription);
std::optional<DunningCase> dunning_case(ReadTx& tx, const DunningCaseId& id);
void add_case(WriteTx& tx, const DunningCase& dunning);
void update_case(WriteTx& tx, const DunningCase& dunning);
std::vector<DunningCase> dunning_cases(ReadTx& tx, const Caller& admin, const std::optional<std::string>& status,
                                       const DunningCaseId& after, std::int64_t limit);

}  // namespace tuition::billing::store

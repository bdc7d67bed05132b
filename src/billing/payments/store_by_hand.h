#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/payments/by_hand_wire.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

struct ManualPayment {
  ManualPaymentId id{};
  UserId user{};
  CheckoutId checkout{};
  HandMethod method = HandMethod::bank;
  std::string note{};
  std::optional<std::string> proof{};
  HandStatus status = HandStatus::submitted;
  std::optional<std::string> review_note{};
  Instant created_at{};
  std::optional<Instant> reviewed_at{};
  // Of its order.
  std::string reference{};
  std::string item_name{};
  std::string email{};
  std::int64_t amount_minor = 0;
  Currency currency{};
};
void add_manual(WriteTx& tx, const ManualPayment& payment);
std::optional<ManualPayment> manual_payment(ReadTx& tx, const ManualPaymentId& id);
std::vector<ManualPayment> manual_of(ReadTx& tx, const UserId& user, const ManualPaymentId& after, std::int64_t limit);
std::vector<ManualPayment> manual_payments(ReadTx& tx, const Caller& admin, const std::optional<HandStatus>& status,
                                           const ManualPaymentId& after, std::int64_t limit);
// Whether a payment names this file.
bool is_proof(ReadTx& tx, const std::string& media);
// Whether one for the same plan or product waits.
bool waits_by_hand(ReadTx& tx, const UserId& user, const PlanId& plan, const ProductId& product);
// While it waits; returns whether it did.
bool amend_manual(WriteTx& tx, const ManualPaymentId& id, const std::string& note,
                  const std::optional<std::string>& proof);
// From submitted only; returns whether it moved.
bool decide_manual(WriteTx& tx, const ManualPaymentId& id, HandStatus status, const std::optional<UserId>& reviewer,
                   const std::optional<std::string>& note, Instant now);

}  // namespace tuition::billing::store

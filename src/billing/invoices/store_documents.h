#pragma once

// The SQL of what stands on invoices for good: the two parties, and the credit notes for what went back.

#include <optional>
#include <string>
#include <vector>

#include "billing/store.h"

namespace tuition::billing::store {

struct Parties {
  std::optional<std::string> seller_json{};
  std::optional<std::string> buyer_json{};
};
Parties parties_of(ReadTx& tx, const InvoiceId& id);
// Once: what stands there stays.
void freeze_parties(WriteTx& tx, const InvoiceId& id, const Parties& parties);

// An invoice with what is needed to act on it.
struct InvoiceCase {
  InvoiceId id{};
  UserId user{};
  std::string number{};
  InvoiceStatus status = InvoiceStatus::draft;
  std::string provider{};
  std::string provider_id{};
  std::string item_name{};
  std::string reference{};  // of its payment
  std::int64_t total_minor = 0;
  std::int64_t paid_minor = 0;
  Currency currency{};
  std::optional<Instant> issued_at{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
  bool test = false;
};
std::optional<InvoiceCase> invoice_case(ReadTx& tx, const InvoiceId& id);
// For administrators, the newest first, after the one named; those of a test key only where `tests` asks for them.
std::vector<InvoiceCase> invoice_cases(ReadTx& tx, const Caller& admin, const std::optional<InvoiceStatus>& status,
                                       bool tests, const InvoiceId& after, std::int64_t limit);

struct CreditNote {
  std::string id{};
  std::string number{};
  std::int64_t amount_minor = 0;
  std::int64_t tax_minor = 0;  // in the amount
  Instant issued_at{};
  std::optional<Instant> withdrawn_at{};
};
// In the order of their numbers.
std::vector<CreditNote> credit_notes_of(ReadTx& tx, const InvoiceId& invoice);
bool has_credit_note(ReadTx& tx, const RefundId& refund);
void add_credit_note(WriteTx& tx, const CreditNote& note, const InvoiceId& invoice, const RefundId& refund,
                     const Currency& currency);
void withdraw_credit_note(WriteTx& tx, const RefundId& refund, Instant now);

}  // namespace tuition::billing::store

#pragma once

// Money: what is on sale, what people buy, what gateways tell us, and the books.
//
// A purchase is three steps that never share a transaction with a network call. start_checkout writes the order and
// queues a job; the job asks the gateway for a payment page; the buyer pays there, never here. What happened there
// reaches us as notices (webhooks), which are verified on their raw bytes, kept once, answered at once and applied by a
// job.
//
// A notice is only a hint that something changed: apply fetches the object it speaks of, so that notices may come
// late, twice, out of order or never. What follows from the fetched state (subscription, invoice, payment, entitlement,
// mail, audit record) is written in one transaction, guarded by what is stored already: states move forward only.
//
// Access is not decided here. Billing feeds the entitlement ledger; learning reads it and never asks about money.

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "billing/gateways.h"
#include "billing/inbox/arrivals.h"
#include "billing/inbox/forgeries.h"
#include "billing/offers/plans.h"
#include "billing/options.h"
#include "entitlements/entitlements.h"
#include "outreach/outreach.h"
#include "platform/crypto/seal.h"
#include "platform/http/route.h"
#include "platform/jobs/queue.h"
#include "platform/storage/database.h"

namespace tuition::billing {

// Who buys: what accounts knows of a person that billing needs.
struct Buyer {
  std::string email{};
  std::string name{};
};

struct Billing {
  Database& db;
  jobs::Queue& queue;
  const Clock& clock;
  Entropy& entropy;
  entitlements::Entitlements& entitlements;
  outreach::Outreach& outreach;
  Gateways& gateways;
  const BillingOptions& options;
  const crypto::Seal& seal;  // of saved cards
  PlanShelf& shelf;
  Forgeries& forgeries;
  Arrivals& arrivals;
  std::function<std::optional<Buyer>(ReadTx&, const UserId&)> buyer;
  // Whether there is such a course or category to sell; whether a file is a receipt that this person uploaded.
  std::function<bool(entitlements::Scope, const std::string&)> can_open{};
  std::function<bool(ReadTx&, const UserId&, const std::string&)> has_receipt{};
};

http::Routes routes(Billing& billing);
jobs::JobKinds job_kinds(Billing& billing);
jobs::Periodics periodics(Billing& billing);

}  // namespace tuition::billing

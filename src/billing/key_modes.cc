#include "billing/key_modes.h"

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/inbox/store_inbox.h"
#include "billing/store.h"
#include "billing/store_gateways.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/log/log.h"

namespace tuition::billing {
namespace {

void let_go_of_tests(Billing& billing, WriteTx& tx, const std::string& provider) {
  const auto now = billing.clock.now();
  for (const auto& id : store::open_checkouts_at(tx, provider))
    store::end_checkout(tx, id, CheckoutStatus::expired, now);
  for (const auto& each : store::live_at(tx, provider)) end_here(billing, tx, each);
  store::forget_names(tx, provider);
  store::mark_tests(tx, provider);
  audit::record(
      tx,
      {.at = now,
       .action = "billing.went_live",
       .category = audit::Category::business,
       .severity = audit::Severity::warning,
       .description = "The first live key of " + provider +
                      " is set: subscriptions that were paid with its test key have ended, and what was moved with it "
                      "counts as no money."});
}

}  // namespace

bool settle_mode(Billing& billing, const Gateway& gateway) {
  const auto provider = std::string(gateway.name());
  const bool test = gateway.test_mode();
  const auto known = billing.db.read([&](ReadTx& tx) { return store::names_tests(tx, provider); });
  if (known && *known == test) return true;
  if (known && test) {
    log::error("billing.test_key_refused",
               {{"provider", provider},
                {"why", "the books of this data folder are of a live key; use another folder to try things out"}});
    return false;
  }
  billing.db.write([&](WriteTx& tx) {
    if (known) let_go_of_tests(billing, tx, provider);
    store::note_mode(tx, provider, test, billing.clock.now());
  });
  return true;
}

}  // namespace tuition::billing

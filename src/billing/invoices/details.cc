#include "billing/invoices/details.h"

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/invoices/store_details.h"
#include "platform/base/fields_json.h"

namespace tuition::billing {
namespace {

void drop_empty(std::optional<std::string>& text) {
  if (text && text->empty()) text.reset();
}

// What is empty is none, and a country is written in capitals.
BillingDetails tidied(BillingDetails details) {
  drop_empty(details.name);
  drop_empty(details.tax_id);
  if (!details.address) return details;
  auto& address = *details.address;
  for (auto* each : {&address.line1, &address.line2, &address.city, &address.region, &address.postal_code})
    drop_empty(*each);
  if (address.country)
    for (char& each : *address.country)
      if (each >= 'a' && each <= 'z') each = static_cast<char>(each - 'a' + 'A');
  const bool none =
      !address.line1 && !address.line2 && !address.city && !address.region && !address.postal_code && !address.country;
  if (none) details.address.reset();
  return details;
}

}  // namespace

BillingDetails details_of(ReadTx& tx, const UserId& user) {
  BillingDetails details;
  const auto row = store::details(tx, user);
  if (!row) return details;
  details.name = row->name;
  details.tax_id = row->tax_id;
  if (row->address_json)
    if (auto address = decode_json<BillingAddress>(*row->address_json, Unknown::ignored))
      details.address = std::move(address).value();
  return details;
}

Result<BillingDetails> show_details(Billing& billing, const Caller& caller) {
  return billing.db.read([&](ReadTx& tx) -> Result<BillingDetails> { return details_of(tx, caller.user); });
}

Result<BillingDetails> set_details(Billing& billing, const Caller& caller, const BillingDetails& form) {
  const auto details = tidied(form);
  return billing.db.write([&](WriteTx& tx) -> Result<BillingDetails> {
    const auto now = billing.clock.now();
    store::DetailsRow row{details.name, {}, details.tax_id};
    if (details.address) row.address_json = to_json(*details.address);
    if (!store::set_details(tx, caller.user, row, now)) return not_found("This account no longer exists.");
    audit::record(tx, {.at = now,
                       .actor = caller,
                       .action = "billing.details_set",
                       .category = audit::Category::business,
                       .target_type = "user",
                       .target_id = caller.user.text(),
                       .description = "Said whom invoices are made out to."});
    return details;
  });
}

}  // namespace tuition::billing

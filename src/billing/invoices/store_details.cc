#include "billing/invoices/store_details.h"

namespace tuition::billing::store {

std::optional<DetailsRow> details(ReadTx& tx, const UserId& user) {
  return tx.one<DetailsRow>("SELECT billing_name, billing_address_json, tax_id FROM user_profiles WHERE id = ?1", user);
}

bool set_details(WriteTx& tx, const UserId& user, const DetailsRow& row, Instant now) {
  return tx.execute(
             "UPDATE user_profiles SET billing_name = ?2, billing_address_json = ?3, tax_id = ?4, updated_at = ?5 "
             "WHERE id = ?1",
             user, row.name, row.address_json, row.tax_id, now) > 0;
}

}  // namespace tuition::billing::store

#pragma once

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// Customers, products and prices. Each takes parameters as they came in and answers the object.

Result<Json> create_customer(Account& account, const Json& given);
Result<Json> update_customer(Account& account, const std::string& id, const Json& given);
Result<Json> delete_customer(Account& account, const std::string& id);
Result<Json> create_product(Account& account, const Json& given);
Result<Json> update_product(Account& account, const std::string& id, const Json& given);
Result<Json> create_price(Account& account, const Json& given);
Result<Json> update_price(Account& account, const std::string& id, const Json& given);

}  // namespace tuition::sandbox::stripe

#pragma once

#include <string>
#include <vector>

#include "billing/paystack/gateway.h"
#include "billing/stripe/gateway.h"
#include "platform/config/option.h"

namespace tuition::billing {

struct BillingOptions {
  stripe::Settings stripe{};
  std::string stripe_key{};
  std::string stripe_webhook_secrets{};  // comma separated
  paystack::Settings paystack{};
  std::string paystack_keys{};  // comma separated
  std::string manual_instructions{};
  std::vector<std::string> manual_methods{"bank"};
  std::int64_t checkout_wait_ms = 10'000;
  std::int64_t checkout_minutes = 60;
  std::int64_t reminder_hours = 24;  // 0: nobody is reminded of an order
  std::int64_t grace_days = 7;
  std::int64_t renewal_slack_hours = 24;
  std::string dispute_access = "suspend";
  bool people_may_pause = false;
  std::string country{};         // two capital letters, or none
  std::string seller_name{};     // on invoices; none: the site's name
  std::string seller_address{};  // its lines, separated by semicolons
  std::string seller_tax_id{};
  std::vector<std::string> return_urls{};  // beginnings of foreign addresses a buyer may be sent back to
};

// The rows an operator may set; they store into `settings`, which must outlive them.
config::Options option_table(BillingOptions& settings);
// Secrets from their option texts into stripe::Settings; call after loading.
void settle(BillingOptions& settings);

}  // namespace tuition::billing

#include "billing/options.h"

#include "platform/base/money.h"
#include "platform/base/text.h"
#include "platform/config/forms.h"

namespace tuition::billing {

config::Options option_table(BillingOptions& settings) {
  using config::into;
  using config::Option;
  using config::Sort;
  return {
      {.name = "stripe.secret_key",
       .sort = Sort::secret,
       .fallback = "",
       .sentence = "Stripe's secret or restricted key (sk_... or rk_...); its mode, test or live, is the school's.",
       .set = [&settings](const std::string& text) -> std::string {
         const auto key = trim(text);
         const bool known = key.empty() || key.starts_with("sk_test_") || key.starts_with("sk_live_") ||
                            key.starts_with("rk_test_") || key.starts_with("rk_live_");
         if (!known) return "must begin with sk_test_, sk_live_, rk_test_ or rk_live_";
         settings.stripe_key = key;
         return {};
       },
       .env_alias = "STRIPE_SECRET_KEY"},
      {.name = "stripe.webhook_secret",
       .sort = Sort::secret,
       .fallback = "",
       .sentence =
           "The signing secret of the webhook endpoint (whsec_...); several, separated by commas, while one is rolled.",
       .set = into(settings.stripe_webhook_secrets),
       .env_alias = "STRIPE_WEBHOOK_SECRET"},
      {.name = "stripe.base_url",
       .sort = Sort::text,
       .fallback = "https://api.stripe.com",
       .sentence = "Where Stripe's API is called; another address for a sandbox.",
       .set = config::into_web_address(settings.stripe.base_url)},
      {.name = "paystack.secret_key",
       .sort = Sort::secret,
       .fallback = "",
       .sentence = "Paystack's secret key (sk_test_... or sk_live_...); while one is rolled the new and the old, "
                   "separated by a comma.",
       .set = [&settings](const std::string& text) -> std::string {
         std::string mode;
         for (const auto part : split(text, ',')) {
           const auto key = trim(part);
           if (key.empty()) continue;
           if (!key.starts_with("sk_test_") && !key.starts_with("sk_live_"))
             return "must begin with sk_test_ or sk_live_";
           if (!mode.empty() && mode != key.substr(0, 8)) return "must not mix test and live keys";
           mode = key.substr(0, 8);
         }
         settings.paystack_keys = text;
         return {};
       },
       .env_alias = "PAYSTACK_SECRET_KEY"},
      {.name = "paystack.base_url",
       .sort = Sort::text,
       .fallback = "https://api.paystack.co",
       .sentence = "Where Paystack's API is called; another address for a sandbox.",
       .set = config::into_web_address(settings.paystack.base_url)},
      {.name = "paystack.renewals",
       .sort = Sort::text,
       .fallback = "school",
       .sentence = "Who renews plans that are bought through Paystack from now on: school (it charges the saved card; "
                   "discounts, changes and every interval work) or paystack (its own plans: cards only).",
       .set = [&settings](const std::string& text) -> std::string {
         if (text != "school" && text != "paystack") return "must be school or paystack";
         settings.paystack.renews_plans = text == "paystack";
         return {};
       }},
      {.name = "paystack.currencies",
       .sort = Sort::list,
       .fallback = "KES",
       .sentence = "The currencies that the Paystack business takes; prices in them are paid there.",
       .set = [&settings](const std::string& text) -> std::string {
         std::vector<std::string> codes;
         for (const auto part : split(text, ',')) {
           if (trim(part).empty()) continue;
           const auto currency = Currency::parse(trim(part));
           if (!currency) return "must be currency codes such as KES or NGN";
           codes.push_back(currency->code());
         }
         settings.paystack.currencies = std::move(codes);
         return {};
       }},
      {.name = "manual.instructions",
       .sort = Sort::text,
       .fallback = "",
       .sentence = "How to pay by bank transfer, mobile money or cash, as buyers read it; none: that is not offered.",
       .set = into(settings.manual_instructions)},
      {.name = "manual.methods",
       .sort = Sort::list,
       .fallback = "bank,mobile_money,cash",
       .sentence = "The ways to pay by hand that are offered: bank, mobile_money, cash.",
       .set = config::into_each(
           settings.manual_methods,
           [](std::string_view way) { return way == "bank" || way == "mobile_money" || way == "cash"; },
           "must be bank, mobile_money or cash, or several of them")},
      {.name = "billing.checkout_wait_ms",
       .sort = Sort::integer,
       .fallback = "10000",
       .sentence = "How long a checkout request waits for the provider before it answers 202, in milliseconds.",
       .set = into(settings.checkout_wait_ms, 0, 60'000)},
      {.name = "billing.checkout_minutes",
       .sort = Sort::integer,
       .fallback = "60",
       .sentence = "How long a payment page stays open, in minutes.",
       .set = into(settings.checkout_minutes, 30, 1440)},
      {.name = "billing.reminder_hours",
       .sort = Sort::integer,
       .fallback = "24",
       .sentence = "Hours after which somebody who began an order and did not pay is reminded of it, once; 0: never.",
       .set = into(settings.reminder_hours, 0, 168)},
      {.name = "billing.grace_days",
       .sort = Sort::integer,
       .fallback = "7",
       .sentence = "Days of access after a renewal failed, while the provider tries again.",
       .set = into(settings.grace_days, 0, 90)},
      {.name = "billing.renewal_slack_hours",
       .sort = Sort::integer,
       .fallback = "24",
       .sentence = "Hours of access after a period ends, before the renewal must be known here.",
       .set = into(settings.renewal_slack_hours, 1, 240)},
      {.name = "billing.dispute_access",
       .sort = Sort::text,
       .fallback = "suspend",
       .sentence = "What was bought once, while the buyer's bank doubts the payment: suspend or keep.",
       .set = [&settings](const std::string& text) -> std::string {
         if (text != "suspend" && text != "keep") return "must be suspend or keep";
         settings.dispute_access = text;
         return {};
       }},
      {.name = "billing.people_may_pause",
       .sort = Sort::boolean,
       .fallback = "false",
       .sentence = "Whether people may let their own subscription stand still; administrators always may. Nothing is "
                   "charged and nothing is open meanwhile.",
       .set = into(settings.people_may_pause)},
      {.name = "billing.country",
       .sort = Sort::text,
       .fallback = "",
       .sentence =
           "The country the school sells from, two letters: its tax counts for buyers who do not say where they "
           "are; none: they pay no tax.",
       .set = [&settings](const std::string& text) -> std::string {
         std::string code;
         for (const char each : trim(text))
           code += each >= 'a' && each <= 'z' ? static_cast<char>(each - 'a' + 'A') : each;
         const bool letters = code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
         if (!code.empty() && (code.size() != 2 || !letters)) return "must be two letters, such as KE";
         settings.country = code;
         return {};
       }},
      {.name = "billing.seller_name",
       .sort = Sort::text,
       .fallback = "",
       .sentence = "Who sells, as it stands on invoices from now on: the school, or the firm behind it; none: the name "
                   "of the site.",
       .set = into(settings.seller_name)},
      {.name = "billing.seller_address",
       .sort = Sort::text,
       .fallback = "",
       .sentence = "The seller's address on invoices, its lines separated by semicolons: Moi Avenue 4; 00100 Nairobi; "
                   "Kenya.",
       .set = into(settings.seller_address)},
      {.name = "billing.seller_tax_id",
       .sort = Sort::text,
       .fallback = "",
       .sentence = "The seller's number with the tax office, for invoices.",
       .set = into(settings.seller_tax_id)},
      {.name = "billing.return_urls",
       .sort = Sort::list,
       .fallback = "",
       .sentence = "Beginnings of web addresses outside this site that a buyer may be sent back to after checkout.",
       .set = into(settings.return_urls)},
  };
}

void settle(BillingOptions& settings) {
  settings.stripe.secret_key = Secret(settings.stripe_key);
  settings.paystack.keys.clear();
  for (auto each : split(settings.paystack_keys, ','))
    if (!trim(each).empty()) settings.paystack.keys.emplace_back(std::string(trim(each)));
  settings.stripe.webhook_secrets.clear();
  for (auto each : split(settings.stripe_webhook_secrets, ','))
    if (!trim(each).empty()) settings.stripe.webhook_secrets.emplace_back(std::string(trim(each)));
}

}  // namespace tuition::billing

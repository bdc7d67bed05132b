#include "sandbox/paystack/bank.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/http/json.h"
#include "sandbox/html.h"
#include "sandbox/mischief.h"
#include "sandbox/paystack/words.h"

namespace tuition::sandbox::paystack {
namespace {

constexpr Duration late = seconds(5);
constexpr Duration refund_takes = seconds(2);
constexpr std::array<std::string_view, 6> currencies{"KES", "NGN", "GHS", "ZAR", "USD", "XOF"};

bool is_reference(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char each) {
    return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           each == '-' || each == '.' || each == '=';
  });
}

std::string money(const Json& transaction) {
  const auto amount = integer_at(transaction, "amount");
  return std::to_string(amount / 100) + "." + std::to_string(100 + amount % 100).substr(1) + " " +
         text_at(transaction, "currency");
}

std::string with_query(const std::string& url, const std::string& query) {
  return url + (url.find('?') == std::string::npos ? '?' : '&') + query;
}

std::string query_value(const http::Request& request, std::string_view name) {
  for (const auto& [each, value] : request.query)
    if (each == name) return value;
  return {};
}

std::string form_value(const http::Request& request, std::string_view name) {
  for (const auto part : split(request.body, '&')) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == name) return std::string(part.substr(equals + 1));
  }
  return {};
}

}  // namespace

std::string signature(const Secret& key, std::string_view body) {
  return to_hex(bytes_of(crypto::hmac_sha512(key.reveal(), body)));
}

Bank::Bank(const Clock& clock, Entropy& entropy, Mischief& mischief, Calls& calls, Secret secret_key)
    : clock_(clock), entropy_(entropy), mischief_(mischief), calls_(calls), key_(std::move(secret_key)) {}

void Bank::stand_at(std::string base_url) {
  const std::lock_guard lock(mutex_);
  base_url_ = std::move(base_url);
}

std::string Bank::code(std::string_view prefix, std::size_t length) {
  constexpr std::string_view alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string made(prefix);
  std::array<std::uint8_t, 32> random{};
  entropy_.fill(random);
  for (std::size_t i = 0; i < length; ++i) made += alphabet[random[i % random.size()] % alphabet.size()];
  return made;
}

std::int64_t Bank::next_number() { return ++numbers_; }

Json* Bank::transaction(const std::string& name) {
  for (auto& each : transactions_)
    if (text_at(each, "reference") == name || text_at(each, "id") == name) return &each;
  return nullptr;
}

Json& Bank::begin(const Json& given, std::string reference) {
  const auto email = text_at(given, "email");
  Json customer;
  for (const auto& each : transactions_)
    if (text_at(each["customer"], "email") == email) customer = each["customer"];
  if (customer.is_null()) customer = Json{{"id", next_number()}, {"email", email}, {"customer_code", code("CUS_", 15)}};
  const auto amount = integer_at(given, "amount");
  transactions_.push_back(Json{{"id", next_number()},
                               {"domain", "test"},
                               {"status", "abandoned"},
                               {"reference", std::move(reference)},
                               {"amount", amount},
                               {"message", nullptr},
                               {"gateway_response", "The transaction was not completed"},
                               {"paid_at", nullptr},
                               {"created_at", to_text(clock_.now())},
                               {"channel", "card"},
                               {"currency", given.contains("currency") ? text_at(given, "currency") : "KES"},
                               {"metadata", given.value("metadata", Json(""))},
                               {"fees", nullptr},
                               {"authorization", Json::object()},
                               {"customer", std::move(customer)},
                               {"plan", Json::object()},
                               {"requested_amount", amount},
                               {"callback_url", given.value("callback_url", Json())}});
  changed();
  return transactions_.back();
}

void Bank::succeed(Json& transaction) {
  transaction["status"] = "success";
  transaction["gateway_response"] = "Successful";
  transaction["paid_at"] = to_text(clock_.now());
  transaction["fees"] = integer_at(transaction, "amount") * 29 / 1000;
  if (transaction["authorization"].empty())
    transaction["authorization"] = Json{{"authorization_code", code("AUTH_", 10)},
                                        {"bin", "408408"},
                                        {"last4", "4081"},
                                        {"exp_month", "12"},
                                        {"exp_year", "2030"},
                                        {"channel", "card"},
                                        {"card_type", "visa "},
                                        {"bank", "TEST BANK"},
                                        {"country_code", "KE"},
                                        {"brand", "visa"},
                                        {"reusable", true},
                                        {"signature", code("SIG_", 20)}};
  changed();
}

void Bank::tell(std::string_view event, const Json& data, const Manner& manner) {
  deliver({Json{{"event", event}, {"data", data}}.dump()}, manner);
}

http::Reply Bank::initialize(const Json& given) {
  static const std::vector<std::string_view> known{
      "email",    "amount",        "currency", "reference",  "callback_url", "metadata",           "plan",
      "channels", "invoice_limit", "bearer",   "split_code", "subaccount",   "transaction_charge", "label"};
  if (const auto name = stranger_in(given, known); !name.empty())
    return refused(400, "\"" + name + "\" is not allowed");
  const auto email = text_at(given, "email");
  if (email.find('@') == std::string::npos) return refused(400, "Invalid Email Address Passed");
  const Json* chosen = given.contains("plan") ? plan(text_at(given, "plan")) : nullptr;
  if (given.contains("plan") && !chosen) return refused(400, "Plan not found", "plan_not_found");
  if (chosen && given.contains("currency") && text_at(given, "currency") != text_at(*chosen, "currency"))
    return refused(400, "Plan is in another currency");
  if (integer_at(given, "amount") < 300) return refused(400, "Invalid Amount Sent");
  if (given.contains("currency") &&
      std::find(currencies.begin(), currencies.end(), text_at(given, "currency")) == currencies.end())
    return refused(400, "Currency not supported by merchant");
  auto reference = given.contains("reference") ? text_at(given, "reference") : code("", 16);
  if (!is_reference(reference)) return refused(400, "Invalid transaction reference");
  if (transaction(reference)) return refused(400, "Duplicate Transaction Reference", "duplicate_reference");
  Json& made = begin(given, std::move(reference));
  // A plan charges its own amount, whatever was asked for.
  if (chosen) {
    made["plan"] = *chosen;
    made["amount"] = made["requested_amount"] = (*chosen)["amount"];
  }
  const auto name = text_at(made, "reference");
  return good("Authorization URL created", Json{{"authorization_url", base_url_ + "/paystack/pay/" + name},
                                                {"access_code", code("", 15)},
                                                {"reference", name}});
}

http::Reply Bank::charge_authorization(const Json& given) {
  const auto wanted = text_at(given, "authorization_code");
  const auto email = text_at(given, "email");
  const Json* paid_before = nullptr;
  for (const auto& each : transactions_)
    if (text_at(each["authorization"], "authorization_code") == wanted && !wanted.empty()) paid_before = &each;
  if (!paid_before) return refused(400, "Authorization code is invalid");
  if (text_at((*paid_before)["customer"], "email") != email)
    return refused(400, "Email does not match Authorization code. Please confirm.");
  const auto reference = given.contains("reference") ? text_at(given, "reference") : code("", 16);
  if (!is_reference(reference)) return refused(400, "Invalid transaction reference");
  if (transaction(reference)) return refused(400, "Duplicate Transaction Reference", "duplicate_reference");
  const Json card = (*paid_before)["authorization"];
  Json& made = begin(given, reference);
  made["authorization"] = card;
  if (cards_fail_) {
    made["status"] = "failed";
    made["gateway_response"] = "Declined";
    changed();
    return good("Charge attempted", made);
  }
  succeed(made);
  tell("charge.success", made);
  return good("Charge attempted", made);
}

http::Reply Bank::refund(const Json& given) {
  Json* paid = transaction(text_at(given, "transaction"));
  if (!paid) return refused(404, "Transaction not found", "not_found");
  if (text_at(*paid, "status") != "success") return refused(400, "Transaction has not been paid or was reversed");
  std::int64_t rest = integer_at(*paid, "amount");
  for (const auto& each : refunds_)
    if (text_at(each, "transaction") == text_at(*paid, "id") && text_at(each, "status") != "failed")
      rest -= integer_at(each, "amount");
  const auto amount = given.contains("amount") ? integer_at(given, "amount") : rest;
  if (rest <= 0) return refused(400, "Transaction has been fully reversed");
  if (amount < 1 || amount > rest) return refused(400, "Refund amount cannot be more than the transaction amount");
  refunds_.push_back(Json{{"id", next_number()},
                          {"transaction", integer_at(*paid, "id")},
                          {"transaction_reference", text_at(*paid, "reference")},
                          {"amount", amount},
                          {"currency", text_at(*paid, "currency")},
                          {"status", "pending"},
                          {"domain", "test"},
                          {"merchant_note", given.value("merchant_note", Json())},
                          {"customer_note", given.value("customer_note", Json())},
                          {"created_at", to_text(clock_.now())},
                          {"due_ms", (clock_.now() + refund_takes).ms}});
  changed();
  return good("Refund has been queued for processing", refunds_.back());
}

void Bank::look() {
  const std::lock_guard lock(mutex_);
  for (;;) {
    Json* first = nullptr;
    for (auto& each : subscriptions_)
      if (integer_at(each, "next_ms") > 0 && (!first || integer_at(each, "next_ms") < integer_at(*first, "next_ms")))
        first = &each;
    if (!first || integer_at(*first, "next_ms") > clock_.now().ms) break;
    play_subscription(*first, Instant{integer_at(*first, "next_ms")});
  }
  for (auto& each : refunds_) {
    if (text_at(each, "status") != "pending" || integer_at(each, "due_ms") > clock_.now().ms) continue;
    each["status"] = "processed";
    changed();
    tell("refund.processed", Json{{"status", "processed"},
                                  {"transaction_reference", each["transaction_reference"]},
                                  {"refund_reference", text_at(each, "id")},
                                  {"amount", text_at(each, "amount")},
                                  {"currency", each["currency"]},
                                  {"domain", "test"}});
  }
}

void Bank::decline_cards(bool declined) {
  const std::lock_guard lock(mutex_);
  cards_fail_ = declined;
  changed();
}

bool Bank::dispute(const std::string& reference, const std::string& outcome) {
  const std::lock_guard lock(mutex_);
  Json* paid = transaction(reference);
  if (!paid || text_at(*paid, "status") != "success") return false;
  Json* known = nullptr;
  for (auto& each : disputes_)
    if (text_at(each["transaction"], "reference") == text_at(*paid, "reference")) known = &each;
  if (!known) {
    disputes_.push_back(Json{{"id", next_number()},
                             {"refund_amount", (*paid)["amount"]},
                             {"currency", (*paid)["currency"]},
                             {"status", "awaiting-merchant-feedback"},
                             {"resolution", nullptr},
                             {"domain", "test"},
                             {"category", "chargeback"},
                             {"transaction", *paid}});
    known = &disputes_.back();
  }
  const bool over = outcome == "won" || outcome == "lost";
  if (over) {
    (*known)["status"] = "resolved";
    (*known)["resolution"] = outcome == "won" ? "declined" : "merchant-accepted";
  }
  changed();
  tell(over ? "charge.dispute.resolve" : "charge.dispute.create", *known);
  return true;
}

std::vector<Paid> Bank::paid() const {
  const std::lock_guard lock(mutex_);
  std::vector<Paid> found;
  for (auto each = transactions_.rbegin(); each != transactions_.rend(); ++each) {
    if (text_at(*each, "status") != "success") continue;
    Paid paid{"paystack", text_at(*each, "reference"), integer_at(*each, "amount"), text_at(*each, "currency"), {}};
    for (const auto& dispute : disputes_)
      if (text_at(dispute["transaction"], "reference") == paid.id) paid.dispute = text_at(dispute, "status");
    found.push_back(std::move(paid));
  }
  return found;
}

http::Reply Bank::show_page(const std::string& reference) {
  const Json* open = transaction(reference);
  if (!open) return notice(404, "There is no such payment", "<p>The link may be of another school.</p>");
  const auto back = text_at(*open, "callback_url");
  if (text_at(*open, "status") == "success")
    return notice(200, "This is paid already",
                  back.empty() ? "" : "<p><a href=\"" + escape_html(back) + "\">Back to the school</a></p>");
  return notice(200, "Pay with Paystack",
                "<p class=\"amount\">" + escape_html(money(*open)) + "</p><form method=\"post\">" +
                    button("pay", "Pay", true) + button("fail", "Pay with a card that is declined") +
                    button("cancel", "Cancel and go back") +
                    "<fieldset><legend>Pay, but the school hears of it in an unusual way</legend>" +
                    button("delay", "Pay, the notice comes late") + button("twice", "Pay, every notice comes twice") +
                    button("never", "Pay, no notice comes") + "</fieldset><fieldset><legend>Pay by phone</legend>" +
                    button("mobile", "Pay with mobile money: no card is saved") + "</fieldset></form>");
}

http::Reply Bank::act_on_page(const std::string& reference, const std::string& outcome) {
  Json* open = transaction(reference);
  if (!open) return show_page(reference);
  const auto callback = text_at(*open, "callback_url");
  const auto back = with_query(callback, "trxref=" + reference + "&reference=" + reference);
  const auto& metadata = (*open)["metadata"];
  const auto cancel = metadata.is_object() ? text_at(metadata, "cancel_action") : std::string{};
  if (text_at(*open, "status") == "success") return http::redirect(back);
  if (outcome == "cancel") return http::redirect(cancel.empty() ? back : cancel);
  if (outcome == "fail") {
    (*open)["status"] = "failed";
    (*open)["gateway_response"] = "Declined";
    changed();
    return http::redirect(cancel.empty() ? back : cancel);
  }
  Manner manner;
  if (outcome == "delay") manner.delay = late;
  manner.twice = outcome == "twice";
  manner.lost = outcome == "never";
  if (outcome != "pay" && outcome != "mobile" && outcome != "delay" && !manner.twice && !manner.lost)
    return notice(400, "Choose one of the buttons", "<p>The form's field <code>outcome</code> says how it goes.</p>");
  const bool for_plan = !text_at((*open)["plan"], "plan_code").empty();
  if (outcome == "mobile" && for_plan)
    return notice(400, "Subscriptions take cards only", "<p>Please go back and choose a card.</p>");
  if (outcome == "mobile") {
    (*open)["channel"] = "mobile_money";
    (*open)["authorization"] = Json{{"authorization_code", code("AUTH_", 10)},
                                    {"last4", "X000"},
                                    {"channel", "mobile_money"},
                                    {"bank", "M-PESA"},
                                    {"brand", "M-pesa"},
                                    {"reusable", false}};
  }
  succeed(*open);
  tell("charge.success", *open, manner);
  if (for_plan) begin_subscription(Json(*open), manner);
  return http::redirect(back);
}

http::Route Bank::api(http::Method method, std::string_view path, std::string_view operation, Verb verb) {
  http::Endpoint endpoint;
  endpoint.run = [this, verb = std::move(verb)](const http::Request& request, http::Respond respond) {
    calls_.note("paystack", request);
    const auto header = request.header("authorization");
    if (!header.starts_with("Bearer ") || !crypto::equal_in_constant_time(trim(header.substr(7)), key_.reveal()))
      return respond(refused(401, "Invalid key", "invalid_Key"));
    const Fault fault = mischief_.take(request.path);
    switch (fault) {
      case Fault::fail:
      case Fault::html: return respond(http::html(502, "<html><body>Bad gateway</body></html>"));
      case Fault::limit:
      case Fault::locked: return respond(refused(429, "Too many requests", "rate_limited"));
      case Fault::none:
      case Fault::garbage:
      case Fault::drop:
      case Fault::hang: break;
    }
    http::Reply reply;
    {
      const std::lock_guard lock(mutex_);
      reply = verb(request);
    }
    if (fault == Fault::drop || fault == Fault::hang) return respond(cut_reply());
    if (fault == Fault::garbage) reply.body.resize(reply.body.size() / 2);
    respond(std::move(reply));
  };
  return {.method = method,
          .path = path,
          .operation = operation,
          .access = http::Access::anyone,
          .bucket = http::Bucket::none,
          .sentence = "As Paystack's.",
          .endpoint = std::move(endpoint),
          .body_max = 256 * 1024};
}

http::Route Bank::page(http::Method method, std::string_view path, std::string_view operation, Verb verb) {
  return {.method = method,
          .path = path,
          .operation = operation,
          .access = http::Access::anyone,
          .bucket = http::Bucket::none,
          .sentence = "Paystack's page to pay on.",
          .endpoint = http::raw([this, verb = std::move(verb)](const http::Request& request) {
            const std::lock_guard lock(mutex_);
            return verb(request);
          })};
}

http::Routes Bank::routes() {
  using http::Method;
  using Request = http::Request;
  const auto with_body = [this](http::Reply (Bank::*verb)(const Json&)) {
    return [this, verb](const Request& request) {
      const Json given = Json::parse(request.body, nullptr, false);
      if (!given.is_object()) return refused(400, "The body is not JSON");
      return (this->*verb)(given);
    };
  };
  const auto list = [](const Json& all, const Request& request, const std::function<bool(const Json&)>& wanted) {
    const auto size =
        std::clamp<std::int64_t>(parse_integer(query_value(request, "perPage"))
                                     .value_or(parse_integer(query_value(request, "per_page")).value_or(50)),
                                 1, 100);
    const auto number = std::max<std::int64_t>(1, parse_integer(query_value(request, "page")).value_or(1));
    Json data = Json::array();
    std::int64_t seen = 0;
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
      if (!wanted(*each)) continue;
      if (seen >= (number - 1) * size && seen < number * size) data.push_back(*each);
      ++seen;
    }
    return answer(200, Json{{"status", true},
                            {"message", "Retrieved"},
                            {"data", std::move(data)},
                            {"meta", {{"total", seen}, {"perPage", size}, {"page", number}}}});
  };
  const auto reference = [](const Request& request) { return std::string(request.param("reference")); };
  const auto code = [](const Request& request) { return std::string(request.param("code")); };
  return {
      api(Method::post, "/transaction/initialize", "initializeTransaction", with_body(&Bank::initialize)),
      api(Method::get, "/transaction/verify/{reference}", "verifyTransaction",
          [this, reference](const Request& request) {
            const Json* found = transaction(reference(request));
            if (!found) return refused(400, "Transaction reference not found.", "transaction_not_found");
            // Here the plan is its code, and stands whole beside it.
            Json shown = *found;
            const auto paid_for = text_at(shown["plan"], "plan_code");
            shown["plan_object"] = shown["plan"];
            shown["plan"] = paid_for.empty() ? Json() : Json(paid_for);
            return good("Verification successful", std::move(shown));
          }),
      api(Method::get, "/transaction", "listTransactions",
          [this, list](const Request& request) {
            const auto status = query_value(request, "status");
            const auto from = query_value(request, "from");
            const auto customer = query_value(request, "customer_code");
            return list(transactions_, request, [&](const Json& each) {
              return (status.empty() || text_at(each, "status") == status) &&
                     (customer.empty() || text_at(each["customer"], "customer_code") == customer) &&
                     (from.empty() || text_at(each, "created_at") >= from);
            });
          }),
      api(Method::post, "/transaction/charge_authorization", "chargeAuthorization",
          with_body(&Bank::charge_authorization)),
      api(Method::post, "/plan", "createPlan", with_body(&Bank::create_plan)),
      api(Method::get, "/plan", "listPaystackPlans",
          [this, list](const Request& request) {
            const auto amount = query_value(request, "amount");
            const auto interval = query_value(request, "interval");
            return list(plans_, request, [&](const Json& each) {
              return (amount.empty() || text_at(each, "amount") == amount) &&
                     (interval.empty() || text_at(each, "interval") == interval);
            });
          }),
      api(Method::get, "/plan/{code}", "getPaystackPlan",
          [this, code](const Request& request) {
            const Json* found = plan(code(request));
            return found ? good("Plan retrieved", *found) : refused(404, "Plan not found", "plan_not_found");
          }),
      api(Method::get, "/subscription", "listPaystackSubscriptions",
          [this, list](const Request& request) {
            const auto customer = query_value(request, "customer");
            const auto of = query_value(request, "plan");
            return list(subscriptions_, request, [&](const Json& each) {
              return (customer.empty() || text_at(each["customer"], "id") == customer) &&
                     (of.empty() || text_at(each["plan"], "id") == of);
            });
          }),
      api(Method::post, "/subscription/disable", "disableSubscription", with_body(&Bank::disable)),
      api(Method::post, "/subscription/enable", "enableSubscription", with_body(&Bank::enable)),
      api(Method::get, "/subscription/{code}", "getPaystackSubscription",
          [this, code](const Request& request) {
            const Json* found = subscription(code(request));
            return found ? good("Subscription retrieved successfully", *found)
                         : refused(404, "Subscription not found", "subscription_not_found");
          }),
      api(Method::get, "/subscription/{code}/manage/link", "linkToCard",
          [this, code](const Request& request) {
            const Json* found = subscription(code(request));
            return found ? good("Link generated",
                                Json{{"link", base_url_ + "/paystack/manage/" + text_at(*found, "subscription_code")}})
                         : refused(404, "Subscription not found", "subscription_not_found");
          }),
      page(Method::get, "/paystack/manage/{code}", "showManagePage",
           [this, code](const Request& request) { return show_manage_page(code(request)); }),
      page(Method::post, "/paystack/manage/{code}", "actOnManagePage",
           [this, code](const Request& request) { return act_on_manage_page(code(request)); }),
      api(Method::post, "/refund", "createPaystackRefund", with_body(&Bank::refund)),
      api(Method::get, "/refund", "listPaystackRefunds",
          [this, list](const Request& request) {
            const auto of = query_value(request, "transaction");
            return list(refunds_, request,
                        [&](const Json& each) { return of.empty() || text_at(each, "transaction") == of; });
          }),
      api(Method::get, "/dispute", "listPaystackDisputes",
          [this, list](const Request& request) {
            const auto of = query_value(request, "transaction");
            return list(disputes_, request,
                        [&](const Json& each) { return of.empty() || text_at(each["transaction"], "id") == of; });
          }),
      page(Method::get, "/paystack/pay/{reference}", "showPaystackPage",
           [this, reference](const Request& request) { return show_page(reference(request)); }),
      page(Method::post, "/paystack/pay/{reference}", "actOnPaystackPage",
           [this, reference](const Request& request) {
             return act_on_page(reference(request), form_value(request, "outcome"));
           }),
  };
}

Json Bank::document() const {
  const std::lock_guard lock(mutex_);
  return Json{{"numbers", numbers_},  {"cards_fail", cards_fail_},       {"transactions", transactions_},
              {"plans", plans_},      {"subscriptions", subscriptions_}, {"refunds", refunds_},
              {"disputes", disputes_}};
}

void Bank::restore(const Json& saved) {
  const std::lock_guard lock(mutex_);
  numbers_ = saved.at("numbers").get<std::int64_t>();
  cards_fail_ = saved.at("cards_fail").get<bool>();
  transactions_ = saved.at("transactions");
  plans_ = saved.value("plans", Json::array());
  subscriptions_ = saved.value("subscriptions", Json::array());
  refunds_ = saved.at("refunds");
  disputes_ = saved.at("disputes");
}

}  // namespace tuition::sandbox::paystack

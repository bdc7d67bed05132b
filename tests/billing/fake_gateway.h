#pragma once

// A gateway whose state the test sets by hand.

#include <map>
#include <string>
#include <vector>

#include "billing/gateway.h"

namespace tuition::billing::tests {

class FakeGateway final : public Gateway {
 public:
  std::string_view name() const override { return "stripe"; }

  Result<Notice> read_notice(const http::Request& request, Instant) override {
    const auto found = notices.find(request.body);
    if (found == notices.end()) return Error{Kind::rejected, "INVALID_SIGNATURE", "The signature is not valid."};
    return found->second;
  }
  Result<PreparedCheckout> prepare_checkout(const CheckoutRequest& request) override {
    if (fails) return *fails;
    return PreparedCheckout{"order " + request.id.text(), "cus_" + request.user.text(), "prod_1",
                            "price_" + request.price.id.text()};
  }
  Result<OpenedCheckout> open_checkout(const std::string& body, const std::string& key) override {
    if (fails) return *fails;
    if (!loses_once.empty()) {
      Error lost{Kind::rejected, remote_object_missing, "Refused.", loses_once.front()};
      loses_once.erase(loses_once.begin());
      return lost;
    }
    sent.emplace_back(key, body);
    return OpenedCheckout{"cs_" + key, "https://pay.example/" + key};
  }
  Result<CheckoutState> fetch_checkout(const std::string& id) override { return find(checkouts, id); }
  Result<SubscriptionState> fetch_subscription(const std::string& id) override { return find(subscriptions, id); }
  Result<InvoiceState> fetch_invoice(const std::string& id) override { return find(invoices, id); }

  std::map<std::string, Notice> notices{};  // by body
  std::map<std::string, CheckoutState> checkouts{};
  std::map<std::string, SubscriptionState> subscriptions{};
  std::map<std::string, InvoiceState> invoices{};
  std::vector<std::pair<std::string, std::string>> sent{};  // idempotency key, body
  std::optional<Error> fails{};
  std::vector<std::string> loses_once{};  // what it says does not exist, a try each

 private:
  template <class T>
  Result<T> find(const std::map<std::string, T>& all, const std::string& id) {
    if (fails) return *fails;
    const auto found = all.find(id);
    if (found == all.end()) return Error{Kind::rejected, remote_object_missing, "No such object.", id};
    return found->second;
  }
};

}  // namespace tuition::billing::tests

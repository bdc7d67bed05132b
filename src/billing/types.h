#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "entitlements/types.h"
#include "platform/base/fields.h"
#include "platform/base/id.h"
#include "platform/base/money.h"
#include "platform/base/time.h"

namespace tuition::billing {

using PlanId = Id<struct PlanTag>;
using ProductId = Id<struct ProductTag>;
using CouponId = Id<struct CouponTag>;
using PriceId = Id<struct PriceTag>;
using CheckoutId = Id<struct CheckoutTag>;
using SubscriptionId = Id<struct SubscriptionTag>;
using SubscriptionOrderId = Id<struct SubscriptionOrderTag>;
using InvoiceId = Id<struct InvoiceTag>;
using PaymentId = Id<struct PaymentTag>;
using RefundId = Id<struct RefundTag>;
using DisputeId = Id<struct DisputeTag>;
using EventId = Id<struct WebhookEventTag>;

enum class Interval { once, day, week, month, year };
constexpr auto names_of(Interval) {
  using std::pair, std::string_view;
  return std::array{pair{Interval::once, string_view{"once"}}, pair{Interval::day, string_view{"day"}},
                    pair{Interval::week, string_view{"week"}}, pair{Interval::month, string_view{"month"}},
                    pair{Interval::year, string_view{"year"}}};
}

enum class ProductKind { course, bundle, full_access };
constexpr auto names_of(ProductKind) {
  using std::pair, std::string_view;
  return std::array{pair{ProductKind::course, string_view{"course"}}, pair{ProductKind::bundle, string_view{"bundle"}},
                    pair{ProductKind::full_access, string_view{"full_access"}}};
}

// Of a coupon on a subscription: how many of its invoices it is for.
enum class CouponDuration { once, repeating, forever };
constexpr auto names_of(CouponDuration) {
  using std::pair, std::string_view;
  return std::array{pair{CouponDuration::once, string_view{"once"}},
                    pair{CouponDuration::repeating, string_view{"repeating"}},
                    pair{CouponDuration::forever, string_view{"forever"}}};
}

enum class RefundStatus { pending, succeeded, failed, cancelled };
constexpr auto names_of(RefundStatus) {
  using std::pair, std::string_view;
  return std::array{
      pair{RefundStatus::pending, string_view{"pending"}}, pair{RefundStatus::succeeded, string_view{"succeeded"}},
      pair{RefundStatus::failed, string_view{"failed"}}, pair{RefundStatus::cancelled, string_view{"cancelled"}}};
}

// What becomes of the access that a refunded payment gave.
enum class AccessPolicy { keep, end_now, end_at };
constexpr auto names_of(AccessPolicy) {
  using std::pair, std::string_view;
  return std::array{pair{AccessPolicy::keep, string_view{"keep"}}, pair{AccessPolicy::end_now, string_view{"end_now"}},
                    pair{AccessPolicy::end_at, string_view{"end_at"}}};
}

enum class PaymentStatus { pending, processing, success, failed, cancelled, partially_refunded, refunded, disputed };
constexpr auto names_of(PaymentStatus) {
  using std::pair, std::string_view;
  using enum PaymentStatus;
  return std::array{
      pair{pending, string_view{"pending"}},     pair{processing, string_view{"processing"}},
      pair{success, string_view{"success"}},     pair{failed, string_view{"failed"}},
      pair{cancelled, string_view{"cancelled"}}, pair{partially_refunded, string_view{"partially_refunded"}},
      pair{refunded, string_view{"refunded"}},   pair{disputed, string_view{"disputed"}}};
}

// A buyer's bank asks for the money back. An inquiry takes nothing yet.
enum class DisputeStatus { inquiry, open, won, lost };
constexpr auto names_of(DisputeStatus) {
  using std::pair, std::string_view;
  using enum DisputeStatus;
  return std::array{pair{inquiry, string_view{"inquiry"}}, pair{open, string_view{"open"}},
                    pair{won, string_view{"won"}}, pair{lost, string_view{"lost"}}};
}

enum class CheckoutStatus { open, completed, expired, failed };
constexpr auto names_of(CheckoutStatus) {
  using std::pair, std::string_view;
  return std::array{
      pair{CheckoutStatus::open, string_view{"open"}}, pair{CheckoutStatus::completed, string_view{"completed"}},
      pair{CheckoutStatus::expired, string_view{"expired"}}, pair{CheckoutStatus::failed, string_view{"failed"}}};
}

enum class SubscriptionStatus { incomplete, trialing, active, past_due, unpaid, paused, canceled };
constexpr auto names_of(SubscriptionStatus) {
  using std::pair, std::string_view;
  using enum SubscriptionStatus;
  return std::array{pair{incomplete, string_view{"incomplete"}}, pair{trialing, string_view{"trialing"}},
                    pair{active, string_view{"active"}},         pair{past_due, string_view{"past_due"}},
                    pair{unpaid, string_view{"unpaid"}},         pair{paused, string_view{"paused"}},
                    pair{canceled, string_view{"canceled"}}};
}

// What a person asks of a running subscription.
enum class OrderKind { cancel_at_end, cancel_now, resume, change_now, change_at_end, keep_plan, pause };
constexpr auto names_of(OrderKind) {
  using std::pair, std::string_view;
  using enum OrderKind;
  return std::array{pair{cancel_at_end, string_view{"cancel_at_end"}},
                    pair{cancel_now, string_view{"cancel_now"}},
                    pair{resume, string_view{"resume"}},
                    pair{change_now, string_view{"change_now"}},
                    pair{change_at_end, string_view{"change_at_end"}},
                    pair{keep_plan, string_view{"keep_plan"}},
                    pair{pause, string_view{"pause"}}};
}

// When a change of plan takes place.
enum class ChangeTime { now, period_end };
constexpr auto names_of(ChangeTime) {
  using std::pair, std::string_view;
  return std::array{pair{ChangeTime::now, string_view{"now"}}, pair{ChangeTime::period_end, string_view{"period_end"}}};
}

enum class OrderStatus { pending, done, failed };
constexpr auto names_of(OrderStatus) {
  using std::pair, std::string_view;
  return std::array{pair{OrderStatus::pending, string_view{"pending"}}, pair{OrderStatus::done, string_view{"done"}},
                    pair{OrderStatus::failed, string_view{"failed"}}};
}

// Why people leave.
enum class LeavingReason {
  too_expensive,
  missing_features,
  unused,
  too_complex,
  low_quality,
  customer_service,
  switched_service,
  other
};
constexpr auto names_of(LeavingReason) {
  using std::pair, std::string_view;
  using enum LeavingReason;
  return std::array{pair{too_expensive, string_view{"too_expensive"}},
                    pair{missing_features, string_view{"missing_features"}},
                    pair{unused, string_view{"unused"}},
                    pair{too_complex, string_view{"too_complex"}},
                    pair{low_quality, string_view{"low_quality"}},
                    pair{customer_service, string_view{"customer_service"}},
                    pair{switched_service, string_view{"switched_service"}},
                    pair{other, string_view{"other"}}};
}

enum class InvoiceStatus { draft, open, paid, voided, uncollectible, partially_refunded, refunded };
constexpr auto names_of(InvoiceStatus) {
  using std::pair, std::string_view;
  using enum InvoiceStatus;
  return std::array{pair{draft, string_view{"draft"}},
                    pair{open, string_view{"open"}},
                    pair{paid, string_view{"paid"}},
                    pair{voided, string_view{"void"}},
                    pair{uncollectible, string_view{"uncollectible"}},
                    pair{partially_refunded, string_view{"partially_refunded"}},
                    pair{refunded, string_view{"refunded"}}};
}

// What became of a gateway's event.
enum class EventStatus { received, processed, ignored, failed, dead };
constexpr auto names_of(EventStatus) {
  using std::pair, std::string_view;
  using enum EventStatus;
  return std::array{pair{received, string_view{"received"}}, pair{processed, string_view{"processed"}},
                    pair{ignored, string_view{"ignored"}}, pair{failed, string_view{"failed"}},
                    pair{dead, string_view{"dead"}}};
}

// A tax as it was agreed to with an order, whatever becomes of the rate later.
struct Tax {
  std::string name{};             // "VAT"
  std::string country{};          // two letters
  std::int64_t basis_points = 0;  // 1600 is 16 per cent
  bool inclusive = true;          // contained in prices; otherwise added to them
  bool operator==(const Tax&) const = default;
};

// Of a plan or of a product; the other one is empty.
struct Price {
  PriceId id{};
  PlanId plan{};
  ProductId product{};
  Currency currency{};
  std::int64_t amount_minor = 0;
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
  std::optional<std::string> provider_price_id{};
};

struct Plan {
  PlanId id{};
  std::string code{};
  std::string name{};
  std::string description{};
  JsonText features{"[]"};
  std::string scope = "all";
  std::string scope_id{};
  std::string group = "main";
  std::int64_t trial_days = 0;
  bool active = true;
  std::optional<std::string> provider_product_id{};
};

// What is paid for once.
struct Product {
  ProductId id{};
  std::string code{};
  std::string name{};
  std::string description{};
  ProductKind kind = ProductKind::course;
  std::optional<std::int64_t> access_days{};  // none: for good
  bool active = true;
  std::optional<std::string> provider_product_id{};
};

// One thing that a product opens.
struct ProductScope {
  ProductId product{};
  entitlements::Scope scope = entitlements::Scope::course;
  std::string scope_id{};
};

struct Coupon {
  CouponId id{};
  std::string code{};
  std::string name{};
  // One of the two.
  std::optional<std::int64_t> percent{};
  std::optional<std::int64_t> amount_minor{};
  std::optional<Currency> currency{};
  CouponDuration duration = CouponDuration::once;
  std::optional<std::int64_t> duration_months{};
  std::optional<std::int64_t> max_uses{};
  std::int64_t used = 0;
  std::optional<std::int64_t> per_user{};
  std::optional<Instant> starts_at{};
  std::optional<Instant> ends_at{};
  bool active = true;
  std::optional<std::string> provider_coupon_id{};
};

// Of a plan or of a product; the other one is empty.
struct Checkout {
  CheckoutId id{};
  UserId user{};
  std::string email{};
  PlanId plan{};
  ProductId product{};
  PriceId price{};
  std::int64_t trial_days = 0;
  CouponId coupon{};
  std::string provider{};
  std::string reference{};
  CheckoutStatus status = CheckoutStatus::open;
  std::optional<std::string> session{};
  std::optional<std::string> url{};
  std::int64_t amount_minor = 0;
  std::int64_t discount_minor = 0;
  std::optional<Tax> tax{};
  std::int64_t tax_minor = 0;
  Currency currency{};
  std::string success_url{};
  std::string cancel_url{};
  std::optional<std::string> request_body{};
  std::optional<std::string> job{};
  std::optional<std::string> error_code{};
  std::optional<std::string> error_message{};
  Instant expires_at{};
  Instant created_at{};
  std::optional<Instant> completed_at{};
};

// What an order costs in the end, in its currency's smallest unit.
inline std::int64_t total_of(const Checkout& checkout) {
  const bool added = checkout.tax && !checkout.tax->inclusive;
  return checkout.amount_minor - checkout.discount_minor + (added ? checkout.tax_minor : 0);
}

struct Subscription {
  SubscriptionId id{};
  UserId user{};
  PlanId plan{};
  std::string plan_code{};
  std::string plan_name{};
  std::string group{};
  PriceId price{};
  std::string provider{};
  std::string provider_id{};
  SubscriptionStatus status = SubscriptionStatus::incomplete;
  Instant period_start{};
  Instant period_end{};
  std::optional<Instant> trial_end{};
  bool cancel_at_period_end = false;
  std::optional<Instant> cancelled_at{};
  std::optional<Instant> ended_at{};
  std::optional<Instant> grace_until{};
  bool surplus = false;       // paid beside a live one: ended here at once, cancelled and refunded at its gateway
  PriceId scheduled_price{};  // what it changes to; empty: nothing
  std::optional<Instant> scheduled_at{};
  std::optional<Instant> undone_at{};
  std::optional<Instant> moving_at{};  // when we set about turning it off at its gateway, to renew it ourselves
  std::optional<Instant> paused_at{};
  Instant created_at{};
};

// Whether the person has this subscription now, so that a second one would be one too many.
constexpr bool is_live(SubscriptionStatus status) {
  switch (status) {
    case SubscriptionStatus::trialing:
    case SubscriptionStatus::active:
    case SubscriptionStatus::past_due:
    case SubscriptionStatus::unpaid:
    case SubscriptionStatus::paused: return true;
    case SubscriptionStatus::incomplete:
    case SubscriptionStatus::canceled: return false;
  }
  return false;
}

}  // namespace tuition::billing

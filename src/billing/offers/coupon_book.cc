#include "billing/offers/coupon_book.h"

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/offers/coupons.h"
#include "billing/pages.h"
#include "billing/store.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

ListedCouponView coupon_row(ReadTx& tx, const Coupon& coupon) {
  return {coupon.id,           coupon.code,
          coupon.name,         coupon.percent,
          coupon.amount_minor, coupon.currency,
          coupon.duration,     coupon.duration_months,
          coupon.used,         coupon.max_uses,
          coupon.per_user,     coupon.starts_at,
          coupon.ends_at,      store::coupon_targets(tx, coupon.id),
          coupon.active};
}

Error no_coupon() { return not_found("There is no such coupon."); }

Result<void> check_targets(ReadTx& tx, const std::vector<std::string>& targets) {
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (!store::plan(tx, PlanId(targets[i])) && !store::product(tx, ProductId(targets[i])))
      return invalid_field("targetIds[" + std::to_string(i) + "]", "is no plan or product of this school");
  return {};
}

void record_coupon(Billing& billing, WriteTx& tx, const Caller& caller, const char* action, const Coupon& coupon,
                   const std::string& what) {
  audit::record(tx, {.at = billing.clock.now(),
                     .actor = caller,
                     .action = action,
                     .category = audit::Category::business,
                     .target_type = "coupon",
                     .target_id = coupon.id.text(),
                     .description = what + " the coupon " + coupon.code + "."});
}

}  // namespace

Result<Page<ListedCouponView>> list_coupons(Billing& billing, const Caller& caller, const CouponsForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<ListedCouponView, CouponId>(
        form.limit, form.cursor,
        [&](const CouponId& after, std::int64_t limit) {
          return store::coupons(tx, caller, form.active, after, limit);
        },
        [&](const Coupon& coupon) { return coupon_row(tx, coupon); });
  });
}

Result<ListedCouponView> add_coupon(Billing& billing, const Caller& caller, const NewCouponForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<ListedCouponView> {
    TRY(check_targets(tx, form.targets));
    NewCoupon wanted{.code = form.code,
                     .name = form.name.value_or(""),
                     .percent = form.percent,
                     .amount_minor = form.amount_minor,
                     .duration = form.duration.value_or(CouponDuration::once),
                     .duration_months = form.duration_months,
                     .max_uses = form.max_uses,
                     .per_user = form.per_user,
                     .starts_at = form.starts_at,
                     .ends_at = form.ends_at,
                     .targets = form.targets};
    if (wanted.name.empty()) wanted.name = form.code;
    if (form.currency) wanted.currency = form.currency->code();
    const auto id = TRY(offer_coupon(billing, tx, wanted));
    const auto coupon = store::coupon(tx, id);
    record_coupon(billing, tx, caller, "billing.coupon_added", *coupon, "Made");
    return coupon_row(tx, *coupon);
  });
}

Result<ListedCouponView> edit_coupon(Billing& billing, const Caller& caller, const CouponId& id,
                                     const CouponChangeForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<ListedCouponView> {
    auto coupon = store::coupon(tx, id);
    if (!coupon) return no_coupon();
    TRY(check_targets(tx, form.targets));
    coupon->name = form.name;
    coupon->max_uses = form.max_uses;
    coupon->per_user = form.per_user;
    coupon->starts_at = form.starts_at;
    coupon->ends_at = form.ends_at;
    coupon->active = form.active.value_or(coupon->active);
    store::change_coupon(tx, *coupon, form.targets);
    record_coupon(billing, tx, caller, "billing.coupon_changed", *coupon, "Changed");
    return coupon_row(tx, *coupon);
  });
}

Result<void> archive_coupon(Billing& billing, const Caller& caller, const CouponId& id) {
  return billing.db.write([&](WriteTx& tx) -> Result<void> {
    auto coupon = store::coupon(tx, id);
    if (!coupon) return no_coupon();
    coupon->active = false;
    store::change_coupon(tx, *coupon, store::coupon_targets(tx, id));
    record_coupon(billing, tx, caller, "billing.coupon_archived", *coupon, "Ended");
    return {};
  });
}

http::Routes coupon_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  const auto id_in = [](const Request& request) { return CouponId(std::string(request.param("id"))); };
  return {
      {.method = Method::get,
       .path = "/api/coupons",
       .operation = "listCoupons",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The school's coupons, the newest first.",
       .endpoint =
           http::json([&billing](const Request& request, const CouponsForm& form) -> Result<Page<ListedCouponView>> {
             return list_coupons(billing, request.caller, form);
           }),
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/coupons",
       .operation = "addCoupon",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Make a coupon.",
       .endpoint =
           http::json([&billing](const Request& request, const NewCouponForm& form) -> Result<ListedCouponView> {
             return add_coupon(billing, request.caller, form);
           }),
       .statuses = {409},
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::put,
       .path = "/api/coupons/{id}",
       .operation = "changeCoupon",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Change a coupon's limits; what it takes off stays.",
       .endpoint = http::json(
           [&billing, id_in](const Request& request, const CouponChangeForm& form) -> Result<ListedCouponView> {
             return edit_coupon(billing, request.caller, id_in(request), form);
           }),
       .statuses = {404},
       .scope = "billing:write"},
      {.method = Method::del,
       .path = "/api/coupons/{id}",
       .operation = "archiveCoupon",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "End a coupon; who used it keeps what it gave.",
       .endpoint = http::json([&billing, id_in](const Request& request) -> Result<http::NoData> {
         TRY(archive_coupon(billing, request.caller, id_in(request)));
         return http::NoData{};
       }),
       .statuses = {404},
       .scope = "billing:write"},
  };
}

}  // namespace tuition::billing

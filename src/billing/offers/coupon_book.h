#pragma once

// The school's coupons, as administrators see and change them. What a coupon takes off never changes: who was promised
// it, gets it.

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

struct NewCouponForm {
  std::string code{};
  std::optional<std::string> name{};
  std::optional<std::int64_t> percent{};
  std::optional<std::int64_t> amount_minor{};
  std::optional<Currency> currency{};
  std::optional<CouponDuration> duration{};
  std::optional<std::int64_t> duration_months{};
  std::optional<std::int64_t> max_uses{};
  std::optional<std::int64_t> per_user{};
  std::optional<Instant> starts_at{};
  std::optional<Instant> ends_at{};
  std::vector<std::string> targets{};
};
constexpr auto fields_of(const NewCouponForm*) {
  return table(
      "NewCouponForm", field("code", &NewCouponForm::code, "What people type in.", formatted(Format::word, 60)),
      field("name", &NewCouponForm::name, "What it is for; its code when not given.", length(0, 80)),
      field("percent", &NewCouponForm::percent, "How much it takes off, in hundredths; this or an amount.",
            range(1, 100)),
      field("amountMinor", &NewCouponForm::amount_minor, "Or how much, in the currency's smallest unit.",
            range(1, 1'000'000'000'000)),
      field("currency", &NewCouponForm::currency, "Of the amount."),
      field("duration", &NewCouponForm::duration,
            "For the first payment of a subscription (once), for some months (repeating) or for all of it (forever)."),
      field("durationMonths", &NewCouponForm::duration_months, "For how many months, if repeating.", range(1, 36)),
      field("maxUses", &NewCouponForm::max_uses, "How often it may be used altogether; none: without limit.",
            range(1, 1'000'000)),
      field("perUser", &NewCouponForm::per_user, "How often by one person; none: without limit.", range(1, 1000)),
      field("startsAt", &NewCouponForm::starts_at, "From when on; at once when not given."),
      field("endsAt", &NewCouponForm::ends_at, "Until when; for good when not given."),
      field("targetIds", &NewCouponForm::targets, "The plans and products it is for; none: everything.",
            items(0, 100)));
}
inline void check_form(const NewCouponForm& form, FormProblems& problems) {
  if (!form.percent && !form.amount_minor && problems.fine("percent") && problems.fine("amountMinor"))
    problems.add("percent", "is required, or else amountMinor");
  if (form.percent && form.amount_minor) problems.add("amountMinor", "must not be given together with percent");
  if (form.amount_minor && !form.currency) problems.add("currency", "is required with an amount");
  const bool repeats = form.duration == CouponDuration::repeating;
  if (repeats && !form.duration_months) problems.add("durationMonths", "is required where it repeats");
  if (!repeats && form.duration_months) problems.add("duration", "must be repeating where months are given");
  if (form.starts_at && form.ends_at && *form.ends_at <= *form.starts_at)
    problems.add("endsAt", "must be after startsAt");
}

struct CouponChangeForm {
  std::string name{};
  std::optional<std::int64_t> max_uses{};
  std::optional<std::int64_t> per_user{};
  std::optional<Instant> starts_at{};
  std::optional<Instant> ends_at{};
  std::vector<std::string> targets{};
  std::optional<bool> active{};
};
constexpr auto fields_of(const CouponChangeForm*) {
  return table(
      "CouponChangeForm", field("name", &CouponChangeForm::name, "What it is for.", length(1, 80)),
      field("maxUses", &CouponChangeForm::max_uses, "How often it may be used altogether; none: without limit.",
            range(1, 1'000'000)),
      field("perUser", &CouponChangeForm::per_user, "How often by one person; none: without limit.", range(1, 1000)),
      field("startsAt", &CouponChangeForm::starts_at, "From when on; at once when not given."),
      field("endsAt", &CouponChangeForm::ends_at, "Until when; for good when not given."),
      field("targetIds", &CouponChangeForm::targets, "The plans and products it is for; none: everything.",
            items(0, 100)),
      field("active", &CouponChangeForm::active, "Whether it can be used; as it is when not given."));
}
inline void check_form(const CouponChangeForm& form, FormProblems& problems) {
  if (form.starts_at && form.ends_at && *form.ends_at <= *form.starts_at)
    problems.add("endsAt", "must be after startsAt");
}

struct ListedCouponView {
  CouponId id{};
  std::string code{};
  std::string name{};
  std::optional<std::int64_t> percent{};
  std::optional<std::int64_t> amount_minor{};
  std::optional<Currency> currency{};
  CouponDuration duration = CouponDuration::once;
  std::optional<std::int64_t> duration_months{};
  std::int64_t used = 0;
  std::optional<std::int64_t> max_uses{};
  std::optional<std::int64_t> per_user{};
  std::optional<Instant> starts_at{};
  std::optional<Instant> ends_at{};
  std::vector<std::string> targets{};
  bool active = true;
};
constexpr auto fields_of(const ListedCouponView*) {
  return table("ListedCoupon", field("id", &ListedCouponView::id, "The coupon's id."),
               field("code", &ListedCouponView::code, "What people type in."),
               field("name", &ListedCouponView::name, "What it is for."),
               field("percent", &ListedCouponView::percent, "How much it takes off, in hundredths; or null."),
               field("amountMinor", &ListedCouponView::amount_minor, "How much, in the smallest unit; or null."),
               field("currency", &ListedCouponView::currency, "Of the amount."),
               field("duration", &ListedCouponView::duration, "For which payments of a subscription."),
               field("durationMonths", &ListedCouponView::duration_months, "For how many months, if repeating."),
               field("used", &ListedCouponView::used, "How often it was used, or is about to be."),
               field("maxUses", &ListedCouponView::max_uses, "How often it may be; null: without limit."),
               field("perUser", &ListedCouponView::per_user, "How often by one person; null: without limit."),
               field("startsAt", &ListedCouponView::starts_at, "From when on."),
               field("endsAt", &ListedCouponView::ends_at, "Until when."),
               field("targetIds", &ListedCouponView::targets, "The plans and products it is for; none: everything."),
               field("active", &ListedCouponView::active, "Whether it can be used."));
}

struct CouponsForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<bool> active{};
};
constexpr auto fields_of(const CouponsForm*) {
  return table("CouponsForm", field("limit", &CouponsForm::limit, "How many, 20 unless said.", range(1, 100)),
               field("cursor", &CouponsForm::cursor, "Where the page before ended.", length(1, 200)),
               field("active", &CouponsForm::active, "Only those that can be used, or only those that cannot."));
}

Result<Page<ListedCouponView>> list_coupons(Billing& billing, const Caller& caller, const CouponsForm& form);
// CONFLICT when the code is taken.
Result<ListedCouponView> add_coupon(Billing& billing, const Caller& caller, const NewCouponForm& form);
Result<ListedCouponView> edit_coupon(Billing& billing, const Caller& caller, const CouponId& id,
                                     const CouponChangeForm& form);
Result<void> archive_coupon(Billing& billing, const Caller& caller, const CouponId& id);

http::Routes coupon_routes(Billing& billing);

}  // namespace tuition::billing

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// A checkout as it is answered: `pending` while the gateway's page is not known yet.
struct StartedCheckout {
  CheckoutView view{};
  bool pending = false;
};

enum class Patience { wait, answer_at_once };

// Why a paid checkout gave nothing: error codes of checkouts.
inline constexpr const char* second_subscription = "SECOND_SUBSCRIPTION";
// A period that was paid already, from another page or from the saved card.
inline constexpr const char* already_paid = "ALREADY_PAID";
inline constexpr const char* already_owned = "ALREADY_OWNED";
inline constexpr const char* amount_differs = "AMOUNT_DIFFERS";

// Whether the pages to return to may be returned to: part of the form's check.
void check_pages(const Billing& billing, const CheckoutForm& form, FormProblems& problems);

// Orders a plan or a product and asks its gateway for a page to pay on. `answer` is called once: with the page, after
// at most the configured wait with a pending checkout, or with what went wrong. A repeated idempotency key, and the
// same order while its page is open, get the first checkout again.
void start_checkout(Billing& billing, const Caller& caller, const CheckoutForm& form, std::string_view idempotency_key,
                    Patience patience, std::function<void(Result<StartedCheckout>)> answer);

// Reads only.
Result<CheckoutView> show_checkout(Billing& billing, const Caller& caller, const CheckoutId& id);

// Asks the gateway now what became of an open page, because a notice may be late or never come. `answer` is called
// once: with how the checkout stands when the gateway has answered, or after at most the configured wait. Asking again
// meanwhile makes no second call.
void verify_checkout(Billing& billing, const Caller& caller, const CheckoutId& id,
                     std::function<void(Result<CheckoutView>)> answer);

// Tells the pages that its buyer has open how a checkout stands now, once this write is on disk.
void tell_checkout(Billing& billing, WriteTx& tx, const CheckoutId& id);

// The job that asks the gateway; runs again with the same bytes and key after a crash.
jobs::Outcome open_checkout(Billing& billing, const CheckoutId& id);

// That job was given up.
void give_up_checkout(Billing& billing, WriteTx& tx, const CheckoutId& id);

// Closes an open checkout: at once where it has no page yet, else by a job that closes the page at the gateway.
void close_checkout(Billing& billing, WriteTx& tx, const Checkout& checkout);
jobs::Outcome expire_checkout(Billing& billing, const CheckoutId& id);

// Checkouts whose page has closed: asks the gateway what became of them, and ends or completes them.
jobs::Outcome sweep_checkouts(Billing& billing);

}  // namespace tuition::billing

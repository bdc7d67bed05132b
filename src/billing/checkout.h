#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/jobs/job.h"

namespace tuition::billing {

struct Billing;

// A checkout as it is answered: `pending` while the gateway's page is not known yet.
struct StartedCheckout {
  CheckoutView view{};
  bool pending = false;
};

enum class Patience { wait, answer_at_once };

// Orders a plan and asks its gateway for a page to pay on. `answer` is called once: with the page, after at most the
// configured wait with a pending checkout, or with what went wrong. A repeated idempotency key gets the first checkout
// again.
void start_checkout(Billing& billing, const Caller& caller, const CheckoutForm& form, std::string_view idempotency_key,
                    Patience patience, std::function<void(Result<StartedCheckout>)> answer);

Result<CheckoutView> show_checkout(Billing& billing, const Caller& caller, const CheckoutId& id);

// The job that asks the gateway; runs again with the same bytes and key after a crash.
jobs::Outcome open_checkout(Billing& billing, const CheckoutId& id);

// Checkouts whose page has closed: asks the gateway what became of them, and ends or completes them.
jobs::Outcome sweep_checkouts(Billing& billing);

}  // namespace tuition::billing

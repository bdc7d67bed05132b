#pragma once

#include "platform/base/result.h"
#include "platform/http/route.h"
#include "sandbox/stripe/api.h"

namespace tuition::sandbox::stripe {

// What people see in the browser: the Checkout page whose buttons choose how the payment goes, the billing portal,
// invoices and receipts. The shop outlives the routes.
//
// POST /c/pay/{session} with outcome=
//   pay       the card is charged, events go out, on to success_url
//   delay     the same, but the events come five seconds late
//   twice     the same, and every event comes twice
//   disorder  the same, with the events in any order
//   lost      the same, without any event
//   dispute   the same, and the buyer's bank doubts the payment at once
//   fail      the card is refused; back to this page, which says so
//   cancel    nothing happens, on to cancel_url
// POST /receipt/{charge} with outcome=open, inquiry, won or lost: what the bank does about it later.
http::Routes pages(Shop& shop);

// The same by the id of a payment intent, a charge, an invoice or a dispute.
Result<void> dispute(Shop& shop, const std::string& payment, const std::string& outcome);

// The Checkout page once more, under the school's own address and named by the school's id of the checkout:
// GET and POST /dev/pay/{id}.
http::Routes school_pages(Shop& shop);

}  // namespace tuition::sandbox::stripe

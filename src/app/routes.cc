#include <set>

#include "app/app.h"
#include "audit/trail.h"
#include "billing/inbox/inbox.h"
#include "billing/invoices/documents.h"
#include "billing/invoices/invoices.h"
#include "billing/offers/coupon_book.h"
#include "billing/offers/price_list.h"
#include "billing/offers/quotes.h"
#include "billing/offers/taxes.h"
#include "billing/payments/by_hand.h"
#include "billing/payments/payments.h"
#include "billing/payments/refunds.h"
#include "billing/payments/second_look.h"
#include "billing/subscriptions/arrears.h"
#include "billing/subscriptions/gifts.h"
#include "billing/subscriptions/subscribers.h"
#include "learning/search.h"

namespace tuition::app {
namespace {

template <class Rows>
void append(Rows& all, Rows more) {
  for (auto& row : more) all.push_back(std::move(row));
}

}  // namespace

http::Routes App::all_routes() {
  http::Routes all = routes(system_);
  append(all, audit::routes(db));
  append(all, outreach::live_routes(outreach.live));
  append(all, accounts::routes(accounts));
  append(all, entitlements::routes(entitlements));
  append(all, catalogue::routes(catalogue));
  append(all, learning::routes(learning));
  append(all, learning::search_routes(learning));
  append(all, billing::routes(billing));
  append(all, billing::gift_routes(billing));
  append(all, billing::quote_routes(billing));
  append(all, billing::tax_routes(billing));
  append(all, billing::refund_routes(billing));
  append(all, billing::second_look_routes(billing));
  append(all, billing::payment_routes(billing));
  append(all, billing::by_hand_routes(billing));
  append(all, billing::arrears_routes(billing));
  append(all, billing::document_routes(billing));
  append(all, billing::invoice_routes(billing));
  append(all, billing::inbox_routes(billing));
  append(all, billing::price_list_routes(billing));
  append(all, billing::coupon_routes(billing));
  append(all, billing::subscriber_routes(billing));
  std::set<std::string> operations;
  for (const auto& route : all)
    check(operations.insert(std::string(route.operation)).second, "every route has an operation name of its own");
  return all;
}

jobs::JobKinds App::all_jobs() {
  jobs::JobKinds all = outreach::job_kinds(outreach);
  append(all, accounts::job_kinds(accounts));
  append(all, learning::job_kinds(learning));
  append(all, billing::job_kinds(billing));
  return all;
}

jobs::Periodics App::all_periodics() {
  jobs::Periodics all = accounts::periodics(accounts);
  append(all, catalogue::periodics(catalogue));
  append(all, learning::periodics(learning));
  append(all, billing::periodics(billing));
  return all;
}

}  // namespace tuition::app

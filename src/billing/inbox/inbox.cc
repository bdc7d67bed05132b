#include "billing/inbox/inbox.h"

#include <algorithm>
#include <functional>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/inbox/store_inbox.h"
#include "billing/notices.h"
#include "billing/pages.h"
#include "billing/payments/refunds.h"
#include "billing/payments/store_refunds.h"
#include "billing/store.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

constexpr Duration events_back = days(30);
constexpr Duration usual_back = days(2);

ReconcileRunView view_of(const store::ReconcileRun& row) {
  return {row.id.text(), row.provider, row.status, row.since,      row.checked,
          row.fixed,     row.open,     row.error,  row.started_at, row.done_at};
}

// Events that never came are kept and queued as if they had; returns how many.
std::int64_t keep_missed(Billing& billing, const std::string& provider, const std::vector<KeptEvent>& events) {
  std::int64_t missed = 0;
  for (const auto& each : events)
    billing.db.write([&](WriteTx& tx) {
      if (keep_notice(billing, tx, provider, each.notice, each.payload)) ++missed;
    });
  return missed;
}

// One run of comparing: what it found is written down as it goes.
class Comparison {
 public:
  Comparison(Billing& billing, store::ReconcileRun run) : billing_(billing), run_(std::move(run)) {}

  void with(Gateway& gateway) {
    missed_events(gateway);
    open_pages(gateway);
    subscriptions(gateway);
    payments(gateway);
  }
  std::int64_t checked() const { return checked_; }
  // Why something could not be compared; empty when all was.
  const std::string& unanswered() const { return unanswered_; }

 private:
  void differs(WriteTx& tx, const Gateway& gateway, std::string subject, std::string found, bool fixed) {
    store::note_difference(tx, run_.id, {std::string(gateway.name()), std::move(subject), std::move(found), fixed});
  }

  void missed_events(Gateway& gateway) {
    const auto events = gateway.fetch_events(std::max(run_.since, billing_.clock.now() - events_back));
    if (!events) return fail(events.error());
    checked_ += static_cast<std::int64_t>(events->size());
    for (const auto& each : *events)
      billing_.db.write([&](WriteTx& tx) {
        if (keep_notice(billing_, tx, std::string(gateway.name()), each.notice, each.payload) &&
            each.notice.about != Notice::About::nothing_we_handle)
          differs(tx, gateway, "event " + each.notice.event_id, each.notice.event_type + " had never come", true);
      });
  }

  // Paid there, and not known here.
  void open_pages(Gateway& gateway) {
    const auto name = std::string(gateway.name());
    const auto pages = billing_.db.read([&](ReadTx& tx) { return store::unsettled(tx, name, run_.since); });
    for (const auto& each : pages) {
      const auto state = gateway.fetch_checkout(each.session);
      if (!state) {
        if (state.error().kind != Kind::rejected) fail(state.error());
        continue;
      }
      ++checked_;
      if (!state->paid) continue;
      billing_.db.write([&](WriteTx& tx) {
        const auto set_aside = put_checkout(billing_, tx, name, *state);
        differs(tx, gateway, "order " + each.reference,
                set_aside.empty() ? "it was paid, and we did not know" : "it was paid, but " + set_aside,
                set_aside.empty());
      });
    }
  }

  void subscriptions(Gateway& gateway) {
    const auto name = std::string(gateway.name());
    for (const auto& each : billing_.db.read([&](ReadTx& tx) { return store::live_at(tx, name); })) {
      if (renewed_here(each)) continue;
      const auto state = gateway.fetch_subscription(each.provider_id);
      if (!state && state.error().code != remote_object_missing) {
        fail(state.error());
        continue;
      }
      ++checked_;
      billing_.db.write([&](WriteTx& tx) {
        if (!state) {
          // What is paid stays open: a wrong key may be all that is the matter.
          const bool over = each.period_end <= billing_.clock.now();
          if (over) end_lost_subscription(billing_, tx, each);
          return differs(tx, gateway, "subscription " + each.id.text(),
                         over ? "the provider does not know it any more"
                              : "the provider does not know it; it stays open until its period ends",
                         over);
        }
        put_subscription(billing_, tx, name, *state);
        const auto after = store::subscription(tx, each.id);
        if (after->status != each.status || after->period_end != each.period_end || after->price != each.price ||
            after->cancel_at_period_end != each.cancel_at_period_end)
          differs(tx, gateway, "subscription " + each.id.text(),
                  "it was " + std::string(name_of(each.status)) + " here and is " +
                      std::string(name_of(after->status)) + " there",
                  true);
      });
    }
  }

  // What went back without our knowing.
  void payments(Gateway& gateway) {
    const auto name = std::string(gateway.name());
    for (const auto& id : billing_.db.read([&](ReadTx& tx) { return store::payments_since(tx, name, run_.since); })) {
      const auto before = billing_.db.read([&](ReadTx& tx) { return store::payment_case(tx, id); });
      const auto state = gateway.fetch_payment(before->provider_payment_id);
      if (!state) {
        if (state.error().kind != Kind::rejected) {
          fail(state.error());
          continue;
        }
        billing_.db.write([&](WriteTx& tx) {
          differs(tx, gateway, "payment " + before->reference, "the provider does not know it", false);
        });
        continue;
      }
      ++checked_;
      billing_.db.write([&](WriteTx& tx) {
        put_payment_state(billing_, tx, name, *state);
        const auto after = store::payment_case(tx, id);
        if (after->status != before->status || after->refunded_minor != before->refunded_minor)
          differs(tx, gateway, "payment " + before->reference,
                  "it was " + std::string(name_of(before->status)) + " here and is " +
                      std::string(name_of(after->status)) + " there",
                  true);
      });
    }
  }

  void fail(const Error& error) { unanswered_ = error.detail.empty() ? error.safe : error.detail; }

  Billing& billing_;
  const store::ReconcileRun run_;
  std::int64_t checked_ = 0;
  std::string unanswered_;
};

Error no_such_provider() { return invalid_field("provider", "is not a payment provider of this school"); }

Result<store::ReconcileRun> new_run(Billing& billing, WriteTx& tx, const std::string& provider, Instant since) {
  const auto id = new_id<store::ReconcileRunTag>(billing.clock, billing.entropy);
  store::begin_run(tx, id, provider, since, billing.clock.now());
  return *store::run(tx, id);
}

Result<ReconcileRunView> begin(Billing& billing, const Caller& caller, const ReconcileForm& form,
                               const std::function<void(WriteTx&, const store::ReconcileRun&)>& also) {
  if (form.provider && !billing.gateways.named(*form.provider)) return no_such_provider();
  const auto now = billing.clock.now();
  if (form.since && *form.since > now) return invalid_field("since", "must not be in the future");
  return billing.db.write([&](WriteTx& tx) -> Result<ReconcileRunView> {
    const auto run = TRY(new_run(billing, tx, form.provider.value_or(""), form.since.value_or(now - usual_back)));
    also(tx, run);
    audit::record(tx,
                  {.at = now,
                   .actor = caller,
                   .action = "billing.reconcile_asked",
                   .category = audit::Category::business,
                   .description = "Asked to compare the books with " + form.provider.value_or("all providers") + "."});
    return view_of(run);
  });
}

}  // namespace

Result<Page<EventView>> list_events(Billing& billing, const Caller& caller, const EventsForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<EventView, EventId>(
        form.limit, form.cursor,
        [&](const EventId& after, std::int64_t limit) {
          return store::events(tx, caller, {form.status, form.provider, form.type}, after, limit);
        },
        [](const EventView& row) { return row; });
  });
}

Result<WholeEventView> show_event(Billing& billing, const Caller& caller, const EventId& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<WholeEventView> {
    auto event = caller.is_admin() ? store::event_view(tx, id) : std::nullopt;
    if (!event) return not_found("There is no such event.");
    WholeEventView view{std::move(*event), {}, {store::payload_of(tx, id).value_or("null")}};
    if (const auto head = store::head_of(tx, id))
      if (auto kept = decode_json<EventHead>(*head, Unknown::ignored)) view.headers = std::move(kept->headers);
    return view;
  });
}

Result<EventView> reprocess_event(Billing& billing, const Caller& caller, const EventId& id) {
  const auto found = billing.db.read([&](ReadTx& tx) { return store::event(tx, id); });
  if (!found) return not_found("There is no such event.");
  auto* gateway = billing.gateways.named(found->provider);
  if (!gateway) return conflict("CONFLICT", "This payment provider is not set up here any more.");
  const auto payload = billing.db.read([&](ReadTx& tx) { return store::payload_of(tx, id).value_or(""); });
  const auto notice = gateway->read_kept(payload);
  if (!notice) return conflict("CONFLICT", "This event cannot be read.");
  if (notice->about == Notice::About::nothing_we_handle)
    return conflict("CONFLICT", "Nothing follows from this event: " + notice->ignored_because + ".");
  return billing.db.write([&](WriteTx& tx) -> Result<EventView> {
    store::reopen_event(tx, id);
    push_event(billing, tx, id, notice->about);
    audit::record(tx, {.at = billing.clock.now(),
                       .actor = caller,
                       .action = "webhook.reprocessed",
                       .category = audit::Category::business,
                       .target_type = "webhook_event",
                       .target_id = id.text(),
                       .description = "The event " + found->event_id + " is applied again."});
    return *store::event_view(tx, id);
  });
}

Result<FetchedView> fetch_missed(Billing& billing, const Caller& caller, const FetchForm& form) {
  auto* gateway = billing.gateways.named(form.provider);
  if (!gateway) return no_such_provider();
  const auto now = billing.clock.now();
  if (form.since > now || form.since < now - events_back)
    return invalid_field("since", "must be within the last 30 days");
  const auto events = TRY(gateway->fetch_events(form.since));
  FetchedView view{static_cast<std::int64_t>(events.size()), keep_missed(billing, form.provider, events)};
  billing.db.write([&](WriteTx& tx) {
    audit::record(tx, {.at = now,
                       .actor = caller,
                       .action = "webhook.fetched",
                       .category = audit::Category::business,
                       .description = "Asked " + form.provider + " for its events; " + std::to_string(view.missed) +
                                      " had never come."});
  });
  return view;
}

Result<ReconcileRunView> begin_reconcile(Billing& billing, const Caller& caller, const ReconcileForm& form) {
  return begin(billing, caller, form, [&](WriteTx& tx, const store::ReconcileRun& run) {
    billing.queue.push(tx, {.kind = "billing.reconcile", .payload_json = "{\"id\":\"" + run.id.text() + "\"}"});
  });
}

Result<WholeRunView> reconcile_now(Billing& billing, const Caller& caller, const ReconcileForm& form) {
  const auto run = TRY(begin(billing, caller, form, [](WriteTx&, const store::ReconcileRun&) {}));
  return reconcile(billing, run.id);
}

Result<WholeRunView> reconcile(Billing& billing, const std::string& id) {
  const auto run = billing.db.read([&](ReadTx& tx) { return store::run(tx, store::ReconcileRunId(id)); });
  if (!run) return not_found("There is no such run.");
  Comparison comparison(billing, *run);
  for (auto* gateway : billing.gateways.all)
    if (run->provider.empty() || gateway->name() == run->provider) comparison.with(*gateway);
  billing.db.write([&](WriteTx& tx) {
    const auto& why = comparison.unanswered();
    store::end_run(tx, run->id, comparison.checked(), why.empty() ? std::nullopt : std::optional(why),
                   billing.clock.now());
    const auto after = store::run(tx, run->id);
    if (after->open > 0)
      audit::record(tx, {.at = billing.clock.now(),
                         .action = "billing.books_differ",
                         .category = audit::Category::business,
                         .severity = audit::Severity::critical,
                         .target_type = "reconcile_run",
                         .target_id = id,
                         .description = std::to_string(after->open) +
                                        " differences between our books and a provider's need somebody's eye."});
  });
  return show_run(billing, system_caller(), id);
}

jobs::Outcome reconcile_nightly(Billing& billing) {
  if (billing.gateways.all.empty()) return jobs::Outcome::done();
  const auto run = billing.db.write([&](WriteTx& tx) -> Result<store::ReconcileRun> {
    return new_run(billing, tx, "", billing.clock.now() - usual_back);
  });
  const auto done = reconcile(billing, run->id.text());
  if (done && done->run.status == "failed") return jobs::Outcome::later(done->run.error.value_or(""));
  return jobs::Outcome::done();
}

Result<Page<ReconcileRunView>> list_runs(Billing& billing, const Caller& caller, const NextPageForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<ReconcileRunView, store::ReconcileRunId>(
        form.limit, form.cursor,
        [&](const store::ReconcileRunId& after, std::int64_t limit) { return store::runs(tx, caller, after, limit); },
        [](const store::ReconcileRun& row) { return view_of(row); });
  });
}

Result<WholeRunView> show_run(Billing& billing, const Caller& caller, const std::string& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<WholeRunView> {
    const auto run = caller.is_admin() ? store::run(tx, store::ReconcileRunId(id)) : std::nullopt;
    if (!run) return not_found("There is no such run.");
    return WholeRunView{view_of(*run), store::differences_of(tx, run->id)};
  });
}

http::Routes inbox_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  const auto event_in = [](const Request& request) { return EventId(std::string(request.param("id"))); };
  return {
      {.method = Method::get,
       .path = "/api/admin/webhook-events",
       .operation = "listWebhookEvents",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "What payment providers told, the newest first.",
       .endpoint = http::json([&billing](const Request& request, const EventsForm& form) -> Result<Page<EventView>> {
         return list_events(billing, request.caller, form);
       }),
       .alias = "/admin/webhook-events",
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/admin/webhook-events/{id}",
       .operation = "getWebhookEvent",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "One of them, as it came.",
       .endpoint = http::json([&billing, event_in](const Request& request) -> Result<WholeEventView> {
         return show_event(billing, request.caller, event_in(request));
       }),
       .statuses = {404},
       .alias = "/admin/webhook-events/{id}",
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/admin/webhook-events/{id}/reprocess",
       .operation = "reprocessWebhookEvent",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Apply one again.",
       .endpoint = http::json([&billing, event_in](const Request& request) -> Result<EventView> {
         return reprocess_event(billing, request.caller, event_in(request));
       }),
       .statuses = {404, 409},
       .alias = "/admin/webhook-events/{id}/reprocess",
       .scope = "billing:write"},
      {.method = Method::post,
       .path = "/api/admin/webhook-events/fetch",
       .operation = "fetchWebhookEvents",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Ask a provider for its events since a time; those that never came are applied.",
       .endpoint = http::json([&billing](const Request& request, const FetchForm& form) -> Result<FetchedView> {
         return fetch_missed(billing, request.caller, form);
       }),
       .alias = "/admin/webhook-events/fetch",
       .scope = "billing:write"},
      {.method = Method::post,
       .path = "/api/admin/reconcile",
       .operation = "reconcileBooks",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Compare our books with the providers'.",
       .endpoint =
           http::json([&billing](const Request& request, const ReconcileForm& form) -> Result<ReconcileRunView> {
             return begin_reconcile(billing, request.caller, form);
           }),
       .alias = "/admin/reconcile",
       .success = 202,
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/admin/reconcile/runs",
       .operation = "listReconcileRuns",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Comparisons of the books, the newest first.",
       .endpoint =
           http::json([&billing](const Request& request, const NextPageForm& form) -> Result<Page<ReconcileRunView>> {
             return list_runs(billing, request.caller, form);
           }),
       .alias = "/admin/reconcile/runs",
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/admin/reconcile/runs/{id}",
       .operation = "getReconcileRun",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "One of them with its differences.",
       .endpoint = http::json([&billing](const Request& request) -> Result<WholeRunView> {
         return show_run(billing, request.caller, std::string(request.param("id")));
       }),
       .statuses = {404},
       .alias = "/admin/reconcile/runs/{id}",
       .scope = "billing:read"},
  };
}

}  // namespace tuition::billing

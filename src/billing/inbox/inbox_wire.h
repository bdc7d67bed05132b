#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"

namespace tuition::billing {

struct EventView {
  EventId id{};
  std::string provider{};
  std::string event_id{};
  std::string type{};
  std::optional<std::string> object{};
  EventStatus status = EventStatus::received;
  std::int64_t attempts = 0;
  std::optional<std::string> error{};
  Instant created_at{};
  std::optional<Instant> processed_at{};
};
constexpr auto fields_of(const EventView*) {
  return table("WebhookEvent", field("id", &EventView::id, "The event's id here."),
               field("provider", &EventView::provider, "Who told."),
               field("eventId", &EventView::event_id, "Their id."), field("type", &EventView::type, "What happened."),
               field("objectId", &EventView::object, "To which of their objects."),
               field("status", &EventView::status, "What became of it here."),
               field("attempts", &EventView::attempts, "How often it was tried."),
               field("error", &EventView::error, "Why it failed or was ignored."),
               field("createdAt", &EventView::created_at, "When it came."),
               field("processedAt", &EventView::processed_at, "When it was last tried."));
}

struct EventHeaderView {
  std::string name{};
  std::string value{};
};
constexpr auto fields_of(const EventHeaderView*) {
  return table("WebhookEventHeader", field("name", &EventHeaderView::name, "Its name, in lower case."),
               field("value", &EventHeaderView::value, "What it said."));
}

// As it is kept.
struct EventHead {
  std::vector<EventHeaderView> headers{};
};
constexpr auto fields_of(const EventHead*) {
  return table("WebhookEventHead", field("headers", &EventHead::headers, "What it consists of."));
}

struct WholeEventView {
  EventView event{};
  std::vector<EventHeaderView> headers{};
  JsonText payload{};
};
constexpr auto fields_of(const WholeEventView*) {
  return table("WholeWebhookEvent", field("event", &WholeEventView::event, "The event."),
               field("headers", &WholeEventView::headers,
                     "The head it came with, its signature among them; none of one that was fetched."),
               field("payload", &WholeEventView::payload, "What was told, as it came."));
}

struct EventsForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<EventStatus> status{};
  std::optional<std::string> provider{};
  std::optional<std::string> type{};
};
constexpr auto fields_of(const EventsForm*) {
  return table("EventsForm", field("limit", &EventsForm::limit, "How many, 20 unless said.", range(1, 100)),
               field("cursor", &EventsForm::cursor, "Where the page before ended.", length(1, 200)),
               field("status", &EventsForm::status, "Only those of which that became."),
               field("provider", &EventsForm::provider, "Only those of one provider.", formatted(Format::word, 40)),
               field("type", &EventsForm::type, "Only those of one type.", formatted(Format::word, 100)));
}

struct FetchForm {
  std::string provider{};
  Instant since{};
};
constexpr auto fields_of(const FetchForm*) {
  return table("FetchForm", field("provider", &FetchForm::provider, "Whose events.", formatted(Format::word, 40)),
               field("since", &FetchForm::since, "From when on; at most 30 days back."));
}

struct FetchedView {
  std::int64_t found = 0;
  std::int64_t missed = 0;
};
constexpr auto fields_of(const FetchedView*) {
  return table("FetchedEvents", field("found", &FetchedView::found, "How many events the provider has."),
               field("missed", &FetchedView::missed, "How many of them had never come; they are applied now."));
}

struct ReconcileForm {
  std::optional<std::string> provider{};
  std::optional<Instant> since{};
};
constexpr auto fields_of(const ReconcileForm*) {
  return table(
      "ReconcileForm",
      field("provider", &ReconcileForm::provider, "Whose books; all when not given.", formatted(Format::word, 40)),
      field("since", &ReconcileForm::since, "From when on; the last two days when not given."));
}

struct DifferenceView {
  std::string provider{};
  std::string subject{};
  std::string found{};
  bool fixed = false;
};
constexpr auto fields_of(const DifferenceView*) {
  return table("Difference", field("provider", &DifferenceView::provider, "Whose books differed."),
               field("subject", &DifferenceView::subject, "About what."),
               field("found", &DifferenceView::found, "What differed."),
               field("fixed", &DifferenceView::fixed, "Whether it is repaired; otherwise somebody must look."));
}

struct ReconcileRunView {
  std::string id{};
  std::string provider{};
  std::string status{};
  Instant since{};
  std::int64_t checked = 0;
  std::int64_t fixed = 0;
  std::int64_t open = 0;
  std::optional<std::string> error{};
  Instant started_at{};
  std::optional<Instant> done_at{};
};
constexpr auto fields_of(const ReconcileRunView*) {
  return table("ReconcileRun", field("id", &ReconcileRunView::id, "The run's id."),
               field("provider", &ReconcileRunView::provider, "Whose books; empty: all."),
               field("status", &ReconcileRunView::status, "running, done or failed."),
               field("since", &ReconcileRunView::since, "From when on."),
               field("checked", &ReconcileRunView::checked, "How many things were compared."),
               field("fixed", &ReconcileRunView::fixed, "How many differences were repaired."),
               field("open", &ReconcileRunView::open, "How many somebody must look at."),
               field("error", &ReconcileRunView::error, "Why it could not be finished."),
               field("startedAt", &ReconcileRunView::started_at, "When it began."),
               field("doneAt", &ReconcileRunView::done_at, "When it ended."));
}

struct WholeRunView {
  ReconcileRunView run{};
  std::vector<DifferenceView> differences{};
};
constexpr auto fields_of(const WholeRunView*) {
  return table("WholeReconcileRun", field("run", &WholeRunView::run, "The run."),
               field("differences", &WholeRunView::differences, "What differed."));
}

}  // namespace tuition::billing

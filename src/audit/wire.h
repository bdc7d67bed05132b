#pragma once

#include <optional>
#include <string>

#include "audit/types.h"
#include "platform/base/fields_json.h"

namespace tuition::audit {

enum class ExportFormat { json, csv };

constexpr auto names_of(ExportFormat) {
  return std::array{std::pair{ExportFormat::json, std::string_view{"json"}},
                    std::pair{ExportFormat::csv, std::string_view{"csv"}}};
}

// What the trail may be asked for; everything given must hold.
struct TrailFilter {
  std::optional<UserId> user{};
  std::optional<std::string> target{};
  std::optional<std::string> action{};
  std::optional<Category> category{};
  std::optional<Severity> severity{};
  std::optional<std::string> ip{};
  std::optional<Instant> from{};
  std::optional<Instant> to{};
};

// Entries are numbered in the order of their times.
enum class TrailOrder { newest, oldest };

constexpr auto names_of(TrailOrder) {
  return std::array{std::pair{TrailOrder::newest, std::string_view{"-timestamp"}},
                    std::pair{TrailOrder::oldest, std::string_view{"timestamp"}}};
}

struct TrailQuery : TrailFilter {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<TrailOrder> sort{};
};

constexpr auto trail_filter_fields() {
  return fields(
      field("user", &TrailFilter::user, "Who did it.", formatted(Format::uuid, 36)),
      field("target", &TrailFilter::target, "The id of what it was done to.", length(1, 100)),
      field("action", &TrailFilter::action,
            "What was done: a name such as auth.login, or the beginning of one, such as auth.", length(1, 100)),
      field("category", &TrailFilter::category, "Of what sort it is."),
      field("severity", &TrailFilter::severity, "How serious it is."),
      field("ip", &TrailFilter::ip, "From which address it was done.", length(1, 64)),
      field("from", &TrailFilter::from, "At that moment or later."),
      field("to", &TrailFilter::to, "Before that moment."));
}

// A span of time that is one.
inline void check_form(const TrailFilter& filter, FormProblems& problems) {
  if (problems.fine("from") && filter.from && filter.to && *filter.to < *filter.from)
    problems.add("to", "must not be before from");
}

constexpr auto fields_of(const TrailQuery*) {
  return table(
      "AuditQuery",
      joined(fields(field("limit", &TrailQuery::limit, "How many at once; 20 when not given.", range(1, 100)),
                    field("cursor", &TrailQuery::cursor, "Where the page before ended, as it said.", length(1, 80)),
                    field("sort", &TrailQuery::sort, "The order; the newest first when not given.")),
             trail_filter_fields()));
}

struct ExportQuery : TrailFilter {
  std::optional<ExportFormat> format{};
};
constexpr auto fields_of(const ExportQuery*) {
  return table("AuditExportQuery",
               joined(fields(field("format", &ExportQuery::format,
                                   "One JSON object a line, or a table for spreadsheets; json when not given.")),
                      trail_filter_fields()));
}

struct EntryView {
  std::int64_t id = 0;
  Instant timestamp{};
  Caller::Sort actor_kind = Caller::Sort::system;
  std::optional<UserId> user{};
  std::string ip_address{};
  std::string request_id{};
  std::string action{};
  Category category = Category::business;
  Severity severity = Severity::info;
  std::string target_type{};
  std::string target_id{};
  std::string description{};
  JsonText metadata{};
  std::string hash{};
};
constexpr auto fields_of(const EntryView*) {
  return table("AuditEntry", field("id", &EntryView::id, "Its number; they have no gaps."),
               field("timestamp", &EntryView::timestamp, "When it was done."),
               field("actorKind", &EntryView::actor_kind, "Whether a person, a key, a stranger or the program did it."),
               field("userId", &EntryView::user, "Who did it."),
               field("ipAddress", &EntryView::ip_address, "From which address; empty for the program itself."),
               field("requestId", &EntryView::request_id, "The request that did it, as the logs name it."),
               field("action", &EntryView::action, "What was done, as a name that does not change."),
               field("category", &EntryView::category, "Of what sort it is."),
               field("severity", &EntryView::severity, "How serious it is."),
               field("targetType", &EntryView::target_type, "What it was done to; empty when to nothing."),
               field("targetId", &EntryView::target_id, "Its id."),
               field("description", &EntryView::description, "In words."),
               field("metadata", &EntryView::metadata,
                     "A few plain values more; among them actorKey, the id of the API key where one was used."),
               field("hash", &EntryView::hash, "Covers this entry and the hash of the one before."));
}

struct VerdictView {
  bool whole = true;
  std::int64_t checked = 0;
  std::optional<std::int64_t> broken_at{};
  std::string last_hash{};
  std::optional<std::int64_t> signed_from{};
  std::optional<std::int64_t> unknown_at{};
};
constexpr auto fields_of(const VerdictView*) {
  return table("AuditVerdict", field("whole", &VerdictView::whole, "Whether every entry follows from the one before."),
               field("checked", &VerdictView::checked, "How many entries there are."),
               field("brokenAt", &VerdictView::broken_at, "The first that was changed, or stands behind a gap."),
               field("lastHash", &VerdictView::last_hash,
                     "The newest entry's hash. Noted elsewhere, it shows later whether the end was cut off."),
               field("signedFrom", &VerdictView::signed_from,
                     "The first entry whose hash is made with the school's key, which also holds those before it."),
               field("unknownAt", &VerdictView::unknown_at,
                     "The first that was signed with a key which the school does not have any more."));
}

}  // namespace tuition::audit

#include "audit/trail.h"

#include "audit/audit.h"
#include "audit/store.h"
#include "platform/base/blocking.h"
#include "platform/base/csv.h"
#include "platform/base/fields_json.h"
#include "platform/base/page.h"
#include "platform/base/text.h"
#include "platform/http/json.h"
#include "platform/http/problem.h"

namespace tuition::audit {
namespace {

constexpr std::int64_t rows_a_piece = 500;

EntryView view_of(store::Row row) {
  EntryView view;
  view.id = row.id;
  view.timestamp = row.entry.at;
  view.actor_kind = row.entry.actor.sort;
  if (!row.entry.actor.user.empty()) view.user = row.entry.actor.user;
  view.ip_address = std::move(row.entry.actor.ip);
  view.request_id = std::move(row.entry.actor.request_id);
  view.action = std::move(row.entry.action);
  view.category = row.entry.category;
  view.severity = row.entry.severity;
  view.target_type = std::move(row.entry.target_type);
  view.target_id = std::move(row.entry.target_id);
  view.description = std::move(row.entry.description);
  view.metadata = std::move(row.entry.metadata);
  view.hash = std::move(row.hash);
  return view;
}

constexpr std::string_view csv_head =
    "id,timestamp,actorKind,userId,ipAddress,requestId,action,category,severity,targetType,targetId,description,"
    "metadata,hash\r\n";

void append_csv(std::string& out, const EntryView& entry) {
  const std::string cells[] = {std::to_string(entry.id),
                               to_text(entry.timestamp),
                               std::string(name_of(entry.actor_kind)),
                               entry.user ? entry.user->text() : "",
                               entry.ip_address,
                               entry.request_id,
                               entry.action,
                               std::string(name_of(entry.category)),
                               std::string(name_of(entry.severity)),
                               entry.target_type,
                               entry.target_id,
                               entry.description,
                               entry.metadata.text,
                               entry.hash};
  append_csv_row(out, cells);
}

}  // namespace

Result<Page<EntryView>> list_trail(Database& db, const Caller& caller, const TrailQuery& query) {
  const auto order = query.sort.value_or(TrailOrder::newest);
  std::optional<std::int64_t> behind;
  if (query.cursor) {
    behind = parse_integer(TRY(place_of(*query.cursor, name_of(order))).id);
    if (!behind || *behind < 1) return no_such_place();
  }
  Page<EntryView> page;
  page.limit = query.limit.value_or(page_limit_default);
  auto rows = db.read([&](ReadTx& tx) { return store::list(tx, caller, query, order, behind, page.limit + 1); });
  if (static_cast<std::int64_t>(rows.size()) > page.limit) {
    rows.resize(static_cast<std::size_t>(page.limit));
    page.next = cursor_behind(name_of(order), std::to_string(rows.back().id));
  }
  for (auto& row : rows) page.rows.push_back(view_of(std::move(row)));
  return page;
}

http::Reply export_trail(Database& db, const Caller& caller, const ExportQuery& query) {
  const bool csv = query.format == ExportFormat::csv;
  http::Reply reply;
  reply.content_type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
  reply.with("Content-Disposition",
             csv ? "attachment; filename=\"audit.csv\"" : "attachment; filename=\"audit.ndjson\"");
  reply.with("Cache-Control", "no-store");
  // Piece by piece, each a read of its own: entries never change, and new ones come at the end.
  auto next = [&db, caller, filter = static_cast<const TrailFilter&>(query), csv, after = std::int64_t{0},
               begun = false](std::string& out) mutable {
    if (csv && !begun) out += csv_head;
    begun = true;
    auto rows = db.read([&](ReadTx& tx) { return store::oldest(tx, caller, filter, after, rows_a_piece); });
    for (auto& row : rows) {
      after = row.id;
      const auto entry = view_of(std::move(row));
      if (csv) {
        append_csv(out, entry);
      } else {
        encode(out, entry);
        out += '\n';
      }
    }
    return rows.size() == static_cast<std::size_t>(rows_a_piece);
  };
  reply.stream = std::make_shared<http::BodyStream>(http::BodyStream{.next = std::move(next)});
  return reply;
}

namespace {

// Not wrapped: a file.
http::Endpoint exporting(Database& db) {
  auto endpoint = http::raw([&db](const http::Request& request) -> http::Reply {
    const auto query = http::detail::decode_form<ExportQuery>(request);
    return query ? export_trail(db, request.caller, *query) : http::problem(query.error(), request);
  });
  endpoint.form = &shape_of<ExportQuery>();
  return endpoint;
}

}  // namespace

http::Routes routes(Database& db) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  return {
      {.method = Method::get,
       .path = "/api/admin/audit-logs",
       .operation = "listAuditLogs",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The trail of who did what, the newest first.",
       .endpoint = http::json([&db](const Request& request, const TrailQuery& query) -> Result<Page<EntryView>> {
         return list_trail(db, request.caller, query);
       }),
       .alias = "/admin/audit-logs",
       .scope = "ops"},
      {.method = Method::get,
       .path = "/api/admin/audit-logs/export",
       .operation = "exportAuditLogs",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The trail as a file, the oldest first.",
       .endpoint = exporting(db),
       .alias = "/admin/audit-logs/export",
       .scope = "ops"},
      {.method = Method::get,
       .path = "/api/admin/audit-logs/verify",
       .operation = "verifyAuditLogs",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Whether every entry of the trail is as it was written. Reads all of it.",
       .endpoint = http::json([&db](const Request&) -> Result<VerdictView> {
         Blocking waiting;
         auto verdict = verify(db);
         return VerdictView{verdict.whole(),   verdict.checked,     verdict.broken_at,
                            verdict.last_hash, verdict.signed_from, verdict.unknown_at};
       }),
       .alias = "/admin/audit-logs/verify",
       .scope = "ops"},
  };
}

}  // namespace tuition::audit

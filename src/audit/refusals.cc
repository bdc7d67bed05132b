#include "audit/refusals.h"

#include <string_view>
#include <utility>

#include "audit/audit.h"
#include "platform/base/fields_json.h"

namespace tuition::audit {
namespace {

constexpr Duration quiet = minutes(1);
constexpr int entries_a_minute = 100;
constexpr std::size_t sources_max = 10'000;

struct Sort {
  std::string_view action;
  std::string_view sentence;
};

bool shows_cookie(const http::Request& request) {
  return !request.cookie("tuition_at").empty() || !request.cookie("__Host-tuition_at").empty();
}

constexpr Sort bad_token{"access.bad_token", "A token that is not valid was refused."};

// Null for what is nobody's fault: not signed in yet, a token whose time is over, a browser whose session was ended.
const Sort* sort_of(const http::Request& request, const Error& error) {
  static constexpr Sort limited{"access.rate_limited", "Asked more often than is allowed."};
  static constexpr Sort forged{"access.forged", "A request that did not come from our own pages was refused."};
  static constexpr Sort refused{"access.refused", "Was refused what is for others."};
  if (error.kind == Kind::rate_limited) return &limited;
  if (error.code == "CSRF_FAILED" || error.code == "ORIGIN_NOT_ALLOWED") return &forged;
  if (error.kind == Kind::forbidden) return &refused;
  if (error.kind != Kind::unauthenticated || error.code == "TOKEN_EXPIRED") return nullptr;
  if (!request.header("authorization").empty()) return &bad_token;
  // The detail says what is wrong with the token itself; nobody but us makes good ones.
  if (shows_cookie(request) && !error.detail.empty()) return &bad_token;
  return nullptr;
}

struct Refused {
  std::string method;
  std::string route;
  std::string code;
  std::int64_t untold;
};
constexpr auto fields_of(const Refused*) {
  return table("Refused", field("method", &Refused::method, "The method."),
               field("route", &Refused::route, "The path."), field("code", &Refused::code, "The error's code."),
               field("untold", &Refused::untold, "How many like this were refused since the last entry."));
}

std::string source_of(const Caller& caller) { return caller.signed_in() ? caller.user.text() : caller.ip; }

Entry entry_of(const Caller& caller, const Sort& sort, std::string target, const Refused& what, Instant now) {
  return {.at = now,
          .actor = caller,
          .action = std::string(sort.action),
          .category = Category::security,
          .severity = Severity::warning,
          .target_type = "route",
          .target_id = std::move(target),
          .description = std::string(sort.sentence),
          .metadata = {to_json(what)}};
}

void keep(Database& db, Entry entry) {
  db.write_later(
      [entry = std::move(entry)](WriteTx& tx) -> Result<void> {
        record(tx, entry);
        return {};
      },
      [](const Result<void>&) {});
}

}  // namespace

std::optional<std::int64_t> Refusals::due(const std::string& key, Instant now) {
  std::lock_guard lock(mutex_);
  if (now - minute_ >= quiet) {
    minute_ = now;
    in_minute_ = 0;
  }
  if (seen_.size() >= sources_max) {
    std::erase_if(seen_, [&](const auto& each) { return now - each.second.told >= quiet; });
    if (seen_.size() >= sources_max) return std::nullopt;
  }
  auto& seen = seen_[key];
  if ((seen.told.ms > 0 && now - seen.told < quiet) || in_minute_ >= entries_a_minute) {
    ++seen.since;
    return std::nullopt;
  }
  ++in_minute_;
  seen.told = now;
  return std::exchange(seen.since, 0);
}

void Refusals::note(const http::Request& request, const http::Route& route, const Error& error) {
  const auto* sort = sort_of(request, error);
  if (!sort) return;
  const auto now = clock_.now();
  std::string key = std::string(sort->action) + ' ' + source_of(request.caller);
  if (error.kind == Kind::forbidden) key += ' ' + std::string(to_text(route.method)) + std::string(route.path);
  const auto untold = due(key, now);
  if (!untold) return;
  keep(db_, entry_of(request.caller, *sort, std::string(route.operation),
                     {std::string(to_text(route.method)), std::string(route.path), error.code, *untold}, now));
}

void Refusals::note_token(const http::Request& request, const Error& error) {
  const auto now = clock_.now();
  const auto untold = due(std::string(bad_token.action) + ' ' + source_of(request.caller) + ' ' + request.path, now);
  if (!untold) return;
  keep(db_, entry_of(request.caller, bad_token, request.path,
                     {std::string(to_text(request.method)), request.path, error.code, *untold}, now));
}

}  // namespace tuition::audit

#include "platform/http/docs/docs.h"

#include <algorithm>
#include <map>
#include <set>

#include "platform/base/text.h"
#include "platform/http/docs/openapi.h"

namespace tuition::http {
namespace {

// `code` in a sentence becomes <code>; everything is escaped.
std::string prose(std::string_view text) {
  std::string out;
  bool code = false;
  for (const auto part : split(text, '`')) {
    out += code ? "<code>" + escape_html(part) + "</code>" : escape_html(part);
    code = !code;
  }
  return out;
}

// A path or name may break where its words do.
std::string breakable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += escape_html(std::string_view(&c, 1));
    if (c == '/' || c == '_') out += "<wbr>";
  }
  return out;
}

// --- Errors

std::string statuses_of(const ErrorCode& code) {
  std::string out;
  for (const int status : code.statuses) out += (out.empty() ? "" : ", ") + std::to_string(status);
  return out;
}

// --- Fields

std::string count_of(const Bounds& bounds, std::string_view unit) {
  constexpr Bounds none;
  const bool from = bounds.min != none.min && bounds.min > 0;
  const bool to = bounds.max != none.max;
  const std::string after = unit.empty() ? "" : " " + std::string(unit);
  if (from && to && bounds.min == bounds.max) return ", " + std::to_string(bounds.min) + after;
  if (from && to) return ", " + std::to_string(bounds.min) + " to " + std::to_string(bounds.max) + after;
  if (from) return ", at least " + std::to_string(bounds.min) + after;
  if (to) return ", at most " + std::to_string(bounds.max) + after;
  return {};
}

std::string range_of(const Bounds& bounds) {
  constexpr Bounds none;
  if (bounds.min != none.min && bounds.max != none.max)
    return ", " + std::to_string(bounds.min) + " to " + std::to_string(bounds.max);
  if (bounds.min != none.min) return ", at least " + std::to_string(bounds.min);
  if (bounds.max != none.max) return ", at most " + std::to_string(bounds.max);
  return {};
}

std::string type_text(const TypeInfo& info, const Bounds& bounds) {
  switch (info.sort) {
    case TypeInfo::Sort::text: {
      if (!info.one_of.empty()) {
        std::string all;
        for (const auto name : info.one_of) all += (all.empty() ? "" : " | ") + std::string(name);
        return all;
      }
      switch (info.format) {
        case Format::email: return "email address";
        case Format::uuid: return "id (UUID)";
        case Format::slug: return "small letters, digits, hyphens" + count_of(bounds, "characters");
        case Format::url: return "web address" + count_of(bounds, "characters");
        case Format::path_or_url: return "path or web address" + count_of(bounds, "characters");
        case Format::word:
        case Format::none: break;
      }
      return std::string(info.write_only ? "secret text" : "text") + count_of(bounds, "characters");
    }
    case TypeInfo::Sort::integer: return "whole number" + range_of(bounds);
    case TypeInfo::Sort::number: return "number" + range_of(bounds);
    case TypeInfo::Sort::boolean: return "true | false";
    case TypeInfo::Sort::instant: return "time, as 2026-11-20T08:30:00Z";
    case TypeInfo::Sort::day: return "day, as 2026-11-20";
    case TypeInfo::Sort::json: return "any JSON";
    case TypeInfo::Sort::object: return "object";
    case TypeInfo::Sort::list: return "list of " + type_text(info.item.front(), {}) + count_of(bounds, "items");
  }
  return {};
}

enum class ShapeUse { form, view };

const Shape* inner_of(const TypeInfo& info) {
  if (info.sort == TypeInfo::Sort::list) return inner_of(info.item.front());
  return info.object;
}

std::string field_list(const Shape& shape, ShapeUse use) {
  std::string out = "<ul class=\"fields\">";
  for (const auto& field : shape.fields) {
    out += "<li><p class=\"field\"><code class=\"field-name\">" + breakable(field.name) +
           "</code> <span class=\"type\">" + escape_html(type_text(field.type, field.bounds));
    if (use == ShapeUse::view && field.type.nullable) out += " or null";
    out += "</span>";
    if (use == ShapeUse::form && field.required) out += " <span class=\"required\">required</span>";
    out += "</p><p>" + prose(field.sentence) + "</p>";
    if (const auto* inner = inner_of(field.type)) out += field_list(*inner, use);
    out += "</li>";
  }
  return out + "</ul>";
}

// --- A call to copy

constexpr std::string_view sample_id = "01930a5c-7d2e-7c41-9b0f-3c8e5d1a2b4c";

std::string sample(const TypeInfo& info, const ShapeField& field);

std::string sample_object(const Shape& shape) {
  std::string out;
  // What is required; where nothing is, one field shows the form.
  bool any = std::any_of(shape.fields.begin(), shape.fields.end(), [](const auto& each) { return each.required; });
  for (const auto& field : shape.fields) {
    if (any ? !field.required : !out.empty()) continue;
    out += (out.empty() ? "" : ", ") + ("\"" + std::string(field.name) + "\": ") + sample(field.type, field);
  }
  return "{" + out + "}";
}

std::string sample(const TypeInfo& info, const ShapeField& field) {
  switch (info.sort) {
    case TypeInfo::Sort::text:
      if (!info.one_of.empty()) return "\"" + std::string(info.one_of.front()) + "\"";
      if (field.name == "currency") return "\"USD\"";
      switch (info.format) {
        case Format::email: return "\"name@example.org\"";
        case Format::uuid: return "\"" + std::string(sample_id) + "\"";
        case Format::slug: return "\"first-steps\"";
        case Format::url: return "\"https://example.org/\"";
        case Format::path_or_url: return "\"/courses\"";
        case Format::word:
        case Format::none: break;
      }
      return "\"<" + std::string(field.name) + ">\"";
    case TypeInfo::Sort::integer:
    case TypeInfo::Sort::number: return std::to_string(std::max<std::int64_t>(field.bounds.min, 1));
    case TypeInfo::Sort::boolean: return "true";
    case TypeInfo::Sort::instant: return "\"2026-11-20T08:30:00Z\"";
    case TypeInfo::Sort::day: return "\"2026-11-20\"";
    case TypeInfo::Sort::json: return "{}";
    case TypeInfo::Sort::object: return sample_object(*info.object);
    case TypeInfo::Sort::list: return "[" + sample(info.item.front(), field) + "]";
  }
  return "null";
}

std::string sample_path(const Route& route) {
  std::string out;
  for (const auto segment : split(route.path.substr(1), '/')) {
    out += '/';
    // Of a name in braces only its word is kept: $ID would need quotes of its own.
    out += segment == "{id}" ? sample_id : segment;
  }
  if (form_is_body(route) || !route.endpoint.form) return out;
  char before = '?';
  for (const auto& field : route.endpoint.form->fields) {
    if (!field.required) continue;
    auto value = sample(field.type, field);
    std::erase_if(value, [](char c) { return c == '"' || c == '[' || c == ']'; });
    out += before + std::string(field.name) + "=" + value;
    before = '&';
  }
  return out;
}

std::string curl_call(const Route& route) {
  std::string out = route.endpoint.gives == "text/event-stream" ? "curl -N " : "curl ";
  if (route.method != Method::get) out += "-X " + std::string(to_text(route.method)) + " ";
  out += "\"$SCHOOL" + sample_path(route) + "\"";
  if (route.access != Access::anyone && route.access != Access::signed_body)
    out += " \\\n  -H \"Authorization: Bearer $TOKEN\"";
  if (route.access == Access::signed_body) {
    out += " \\\n  -H 'Content-Type: application/json' \\\n  --data-binary @event.json";
  } else if (const auto file = file_of(route.endpoint); !file.empty()) {
    if (!route.endpoint.takes.empty()) out += " \\\n  -H 'Content-Type: " + std::string(file) + "'";
    out += " \\\n  --data-binary @file";
  } else if (has_body(route.method) && route.endpoint.form) {
    out += " \\\n  -H 'Content-Type: application/json' \\\n  -d '" + sample_object(*route.endpoint.form) + "'";
  }
  return out;
}

// --- Routes

std::string_view who_may(Access access) {
  switch (access) {
    case Access::anyone: return "Anyone";
    case Access::member: return "Signed in";
    case Access::instructor: return "Instructors";
    case Access::admin: return "Administrators";
    case Access::signed_body: return "Signed by the provider";
    case Access::operations: return "Operators";
  }
  return {};
}

std::string limit_text(Bucket bucket, const GuardSettings& settings) {
  const Limit* limit = nullptr;
  switch (bucket) {
    case Bucket::none: return "not limited";
    case Bucket::auth: limit = &settings.auth; break;
    case Bucket::api: limit = &settings.api; break;
    case Bucket::admin: limit = &settings.admin; break;
    case Bucket::forms: limit = &settings.forms; break;
  }
  if (!settings.limits) return "not limited";
  return std::to_string(limit->count) + " calls in " + std::to_string(limit->window.ms / 1000) + " s";
}

// Their codes are many and the same for every route: the page about errors has them by status.
std::string answers_of(const Route& route) {
  std::string out = "<dl class=\"answers\"><div><dt>" + std::to_string(route.success) + "</dt><dd>Done.</dd></div>";
  for (const int status : failures_of(route)) {
    if (status == route.success) continue;
    const auto number = std::to_string(status);
    if (status >= 400) {
      out += "<div><dt><a href=\"/docs/errors#status-" + number + "\">" + number + "</a></dt><dd>" +
             prose(meaning_of(status));
    } else {
      out += "<div><dt>" + number + "</dt><dd>" +
             (status < 300 ? "Accepted, or done otherwise." : "Elsewhere, or unchanged.");
    }
    out += "</dd></div>";
  }
  return out + "</dl>";
}

std::string route_entry(const Route& route, const GuardSettings& limits) {
  const std::string method(to_text(route.method));
  const auto& endpoint = route.endpoint;
  // The anchor is inside, so that a link to it opens the entry.
  std::string out = "<details class=\"route\"><summary><span class=\"method " + to_lower_ascii(method) + "\">" +
                    method + "</span> <span class=\"path\">" + breakable(route.path) + "</span> <span class=\"what\">" +
                    prose(route.sentence) + "</span></summary><div class=\"inside\" id=\"" +
                    std::string(route.operation) + "\">";
  out += "<p class=\"facts\"><span>" + std::string(who_may(route.access)) + "</span> <span>" +
         limit_text(route.bucket, limits) + "</span>";
  if (!route.alias.empty()) out += " <span>also at <code>" + breakable(route.alias) + "</code></span>";
  if (endpoint.paged) out += " <span>in pages</span>";
  out += "</p><h3>Call</h3><pre><code>" + escape_html(curl_call(route)) + "</code></pre>";
  if (endpoint.form && !endpoint.form->fields.empty())
    out += std::string("<h3>") + (form_is_body(route) ? "Body" : "Query") + "</h3>" +
           field_list(*endpoint.form, ShapeUse::form);
  if (endpoint.also) out += "<h3>Body, where one is sent</h3>" + field_list(*endpoint.also, ShapeUse::form);
  if (endpoint.view)
    out += std::string("<h3>Answer</h3><p class=\"shape\">") +
           (endpoint.list ? "<code>data</code> is a list; each entry holds:" : "<code>data</code> holds:") +
           (endpoint.nullable ? " (or is null)" : "") + "</p>" + field_list(*endpoint.view, ShapeUse::view);
  if (!endpoint.gives.empty())
    out += "<h3>Answer</h3><p class=\"shape\"><code>" + std::string(endpoint.gives) + "</code></p>";
  out += "<h3>Statuses</h3>" + answers_of(route) + "</div></details>";
  return out;
}

// What a probe, a monitor or the web app's first request asks stands together.
std::string chapter_of(const Route& route) {
  static constexpr std::string_view system[] = {"config",  "health", "healthz", "livez", "metrics",
                                                "openapi", "readyz", "setup",   "status"};
  const auto group = group_of(route.path);
  return std::find(std::begin(system), std::end(system), group) == std::end(system) ? std::string(group) : "system";
}

std::string titled(std::string_view group) {
  std::string out(group);
  std::replace(out.begin(), out.end(), '-', ' ');
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out == "Ai" ? "AI" : out;
}

std::string conventions(std::string_view origin) {
  const std::string at = escape_html(origin);
  return R"(<section id="basics" class="basics"><h2>Basics</h2>
<p>Every path stands below <code>)" +
         at + R"(</code>. Bodies and answers are JSON in UTF-8; names are in camelCase, times are UTC
(<code>2026-11-20T08:30:00Z</code>), and money is a whole number of the currency's smallest unit.</p>
<h3>Signing in</h3>
<p>Browsers hold a pair of cookies. Programs ask for tokens and send one along:</p>
<pre><code>SCHOOL=)" +
         at + R"(
TOKEN=$(curl -s "$SCHOOL/api/auth/login?token=1" \
  -H 'Content-Type: application/json' \
  -d '{"email": "name@example.org", "password": "&lt;password&gt;"}' |
  jq -r .data.tokens.accessToken)</code></pre>
<h3>Answers</h3>
<p>What went well is in <code>data</code>, with <code>page</code> beside it where it is a list:</p>
<pre><code>{"success": true, "data": {}, "timestamp": "2026-11-20T08:30:00Z"}</code></pre>
<p>What did not has a <a href="/docs/errors">code</a>, a sentence for people and, for forms, every field that is wrong:</p>
<pre><code>{"success": false,
 "error": {"code": "VALIDATION_ERROR", "message": "Please check the marked fields.",
           "details": [{"field": "email", "reason": "is required"}]},
 "timestamp": "2026-11-20T08:30:00Z"}</code></pre>
<p>With <code>Accept: application/problem+json</code> errors come as RFC 9457 problem details. The header
<code>X-Request-Id</code> of every answer finds it again in the school's log.</p>
<h3>Lists</h3>
<p><code>?limit=</code> takes 1 to 100, 20 if absent. While <code>page.nextCursor</code> is not null, send it as
<code>?cursor=</code> for the next page. <code>?sort=</code> orders by one of the names that the route lists, backwards
with a minus in front. <code>?fields=a,b</code> leaves out all other members.</p>
<h3>Once only</h3>
<p>Orders, refunds, new people and invitations take the header <code>Idempotency-Key</code>: within a day the same key
with the same body is answered as before and done once; with another body it is refused.</p>
<h3>Limits</h3>
<p><code>RateLimit</code> and <code>RateLimit-Policy</code> say what is left. Whoever is refused with 429 or 503 waits as
many seconds as <code>Retry-After</code> says.</p></section>)";
}

}  // namespace

Article errors_article(const ErrorCodes& codes) {
  // By status; a code with several stands under its first.
  std::map<int, std::vector<const ErrorCode*>> groups;
  for (const auto& code : codes) groups[code.statuses.empty() ? 600 : code.statuses.front()].push_back(&code);
  Article article{.title = "Errors"};
  article.body =
      "<header class=\"page-head\"><h1>Errors</h1><p class=\"lede\">An answer that is not what was asked for carries a "
      "code. The code never changes its meaning, so programs may rely on it; the message beside it is for people and "
      "may.</p></header>";
  for (const auto& [status, listed] : groups) {
    const std::string id = status == 600 ? "in-data" : "status-" + std::to_string(status);
    const std::string name = status == 600 ? "In the data of an answer" : std::to_string(status);
    article.contents += "<li><a href=\"#" + id + "\">" + name + "</a></li>";
    article.body += "<section id=\"" + id + "\"><h2>" + name + "</h2>";
    if (status != 600) article.body += "<p class=\"muted\">" + prose(meaning_of(status)) + "</p>";
    for (const auto* code : listed) {
      article.body += "<article class=\"error\" id=\"" + anchor_of(code->code) + "\"><h3><a href=\"#" +
                      anchor_of(code->code) + "\">" + breakable(code->code) + "</a>";
      if (code->statuses.size() > 1) article.body += " <span class=\"type\">" + statuses_of(*code) + "</span>";
      article.body +=
          "</h3><p>" + prose(code->meaning) + "</p><p class=\"remedy\">" + prose(code->remedy) + "</p></article>";
    }
    article.body += "</section>";
  }
  return article;
}

Article api_article(const Routes& routes, const GuardSettings& limits, std::string_view origin) {
  std::map<std::string, std::vector<const Route*>> groups;
  for (const auto& route : routes) groups[chapter_of(route)].push_back(&route);
  Article article{.title = "API"};
  article.body =
      "<header class=\"page-head\"><h1>The API</h1><p class=\"lede\">Everything the web app does, a program can do. "
      "This "
      "page and <a href=\"/api/openapi.json\">openapi.json</a> are made of the tables that the server itself works "
      "by.</p></header>" +
      conventions(origin);
  article.contents = "<li><a href=\"#basics\">Basics</a></li>";
  for (auto& [group, listed] : groups) {
    std::stable_sort(listed.begin(), listed.end(), [](const Route* a, const Route* b) { return a->path < b->path; });
    article.contents += "<li><a href=\"#group-" + group + "\">" + titled(group) + "</a></li>";
    article.body += "<section id=\"group-" + group + "\"><h2>" + titled(group) + "</h2>";
    for (const auto* route : listed) article.body += route_entry(*route, limits);
    article.body += "</section>";
  }
  return article;
}

}  // namespace tuition::http

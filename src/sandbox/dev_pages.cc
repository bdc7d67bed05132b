#include "sandbox/dev_pages.h"

#include "platform/base/fields_json.h"
#include "platform/base/text.h"
#include "platform/http/json.h"
#include "platform/http/problem.h"
#include "sandbox/html.h"

namespace tuition::sandbox {
namespace {

constexpr std::string_view style_path = "/dev/style.css";

// A mail's HTML runs nothing and loads nothing; its links may open new pages.
constexpr const char* mail_policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
constexpr const char* framing_policy =
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

http::Reply dev_page(int status, std::string_view title, const std::string& body, const char* policy = framing_policy) {
  return page(status, title,
              "<main><p><a href=\"/dev\">Development</a></p><h1>" + escape_html(title) + "</h1>" + body + "</main>",
              style_path, policy);
}

bool wants_json(const http::Request& request) {
  return contains_ignoring_case(request.header("accept"), "application/json");
}

// A form or a JSON object, as names and texts.
std::string value_in(const http::Request& request, std::string_view name) {
  if (contains_ignoring_case(request.header("content-type"), "json")) {
    const auto node = parse_json(request.body);
    const JsonNode* found = node ? node->find(name) : nullptr;
    if (!found) return {};
    if (found->sort == JsonNode::Sort::integer) return std::to_string(found->integer);
    return found->text;
  }
  for (const auto pair : split(request.body, '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || percent_decode(pair.substr(0, equals), Plus::space) != std::string(name))
      continue;
    return percent_decode(pair.substr(equals + 1), Plus::space).value_or("");
  }
  return {};
}

void append_member(std::string& out, std::string_view name, std::string_view value, char before) {
  out += before;
  append_json_text(out, name);
  out += ':';
  append_json_text(out, value);
}

std::string letter_json(const Letter& letter) {
  std::string out;
  append_member(out, "id", letter.id, '{');
  append_member(out, "from", letter.from, ',');
  append_member(out, "to", letter.to, ',');
  append_member(out, "subject", letter.subject, ',');
  append_member(out, "text", letter.text, ',');
  append_member(out, "html", letter.html, ',');
  append_member(out, "receivedAt", to_text(letter.received), ',');
  return out + "}";
}

// Text with its web addresses made clickable.
std::string with_links(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    auto begin = std::min(text.find("http://", at), text.find("https://", at));
    if (begin == std::string_view::npos) begin = text.size();
    out += escape_html(text.substr(at, begin - at));
    auto end = text.find_first_of(" \t\r\n<>\"", begin);
    if (end == std::string_view::npos) end = text.size();
    if (begin < end) {
      const std::string url = escape_html(text.substr(begin, end - begin));
      out += "<a href=\"" + url + "\">" + url + "</a>";
    }
    at = end;
  }
  return out;
}

// To a page for people, or the answer for scripts.
http::Reply done(const http::Request& request, const std::string& json) {
  return wants_json(request) || contains_ignoring_case(request.header("content-type"), "json")
             ? http::raw_json(200, json)
             : http::redirect("/dev");
}

http::Reply front_page(const Sandbox& sandbox, const std::vector<DemoAccount>& accounts, const Clock& clock) {
  std::string body = "<p>Everything the school talks to is played here: payments, mail and time.</p><h2>Accounts</h2>";
  body +=
      "<table><thead><tr><th scope=\"col\">Role</th><th scope=\"col\">Email</th><th "
      "scope=\"col\">Password</th></tr></thead><tbody>";
  for (const auto& each : accounts)
    body += "<tr><td>" + escape_html(each.role) + "</td><td>" + escape_html(each.email) + "</td><td><code>" +
            escape_html(each.password) + "</code></td></tr>";
  body +=
      "</tbody></table><h2>Where things are</h2><ul><li><a href=\"/\">The school</a></li>"
      "<li><a href=\"/dev/outbox\">Mail it has sent</a></li><li><a href=\"/dev/events\">Payment notices</a></li>"
      "<li>Pretend Stripe: <code>" +
      escape_html(sandbox.stripe_url()) + "</code></li><li>Mail server: <code>" + escape_html(sandbox.smtp_url()) +
      "</code></li></ul>";
  body += "<h2>Time</h2><p>It is " + to_text(clock.now()) +
          " here. Time only moves forward.</p>"
          "<form method=\"post\" action=\"/dev/clock\">"
          "<button class=\"small\" name=\"advance\" value=\"PT1H\">One hour on</button>"
          "<button class=\"small\" name=\"advance\" value=\"P1D\">One day on</button>"
          "<button class=\"small\" name=\"advance\" value=\"P7D\">One week on</button>"
          "<button class=\"small\" name=\"advance\" value=\"P31D\">31 days on</button></form>";
  body +=
      "<h2>Sample school</h2><form method=\"post\" action=\"/dev/seed\">"
      "<button class=\"small\">Add what is missing of its people, plans and courses</button></form>";
  body +=
      "<h2>Payments</h2><form method=\"post\" action=\"/dev/deliver\">"
      "<button class=\"small\">Deliver waiting notices now</button></form>"
      "<form method=\"post\" action=\"/dev/mischief\">"
      "<button class=\"small\" name=\"renewals\" value=\"fail\">Decline cards at renewal</button>"
      "<button class=\"small\" name=\"renewals\" value=\"pay\">Take cards at renewal</button>"
      "<button class=\"small\" name=\"fault\" value=\"fail\">Next call to Stripe fails</button>"
      "<button class=\"small\" name=\"fault\" value=\"drop\">Next answer is lost</button></form>";
  return dev_page(200, "Development", body);
}

http::Reply outbox(const http::Request& request, Sandbox& sandbox) {
  const auto letters = sandbox.mailbox().list();
  if (wants_json(request)) {
    std::string out = "[";
    for (const Letter& each : letters) out += (out.size() > 1 ? "," : "") + letter_json(each);
    return http::raw_json(200, out + "]");
  }
  if (letters.empty()) return dev_page(200, "Outbox", "<p>No mail has been sent yet.</p>");
  std::string body =
      "<table><thead><tr><th scope=\"col\">Subject</th><th scope=\"col\">To</th><th "
      "scope=\"col\">When</th></tr></thead><tbody>";
  for (const Letter& each : letters)
    body += "<tr><td><a href=\"/dev/outbox/" + each.id + "\">" +
            escape_html(each.subject.empty() ? "(no subject)" : each.subject) + "</a></td><td>" + escape_html(each.to) +
            "</td><td>" + to_text(each.received) + "</td></tr>";
  return dev_page(200, "Outbox", body + "</tbody></table>");
}

http::Reply show_letter(const http::Request& request, Sandbox& sandbox) {
  const auto letter = sandbox.mailbox().get(std::string(request.param("id")));
  if (!letter) return http::problem(not_found("There is no such mail."), request);
  if (wants_json(request)) return http::raw_json(200, letter_json(*letter));
  std::string body = "<table><tbody><tr><th scope=\"row\">From</th><td>" + escape_html(letter->from) +
                     "</td></tr><tr><th scope=\"row\">To</th><td>" + escape_html(letter->to) +
                     "</td></tr><tr><th scope=\"row\">When</th><td>" + to_text(letter->received) +
                     "</td></tr></tbody></table><h2>Text</h2><div class=\"card\"><pre>" + with_links(letter->text) +
                     "</pre></div>";
  if (!letter->html.empty())
    body +=
        "<h2>HTML</h2><iframe title=\"The mail as HTML\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" "
        "src=\"/dev/outbox/" +
        letter->id + "/html\"></iframe>";
  return dev_page(200, letter->subject.empty() ? "(no subject)" : letter->subject, body);
}

http::Reply letter_html(const http::Request& request, Sandbox& sandbox) {
  const auto letter = sandbox.mailbox().get(std::string(request.param("id")));
  if (!letter || letter->html.empty()) return http::problem(not_found("There is no such mail."), request);
  http::Reply reply = http::html(200, letter->html);
  reply.with("Content-Security-Policy", mail_policy).with("Cache-Control", "no-store");
  return reply;
}

http::Reply events(const http::Request& request, Sandbox& sandbox) {
  const auto recent = sandbox.deliveries().recent();
  std::string json = "[";
  std::string rows;
  for (const Delivery& each : recent) {
    const std::string state = each.delivered ? "delivered" : each.given_up ? "given up" : "waiting";
    json += json.size() > 1 ? "," : "";
    append_member(json, "id", each.event_id, '{');
    append_member(json, "type", each.type, ',');
    append_member(json, "state", state, ',');
    json += ",\"attempts\":" + std::to_string(each.attempts) + ",\"status\":" + std::to_string(each.status) + "}";
    rows += "<tr><td>" + escape_html(each.type) + "</td><td>" + state + "</td><td>" + std::to_string(each.attempts) +
            "</td><td>" + (each.status == 0 ? std::string("none") : std::to_string(each.status)) + "</td></tr>";
  }
  if (wants_json(request)) return http::raw_json(200, json + "]");
  if (rows.empty()) return dev_page(200, "Payment notices", "<p>None yet.</p>");
  return dev_page(
      200, "Payment notices",
      "<table><thead><tr><th scope=\"col\">Notice</th><th scope=\"col\">State</th><th scope=\"col\">Tries</th>"
      "<th scope=\"col\">Answer</th></tr></thead><tbody>" +
          rows + "</tbody></table>");
}

http::Reply move_clock(const http::Request& request, Sandbox& sandbox, const Clock& clock) {
  const auto by = parse_duration(value_in(request, "advance"));
  if (!by || by->ms < 0 || *by > days(3660))
    return http::problem(invalid_field("advance", "must be a duration such as P1D, or seconds, up to ten years"),
                         request);
  sandbox.advance(*by);
  std::string json;
  append_member(json, "now", to_text(clock.now()), '{');
  return done(request, json + "}");
}

http::Reply plan_mischief(const http::Request& request, Sandbox& sandbox) {
  const std::string renewals = value_in(request, "renewals");
  const std::string fault = value_in(request, "fault");
  if (!renewals.empty() && renewals != "fail" && renewals != "pay")
    return http::problem(invalid_field("renewals", "must be fail or pay"), request);
  const auto known = fault_named(fault);
  if (!fault.empty() && !known)
    return http::problem(invalid_field("fault", "must be fail, limit, locked, html, garbage, drop or hang"), request);
  const std::string times = value_in(request, "times");
  const auto count = times.empty() ? std::optional<std::int64_t>(1) : parse_integer(times);
  if (!count || *count < 1 || *count > 1000)
    return http::problem(invalid_field("times", "must be between 1 and 1000"), request);
  if (!renewals.empty()) sandbox.decline_renewals(renewals == "fail");
  std::string path = value_in(request, "path");
  if (known) sandbox.mischief().plan(*known, path.empty() ? "/v1/" : std::move(path), static_cast<int>(*count));
  return done(request, "{}");
}

http::Reply seed_school(const http::Request& request, const Seed& seed) {
  const auto made = seed();
  if (!made) return http::problem(made.error(), request);
  std::string json = "{\"made\":[";
  std::string rows;
  for (const Seeded& each : *made) {
    if (!rows.empty()) json += ',';
    append_member(json, "kind", each.kind, '{');
    append_member(json, "name", each.name, ',');
    json += '}';
    rows += "<tr><td>" + escape_html(each.kind) + "</td><td>" + escape_html(each.name) + "</td></tr>";
  }
  if (wants_json(request) || contains_ignoring_case(request.header("content-type"), "json"))
    return http::raw_json(200, json + "]}");
  if (rows.empty()) return dev_page(200, "Sample school", "<p>Nothing was missing.</p>");
  return dev_page(200, "Sample school",
                  "<p>This was added.</p><table><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Name</th></tr>"
                  "</thead><tbody>" +
                      rows + "</tbody></table>");
}

http::Route row(http::Method method, std::string_view path, std::string_view operation, std::string_view sentence,
                std::function<http::Reply(const http::Request&)> act) {
  return {.method = method,
          .path = path,
          .operation = operation,
          .access = http::Access::anyone,
          .bucket = http::Bucket::none,
          .sentence = sentence,
          .endpoint = http::raw(std::move(act))};
}

}  // namespace

http::Routes dev_pages(Sandbox& sandbox, const std::vector<DemoAccount>& accounts, const Clock& clock, Seed seed) {
  using http::Method;
  using Request = http::Request;
  return {
      row(Method::get, "/dev", "showDev", "Development: what runs where, the demo accounts, the clock.",
          [&](const Request&) { return front_page(sandbox, accounts, clock); }),
      row(Method::get, "/dev/style.css", "showDevStyle", "Development: the pages' style.",
          [](const Request&) { return stylesheet(); }),
      row(Method::get, "/dev/outbox", "listOutbox", "Development: mails that were sent, newest first.",
          [&](const Request& request) { return outbox(request, sandbox); }),
      row(Method::get, "/dev/outbox/{id}", "showOutboxMail", "Development: one mail.",
          [&](const Request& request) { return show_letter(request, sandbox); }),
      row(Method::get, "/dev/outbox/{id}/html", "showOutboxMailHtml", "Development: one mail's HTML.",
          [&](const Request& request) { return letter_html(request, sandbox); }),
      row(Method::get, "/dev/events", "listDevEvents", "Development: the pretend Stripe's notices and how they fared.",
          [&](const Request& request) { return events(request, sandbox); }),
      row(Method::post, "/dev/clock", "advanceClock", "Development: moves the clock on.",
          [&](const Request& request) { return move_clock(request, sandbox, clock); }),
      row(Method::post, "/dev/deliver", "deliverNotices", "Development: delivers waiting notices now.",
          [&](const Request& request) {
            sandbox.deliveries().release();
            sandbox.payments().release();
            return done(request, "{}");
          }),
      row(Method::post, "/dev/mischief", "planMischief", "Development: lets the next calls or renewals go wrong.",
          [&](const Request& request) { return plan_mischief(request, sandbox); }),
      row(Method::post, "/dev/seed", "seedSchool", "Development: adds what is missing of the sample school.",
          [seed = std::move(seed)](const Request& request) { return seed_school(request, seed); }),
  };
}

}  // namespace tuition::sandbox

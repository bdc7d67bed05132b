#include "sandbox/dev_pages.h"

#include <algorithm>

#include "platform/base/fields_json.h"
#include "platform/base/last_moments.h"
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

// To the second, for people: 2026-11-20 08:30:00.
std::string moment(Instant at) {
  const std::string text = to_text(at);
  return "<time datetime=\"" + text + "\">" + text.substr(0, 10) + " " + text.substr(11, 8) + "</time>";
}

bool wants_json(const http::Request& request) {
  return contains_ignoring_case(request.header("accept"), "application/json");
}

// Of a form or a JSON object, as text.
std::optional<std::string> value_in(const http::Request& request, std::string_view name) {
  if (contains_ignoring_case(request.header("content-type"), "json")) {
    const auto node = parse_json(request.body);
    const JsonNode* found = node ? node->find(name) : nullptr;
    if (!found) return std::nullopt;
    if (found->sort == JsonNode::Sort::integer) return std::to_string(found->integer);
    return found->text;
  }
  for (const auto pair : split(request.body, '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || percent_decode(pair.substr(0, equals), Plus::space) != std::string(name))
      continue;
    return percent_decode(pair.substr(equals + 1), Plus::space).value_or("");
  }
  return std::nullopt;
}
std::string text_in(const http::Request& request, std::string_view name) {
  return value_in(request, name).value_or("");
}

void append_member(std::string& out, std::string_view name, std::string_view value, char before) {
  out += before;
  append_json_text(out, name);
  out += ':';
  append_json_text(out, value);
}

std::string coordinates_json(const Sandbox& sandbox) {
  const auto at = sandbox.coordinates();
  std::string out;
  append_member(out, "stripeUrl", at.stripe_url, '{');
  append_member(out, "stripeKey", at.stripe_key, ',');
  append_member(out, "webhookSecret", at.webhook_secret, ',');
  append_member(out, "stripeNotices", at.stripe_notices, ',');
  append_member(out, "paystackKey", at.paystack_key, ',');
  append_member(out, "paystackNotices", at.paystack_notices, ',');
  append_member(out, "smtpUrl", at.smtp_url, ',');
  return out + "}";
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

std::string accounts_table(const std::vector<DemoAccount>& accounts) {
  std::string body =
      "<h2>Accounts</h2>"
      "<table><thead><tr><th scope=\"col\">Role</th><th scope=\"col\">Email</th><th "
      "scope=\"col\">Password</th></tr></thead><tbody>";
  for (const auto& each : accounts)
    body += "<tr><td>" + escape_html(each.role) + "</td><td>" + escape_html(each.email) + "</td><td><code>" +
            escape_html(each.password) + "</code></td></tr>";
  return body + "</tbody></table>";
}

std::string code_item(std::string_view what, const std::string& value) {
  return "<li>" + std::string(what) + ": <code>" + escape_html(value) + "</code></li>";
}

std::string address_input(std::string_view name, std::string_view label, const std::string& value) {
  return "<label for=\"" + std::string(name) + "\">" + std::string(label) + "</label><input type=\"url\" id=\"" +
         std::string(name) + "\" name=\"" + std::string(name) + "\" value=\"" + escape_html(value) + "\">";
}

http::Reply front_page(const Sandbox& sandbox, const std::vector<DemoAccount>& accounts, const Clock& clock,
                       bool alone) {
  const auto at = sandbox.coordinates();
  std::string body = "<p>Everything the " + std::string(alone ? "program" : "school") +
                     " talks to is played here: payments, mail and time.</p>";
  if (!alone) body += accounts_table(accounts);
  body += "<h2>Where things are</h2><ul>";
  if (!alone) body += "<li><a href=\"/\">The school</a></li>";
  body +=
      "<li><a href=\"/dev/outbox\">Mail it has sent</a></li><li><a href=\"/dev/events\">Payment notices</a></li>"
      "<li><a href=\"/dev/requests\">Calls to the providers</a></li>"
      "<li><a href=\"/dev/payments\">Payments, and doubts about them</a></li>" +
      code_item(alone || at.paystack_key.empty() ? "Pretend Stripe" : "Pretend Stripe and Paystack", at.stripe_url) +
      code_item("Mail server", at.smtp_url);
  if (alone)
    body += code_item("Stripe's secret key", at.stripe_key) + code_item("Its webhook secret", at.webhook_secret) +
            code_item("Pretend Paystack", at.stripe_url) + code_item("Paystack's secret key", at.paystack_key);
  body += "</ul>";
  if (alone)
    body += "<h2>Where notices go</h2><form method=\"post\" action=\"/dev/webhooks\">" +
            address_input("stripe", "Stripe's", at.stripe_notices) +
            address_input("paystack", "Paystack's", at.paystack_notices) +
            "<button class=\"small\">Send them there</button></form>";
  body += "<h2>Time</h2><p>It is " + moment(clock.now()) +
          " UTC here. Time only moves forward.</p>"
          "<form method=\"post\" action=\"/dev/clock\">"
          "<button class=\"small\" name=\"advance\" value=\"PT1H\">One hour on</button>"
          "<button class=\"small\" name=\"advance\" value=\"P1D\">One day on</button>"
          "<button class=\"small\" name=\"advance\" value=\"P7D\">One week on</button>"
          "<button class=\"small\" name=\"advance\" value=\"P31D\">31 days on</button></form>";
  if (!alone)
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
  return page(200, "Development", "<main><h1>Development</h1>" + body + "</main>", style_path, framing_policy);
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
            "</td><td>" + moment(each.received) + "</td></tr>";
  return dev_page(200, "Outbox", body + "</tbody></table>");
}

http::Reply show_letter(const http::Request& request, Sandbox& sandbox) {
  const auto letter = sandbox.mailbox().get(std::string(request.param("id")));
  if (!letter) return http::problem(not_found("There is no such mail."), request);
  if (wants_json(request)) return http::raw_json(200, letter_json(*letter));
  std::string body = "<table><tbody><tr><th scope=\"row\">From</th><td>" + escape_html(letter->from) +
                     "</td></tr><tr><th scope=\"row\">To</th><td>" + escape_html(letter->to) +
                     "</td></tr><tr><th scope=\"row\">When</th><td>" + moment(letter->received) +
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
    rows += "<tr><td>" + escape_html(each.type) + "</td><td>" + state + "</td><td data-label=\"Tries\">" +
            std::to_string(each.attempts) + "</td><td data-label=\"Answer\">" +
            (each.status == 0 ? std::string("none") : std::to_string(each.status)) + "</td></tr>";
  }
  if (wants_json(request)) return http::raw_json(200, json + "]");
  if (rows.empty()) return dev_page(200, "Payment notices", "<p>None yet.</p>");
  return dev_page(
      200, "Payment notices",
      "<table><thead><tr><th scope=\"col\">Notice</th><th scope=\"col\">State</th><th scope=\"col\">Tries</th>"
      "<th scope=\"col\">Answer</th></tr></thead><tbody>" +
          rows + "</tbody></table>");
}

// The newest first for people; for programs as they came, after the number that `after` gives.
http::Reply requests(const http::Request& request, Sandbox& sandbox) {
  const auto after = parse_integer(request.query_value("after").value_or("0")).value_or(0);
  const auto calls = sandbox.calls().since(after);
  if (wants_json(request)) {
    std::string json = "[";
    for (const Call& each : calls) {
      json += json.size() > 1 ? "," : "";
      append_member(json, "provider", each.provider, '{');
      append_member(json, "method", each.method, ',');
      append_member(json, "path", each.path, ',');
      append_member(json, "contentType", each.content_type, ',');
      append_member(json, "body", each.body, ',');
      json += ",\"number\":" + std::to_string(each.number) + ",\"query\":[";
      for (const auto& [name, value] : each.query) {
        json += json.back() == '[' ? "[" : ",[";
        append_json_text(json, name);
        json += ',';
        append_json_text(json, value);
        json += ']';
      }
      json += "]}";
    }
    return http::raw_json(200, json + "]");
  }
  std::string rows;
  for (auto each = calls.rbegin(); each != calls.rend(); ++each)
    rows += "<tr><td>" + moment(each->at) + "</td><td>" + escape_html(each->provider) + "</td><td>" +
            escape_html(each->method) + " " + escape_html(each->path) + "</td></tr>";
  if (rows.empty()) return dev_page(200, "Calls to the providers", "<p>None yet.</p>");
  return dev_page(200, "Calls to the providers",
                  "<table><thead><tr><th scope=\"col\">When</th><th scope=\"col\">Whom</th><th "
                  "scope=\"col\">What</th></tr></thead><tbody>" +
                      rows + "</tbody></table>");
}

std::string dispute_form(const std::string& payment, bool open) {
  const auto press = [](std::string_view outcome, std::string_view words) {
    return "<button class=\"small\" name=\"outcome\" value=\"" + std::string(outcome) + "\">" + std::string(words) +
           "</button>";
  };
  return "<form method=\"post\" action=\"/dev/dispute\"><input type=\"hidden\" name=\"payment\" value=\"" +
         escape_html(payment) + "\">" +
         (open ? press("won", "Decide for the school") + press("lost", "Decide for the buyer")
               : press("open", "Let the buyer's bank doubt it")) +
         "</form>";
}

http::Reply payments(const http::Request& request, Sandbox& sandbox) {
  std::string json = "[";
  std::string rows;
  for (const Paid& each : sandbox.paid()) {
    json += json.size() > 1 ? "," : "";
    append_member(json, "provider", each.provider, '{');
    append_member(json, "id", each.id, ',');
    append_member(json, "currency", each.currency, ',');
    append_member(json, "dispute", each.dispute, ',');
    json += ",\"amount\":" + std::to_string(each.amount) + "}";
    const bool open = !each.dispute.empty() && each.dispute != "won" && each.dispute != "lost" &&
                      each.dispute != "warning_closed" && each.dispute != "resolved";
    rows += "<tr><td>" + escape_html(each.provider) + "</td><td>" + price_text(each.amount, each.currency) +
            "</td><td>" + escape_html(each.dispute) + dispute_form(each.id, open) + "</td></tr>";
  }
  if (wants_json(request)) return http::raw_json(200, json + "]");
  if (rows.empty()) return dev_page(200, "Payments", "<p>None yet.</p>");
  return dev_page(200, "Payments",
                  "<table><thead><tr><th scope=\"col\">At</th><th scope=\"col\">Amount</th><th "
                  "scope=\"col\">Dispute</th></tr></thead><tbody>" +
                      rows + "</tbody></table>");
}

http::Reply dispute_payment(const http::Request& request, Sandbox& sandbox) {
  const auto payment = text_in(request, "payment");
  if (payment.empty()) return http::problem(invalid_field("payment", "is required"), request);
  if (const auto doubted = sandbox.dispute(payment, text_in(request, "outcome")); !doubted) {
    const auto& culprit =
        doubted.error().fields.empty() ? std::string("payment") : doubted.error().fields.front().field;
    return http::problem(invalid_field(culprit, doubted.error().safe), request);
  }
  return done(request, "{}");
}

http::Reply move_clock(const http::Request& request, Sandbox& sandbox, const Clock& clock) {
  const auto by = parse_duration(text_in(request, "advance"));
  if (!by || by->ms < 0 || *by > days(3660))
    return http::problem(invalid_field("advance", "must be a duration such as P1D, or seconds, up to ten years"),
                         request);
  sandbox.advance(*by);
  std::string json;
  append_member(json, "now", to_text(clock.now()), '{');
  return done(request, json + "}");
}

http::Reply plan_mischief(const http::Request& request, Sandbox& sandbox) {
  const std::string renewals = text_in(request, "renewals");
  const std::string fault = text_in(request, "fault");
  if (!renewals.empty() && renewals != "fail" && renewals != "pay")
    return http::problem(invalid_field("renewals", "must be fail or pay"), request);
  const auto known = fault_named(fault);
  if (!fault.empty() && !known)
    return http::problem(invalid_field("fault", "must be fail, limit, locked, html, garbage, drop or hang"), request);
  const std::string times = text_in(request, "times");
  const auto count = times.empty() ? std::optional<std::int64_t>(1) : parse_integer(times);
  if (!count || *count < 1 || *count > 1000)
    return http::problem(invalid_field("times", "must be between 1 and 1000"), request);
  if (auto place = value_in(request, "lost")) lose_at(*std::move(place));
  if (!renewals.empty()) sandbox.decline_renewals(renewals == "fail");
  std::string path = text_in(request, "path");
  if (known) sandbox.mischief().plan(*known, path.empty() ? "/v1/" : std::move(path), static_cast<int>(*count));
  return done(request, "{}");
}

// Of the settings that name addresses only what is given changes; an empty text is nowhere.
http::Reply point_notices(const http::Request& request, Sandbox& sandbox) {
  const auto parameters = {std::pair{"stripe", &Sandbox::deliver_webhooks_to},
                           std::pair{"paystack", &Sandbox::deliver_payments_to}};
  for (const auto& [name, set] : parameters) {
    const auto url = value_in(request, name);
    if (url && !url->empty() && !url->starts_with("http://") && !url->starts_with("https://"))
      return http::problem(invalid_field(name, "must be an address that begins with http:// or https://"), request);
  }
  for (const auto& [name, set] : parameters)
    if (auto url = value_in(request, name)) (sandbox.*set)(*std::move(url));
  return done(request, coordinates_json(sandbox));
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

// Names that such a form does not have, as anywhere in the API; nothing where all is well.
Result<void> refuse_others(const http::Request& request, const std::vector<std::string_view>& known) {
  std::vector<std::string> given;
  if (contains_ignoring_case(request.header("content-type"), "json")) {
    if (!request.body.empty()) {
      const auto node = TRY(parse_json(request.body));
      if (node.sort != JsonNode::Sort::object) return invalid_field("body", "must be an object");
      for (const auto& [name, value] : node.members) given.push_back(name);
    }
  } else {
    for (const auto pair : split(request.body, '&'))
      if (!pair.empty()) given.push_back(percent_decode(pair.substr(0, pair.find('=')), Plus::space).value_or(""));
  }
  for (const auto& name : given)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return invalid_field(name.substr(0, 60), "is not a field we know");
  return {};
}

// A row whose form has these names and no others.
http::Route act_row(std::string_view path, std::string_view operation, std::string_view sentence,
                    std::vector<std::string_view> names, std::function<http::Reply(const http::Request&)> act) {
  return page_row(http::Method::post, path, operation, sentence,
                  [names = std::move(names), act = std::move(act)](const http::Request& request) {
                    const auto fit = refuse_others(request, names);
                    return fit ? act(request) : http::problem(fit.error(), request);
                  });
}

}  // namespace

http::Routes dev_pages(Sandbox& sandbox, const std::vector<DemoAccount>& accounts, const Clock& clock, Seed seed) {
  using http::Method;
  using Request = http::Request;
  const bool alone = seed == nullptr;
  http::Routes routes{
      page_row(Method::get, "/dev", "showDev", "Development: what runs where, the demo accounts, the clock.",
               [&, alone](const Request& request) {
                 return alone && wants_json(request) ? http::raw_json(200, coordinates_json(sandbox))
                                                     : front_page(sandbox, accounts, clock, alone);
               }),
      page_row(Method::get, "/dev/style.css", "showDevStyle", "Development: the pages' style.",
               [](const Request&) { return stylesheet(); }),
      page_row(Method::get, "/dev/outbox", "listOutbox", "Development: mails that were sent, newest first.",
               [&](const Request& request) { return outbox(request, sandbox); }),
      page_row(Method::get, "/dev/outbox/{id}", "showOutboxMail", "Development: one mail.",
               [&](const Request& request) { return show_letter(request, sandbox); }),
      page_row(Method::get, "/dev/outbox/{id}/html", "showOutboxMailHtml", "Development: one mail's HTML.",
               [&](const Request& request) { return letter_html(request, sandbox); }),
      page_row(Method::get, "/dev/events", "listDevEvents",
               "Development: the pretend Stripe's notices and how they fared.",
               [&](const Request& request) { return events(request, sandbox); }),
      page_row(Method::get, "/dev/requests", "listDevRequests", "Development: what the pretend providers were asked.",
               [&](const Request& request) { return requests(request, sandbox); }),
      page_row(Method::get, "/dev/payments", "listDevPayments", "Development: what has been paid, and doubts about it.",
               [&](const Request& request) { return payments(request, sandbox); }),
      act_row("/dev/dispute", "disputePayment",
              "Development: a buyer's bank doubts a payment (open, inquiry), or has decided (won, lost).",
              {"payment", "outcome"}, [&](const Request& request) { return dispute_payment(request, sandbox); }),
      act_row("/dev/clock", "advanceClock", "Development: moves the clock on.", {"advance"},
              [&](const Request& request) { return move_clock(request, sandbox, clock); }),
      act_row("/dev/deliver", "deliverNotices", "Development: delivers waiting notices now.", {},
              [&](const Request& request) {
                sandbox.deliveries().release();
                sandbox.payments().release();
                return done(request, "{}");
              }),
      act_row("/dev/mischief", "planMischief", "Development: lets the next calls or renewals go wrong.",
              {"renewals", "fault", "times", "path", "lost"},
              [&](const Request& request) { return plan_mischief(request, sandbox); }),
  };
  if (alone) {
    routes.push_back(page_row(Method::get, "/", "showSandbox", "Leads to the sandbox's pages.",
                              [](const Request&) { return http::redirect("/dev"); }));
    routes.push_back(act_row("/dev/webhooks", "pointNotices", "Development: says where notices go.",
                             {"stripe", "paystack"},
                             [&](const Request& request) { return point_notices(request, sandbox); }));
  } else {
    routes.push_back(act_row("/dev/seed", "seedSchool", "Development: adds what is missing of the sample school.", {},
                             [seed = std::move(seed)](const Request& request) { return seed_school(request, seed); }));
  }
  return routes;
}

}  // namespace tuition::sandbox

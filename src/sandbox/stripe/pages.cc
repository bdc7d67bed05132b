#include "sandbox/stripe/pages.h"

#include "platform/base/text.h"
#include "platform/http/json.h"
#include "sandbox/html.h"
#include "sandbox/stripe/billing.h"
#include "sandbox/stripe/checkout.h"
#include "sandbox/stripe/disputes.h"
#include "sandbox/stripe/params.h"

namespace tuition::sandbox::stripe {
namespace {

constexpr std::string_view style_path = "/style.css";
constexpr std::string_view school_style_path = "/dev/style.css";
constexpr std::string_view banner = "<header>Pretend payments: no card is asked for and no money moves.</header>";
constexpr Duration late = seconds(5);

// Which session a page is about: where it stands, and where the page's style does.
struct Place {
  std::function<Json*(Account&)> session;
  std::string_view style = style_path;
};

http::Reply notice(int status, std::string_view heading, std::string_view body, std::string_view style = style_path) {
  return page(status, heading,
              std::string(banner) + "<main class=\"narrow\"><div class=\"card\"><h1>" + escape_html(heading) + "</h1>" +
                  std::string(body) + "</div></main>",
              style);
}

std::string link(const std::string& url, std::string_view words) {
  return "<p><a href=\"" + escape_html(url) + "\">" + escape_html(words) + "</a></p>";
}

std::string button(std::string_view outcome, std::string_view words, bool main = false) {
  return "<button name=\"outcome\" value=\"" + std::string(outcome) + "\"" + (main ? " class=\"main\"" : "") + ">" +
         std::string(words) + "</button>";
}

http::Reply checkout_page(const Json& session, const Json& lines, std::int64_t trial_days, std::string_view style) {
  std::string what;
  std::string rhythm;
  for (const Json& line : lines) {
    what += (what.empty() ? "" : ", ") + escape_html(text_at(line, "description"));
    if (line["price"]["recurring"].is_object()) {
      const Json& recurring = line["price"]["recurring"];
      const std::int64_t count = integer_at(recurring, "interval_count");
      rhythm = " every " + (count > 1 ? std::to_string(count) + " " : std::string()) + text_at(recurring, "interval") +
               (count > 1 ? "s" : "");
    }
  }
  const std::int64_t first = lines.empty() ? 0 : integer_at(lines[0], "amount_total");
  std::string body = std::string(banner) + "<main class=\"narrow\"><h1>" + what + "</h1><div class=\"card\">";
  body +=
      "<p class=\"amount\">" + price_text(integer_at(session, "amount_total"), text_at(session, "currency")) + "</p>";
  if (const std::int64_t off = integer_at(session["total_details"], "amount_discount"); off > 0)
    body += "<p class=\"dim\">" + price_text(off, text_at(session, "currency")) + " off with a coupon.</p>";
  if (trial_days > 0)
    body += "<p class=\"dim\">Free for " + std::to_string(trial_days) + " days, then " +
            price_text(first, text_at(session, "currency")) + rhythm + ".</p>";
  else if (!rhythm.empty())
    body += "<p class=\"dim\">Charged" + rhythm + " until cancelled.</p>";
  body += "<form method=\"post\">" + button("pay", "Pay", true) + button("fail", "Pay with a card that is declined") +
          button("cancel", "Cancel and go back") +
          "<fieldset><legend>Pay, but the school hears of it in an unusual way</legend>" +
          button("delay", "Pay, the notice comes late") + button("twice", "Pay, every notice comes twice") +
          button("disorder", "Pay, notices come out of order") + button("lost", "Pay, no notice comes") +
          "</fieldset><fieldset><legend>Pay, and regret it</legend>" +
          button("dispute", "Pay, then the bank doubts it") + "</fieldset></form></div></main>";
  return page(200, "Checkout", body, style);
}

http::Reply show_checkout(Shop& shop, const Place& place) {
  return shop.with({}, [&](Account& account) {
    const Json* session = place.session(account);
    if (!session)
      return notice(404, "There is no such checkout", "<p>The link may be of another school.</p>", place.style);
    if ((*session)["status"] == "complete")
      return notice(200, "This is paid already", link(success_url_of(*session), "Back to the school"), place.style);
    if ((*session)["status"] == "expired")
      return notice(200, "This checkout has expired", "<p>Please start again from the school's page.</p>", place.style);
    const Json& memory = *account.find("memory", text_at(*session, "id"));
    return checkout_page(*session, memory["lines"], integer_at(memory, "trial_days"), place.style);
  });
}

http::Reply act_on_checkout(Shop& shop, const Place& place, const std::string& outcome) {
  Manner manner;
  if (outcome == "delay") manner.delay = late;
  manner.twice = outcome == "twice";
  manner.shuffled = outcome == "disorder";
  manner.lost = outcome == "lost";
  const bool doubted = outcome == "dispute";
  const bool pays = outcome == "pay" || outcome == "delay" || manner.twice || manner.shuffled || manner.lost || doubted;
  if (!pays && outcome != "fail" && outcome != "cancel")
    return notice(400, "Choose one of the buttons", "<p>The form's field <code>outcome</code> says how it goes.</p>",
                  place.style);
  std::string to;
  shop.with(manner, [&](Account& account) {
    Json* session = place.session(account);
    if (!session || (*session)["status"] != "open") return 0;
    if (outcome == "cancel") {
      to = text_at(*session, "cancel_url");
    } else if (outcome == "fail") {
      // The buyer gives up after the refusal; the page stays open for another try.
      decline(account, *session);
      to = text_at(*session, "cancel_url");
    } else {
      pay(account, *session);
      to = success_url_of(*session);
      // In a trial nothing has been paid that could be doubted.
      if (doubted)
        static_cast<void>(open_dispute(
            account, text_at(*session, (*session)["mode"] == "subscription" ? "invoice" : "payment_intent"),
            Doubt::chargeback));
    }
    return 0;
  });
  return to.empty() ? show_checkout(shop, place) : http::redirect(to);
}

http::Reply show_portal(Shop& shop, const std::string& id) {
  return shop.with({}, [&](Account& account) {
    const Json* portal = account.find("billing_portal.session", id);
    if (!portal) return notice(404, "There is no such page", "<p>Links to billing are short-lived.</p>");
    std::string body;
    for (const auto& each : account.ids("subscription")) {
      const Json& subscription = *account.find("subscription", each);
      if (subscription["customer"] != (*portal)["customer"] || subscription["status"] == "canceled") continue;
      const Json& item = subscription["items"]["data"][0];
      const Json* product = account.find("product", text_at(item["price"], "product"));
      const bool ends = subscription["cancel_at_period_end"] == true;
      body +=
          "<h2>" + escape_html(product ? text_at(*product, "name") : "Subscription") + "</h2><p>" +
          price_text(integer_at(item["price"], "unit_amount"), text_at(item["price"], "currency")) + ", " +
          escape_html(text_at(subscription, "status")) + (ends ? ", ends " : ", renews ") +
          to_text(day_of(Instant{integer_at(item, "current_period_end") * 1000})) +
          "</p><form method=\"post\"><input type=\"hidden\" name=\"subscription\" value=\"" + each + "\">" +
          (ends ? button("resume", "Keep the subscription", true) : button("end", "Cancel at the end of the period")) +
          "</form>";
    }
    if (body.empty()) body = "<p>There is no subscription.</p>";
    if (const std::string back = text_at(*portal, "return_url"); !back.empty())
      body += link(back, "Back to the school");
    return notice(200, "Your billing", body);
  });
}

http::Reply act_on_portal(Shop& shop, const std::string& id, const Json& form) {
  shop.with({}, [&](Account& account) {
    const Json* portal = account.find("billing_portal.session", id);
    const std::string wanted = text_at(form, "subscription");
    const Json* subscription = account.find("subscription", wanted);
    if (portal && subscription && (*subscription)["customer"] == (*portal)["customer"])
      return update_subscription(account, wanted,
                                 Json{{"cancel_at_period_end", text_at(form, "outcome") == "end" ? "true" : "false"},
                                      {"metadata", Json::object()}})
          .ok();
    return false;
  });
  return http::redirect("/p/session/" + id);
}

http::Reply show_invoice(Shop& shop, const std::string& id) {
  return shop.with({}, [&](Account& account) {
    const Json* invoice = account.find("invoice", "in_" + id);
    if (!invoice) return notice(404, "There is no such invoice", "");
    std::string rows;
    for (const Json& line : (*invoice)["lines"]["data"])
      rows += "<tr><td>" + escape_html(text_at(line, "description")) + "</td><td>" +
              price_text(integer_at(line, "amount"), text_at(line, "currency")) + "</td></tr>";
    return notice(200, "Invoice " + text_at(*invoice, "number"),
                  "<table><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Amount</th></tr></thead><tbody>" +
                      rows + "</tbody></table><p>" + escape_html(text_at(*invoice, "status")) + ", " +
                      price_text(integer_at(*invoice, "amount_paid"), text_at(*invoice, "currency")) + " paid</p>");
  });
}

http::Reply show_receipt(Shop& shop, const std::string& id) {
  return shop.with({}, [&](Account& account) {
    const Json* charge = account.find("charge", id);
    if (!charge) return notice(404, "There is no such receipt", "");
    const Json* doubted = dispute_of(account, id);
    std::string body = "<p class=\"amount\">" +
                       price_text(integer_at(*charge, "amount"), text_at(*charge, "currency")) + "</p><p>" +
                       escape_html(text_at(*charge, "status")) + "</p>";
    if (doubted) body += "<p>Disputed: " + escape_html(text_at(*doubted, "status")) + ".</p>";
    if ((*charge)["paid"] == true)
      body += "<form method=\"post\"><fieldset><legend>The buyer's bank</legend>" +
              (doubted && waits_for_verdict(*doubted)
                   ? button("won", "Decide for the school") + button("lost", "Decide for the buyer")
                   : button("open", "Doubt the payment") + button("inquiry", "Ask about the payment")) +
              "</fieldset></form>";
    return notice(200, "Receipt", body);
  });
}

http::Reply act_on_receipt(Shop& shop, const std::string& id, const std::string& outcome) {
  if (const auto done = dispute(shop, id, outcome); !done)
    return notice(400, "That cannot be",
                  "<p>" + escape_html(done.error().safe) + "</p>" + link("/receipt/" + id, "Back"));
  return http::redirect("/receipt/" + id);
}

Place by_session(const http::Request& request) {
  return {[id = std::string(request.param("id"))](Account& account) { return account.find("checkout.session", id); }};
}

// The newest session that was opened for this checkout of the school's.
Place by_reference(const http::Request& request) {
  return {[id = std::string(request.param("id"))](Account& account) -> Json* {
            const auto& ids = account.ids("checkout.session");
            for (auto each = ids.rbegin(); each != ids.rend(); ++each)
              if (Json* session = account.find("checkout.session", *each);
                  text_at(*session, "client_reference_id") == id)
                return session;
            return nullptr;
          },
          school_style_path};
}

Json form_of(const http::Request& request) {
  auto form = read_form(request.body);
  return form ? std::move(form).value() : Json::object();
}

}  // namespace

Result<void> dispute(Shop& shop, const std::string& payment, const std::string& outcome) {
  return shop.with({}, [&](Account& account) -> Result<void> {
    if (outcome == "open" || outcome == "inquiry") {
      TRY(open_dispute(account, payment, outcome == "open" ? Doubt::chargeback : Doubt::inquiry));
    } else if (outcome == "won" || outcome == "lost") {
      TRY(decide_dispute(account, payment, outcome == "won" ? Verdict::won : Verdict::lost));
    } else {
      return refusal(Kind::invalid, "", "The outcome is open, inquiry, won or lost.", "outcome");
    }
    return {};
  });
}

http::Routes pages(Shop& shop) {
  using http::Method;
  using Request = http::Request;
  const auto id = [](const Request& request) { return std::string(request.param("id")); };
  return {
      page_row(Method::get, "/c/pay/{id}", "showCheckout", "The hosted payment page.",
               [&shop](const Request& request) { return show_checkout(shop, by_session(request)); }),
      page_row(Method::post, "/c/pay/{id}", "actOnCheckout", "What the buyer does there.",
               [&shop](const Request& request) {
                 return act_on_checkout(shop, by_session(request), text_at(form_of(request), "outcome"));
               }),
      page_row(Method::get, "/p/session/{id}", "showPortal", "The billing portal.",
               [&shop, id](const Request& request) { return show_portal(shop, id(request)); }),
      page_row(Method::post, "/p/session/{id}", "actOnPortal", "What the customer does there.",
               [&shop, id](const Request& request) { return act_on_portal(shop, id(request), form_of(request)); }),
      page_row(Method::get, "/invoice/{id}", "showInvoice", "An invoice.",
               [&shop, id](const Request& request) { return show_invoice(shop, id(request)); }),
      page_row(Method::get, "/receipt/{id}", "showReceipt", "A receipt.",
               [&shop, id](const Request& request) { return show_receipt(shop, id(request)); }),
      page_row(Method::post, "/receipt/{id}", "actOnReceipt", "What the buyer's bank does about it.",
               [&shop, id](const Request& request) {
                 return act_on_receipt(shop, id(request), text_at(form_of(request), "outcome"));
               }),
      page_row(Method::get, style_path, "style", "The pages' style.", [](const Request&) { return stylesheet(); }),
  };
}

http::Routes school_pages(Shop& shop) {
  using http::Method;
  using Request = http::Request;
  return {
      page_row(Method::get, "/dev/pay/{id}", "showDevCheckout", "Development: the payment page of a checkout.",
               [&shop](const Request& request) { return show_checkout(shop, by_reference(request)); }),
      page_row(Method::post, "/dev/pay/{id}", "actOnDevCheckout", "Development: what the buyer does there.",
               [&shop](const Request& request) {
                 return act_on_checkout(shop, by_reference(request), text_at(form_of(request), "outcome"));
               }),
  };
}

}  // namespace tuition::sandbox::stripe

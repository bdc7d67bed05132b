#include "billing/invoices/invoice_page.h"

#include <string>
#include <string_view>

#include "billing/offers/tax.h"
#include "platform/base/text.h"

namespace tuition::billing {
namespace {

// In whatever script it is written: its own direction, and no language that would choose the shapes of its letters.
constexpr std::string_view any_script = " lang=\"\" dir=\"auto\"";

std::string in(std::string_view element, std::string_view text) {
  return "<" + std::string(element) + std::string(any_script) + ">" + escape_html(text) + "</" + std::string(element) +
         ">";
}
std::string date_of(Instant at) { return to_text(day_of(at)); }
std::string fact(std::string_view name, std::string_view value) {
  return "<div><dt>" + std::string(name) + "</dt><dd>" + escape_html(value) + "</dd></div>\n";
}

std::string_view words_of(InvoiceStatus status) {
  switch (status) {
    case InvoiceStatus::draft: return "Draft";
    case InvoiceStatus::open: return "To be paid";
    case InvoiceStatus::paid: return "Paid";
    case InvoiceStatus::voided: return "Void";
    case InvoiceStatus::uncollectible: return "Not paid";
    case InvoiceStatus::partially_refunded: return "Partly sent back";
    case InvoiceStatus::refunded: return "Sent back";
  }
  return {};
}

std::string seller_block(const InvoiceView& invoice) {
  std::string html = "<section>\n<h2>From</h2>\n<address>";
  html += in("strong", invoice.seller->name);
  for (const auto& line : invoice.seller->address) html += "<br>\n" + in("span", line);
  html += "</address>\n";
  if (invoice.seller->tax_id) html += "<p>Tax number: " + in("span", *invoice.seller->tax_id) + "</p>\n";
  return html + "</section>\n";
}

std::string buyer_block(const InvoiceView& invoice) {
  std::string html = "<section>\n<h2>To</h2>\n";
  if (!invoice.buyer) return html + "<p>This account was removed.</p>\n</section>\n";
  const auto& buyer = *invoice.buyer;
  html += "<address>" + in("strong", buyer.name.value_or(""));
  if (buyer.address) {
    const auto& at = *buyer.address;
    for (const auto* line : {&at.line1, &at.line2, &at.postal_code, &at.city, &at.region, &at.country})
      if (*line) html += "<br>\n" + in("span", **line);
  }
  html += "</address>\n";
  if (buyer.tax_id) html += "<p>Tax number: " + in("span", *buyer.tax_id) + "</p>\n";
  return html + "</section>\n";
}

// A row of sums; the total stands out.
std::string sum(std::string_view look, std::string_view name, const std::string& amount) {
  return "<tr" + std::string(look) + "><th scope=\"row\" colspan=\"2\">" + escape_html(name) + "</th><td>" +
         escape_html(amount) + "</td></tr>\n";
}

std::string lines_block(const InvoiceView& invoice) {
  const auto money = [&](std::int64_t minor) { return to_text(Money{minor, invoice.currency}); };
  std::string html =
      "<table>\n<caption>What it is for</caption>\n<thead><tr><th scope=\"col\">Item</th><th scope=\"col\">Quantity"
      "</th><th scope=\"col\">Amount</th></tr></thead>\n<tbody>\n";
  for (const auto& line : invoice.lines) {
    html += "<tr><td>" + in("span", line.description);
    if (line.period_start && line.period_end)
      html += "<br>\n<small>" + date_of(*line.period_start) + " to " + date_of(*line.period_end) + "</small>";
    html += "</td><td>" + std::to_string(line.quantity) + "</td><td>" + escape_html(money(line.amount_minor)) +
            "</td></tr>\n";
  }
  html += "</tbody>\n<tfoot>\n";
  if (invoice.discount_minor != 0 || invoice.subtotal_minor != invoice.total_minor)
    html += sum("", "Before discount and tax", money(invoice.subtotal_minor));
  if (invoice.discount_minor != 0) html += sum("", "Discount", money(-invoice.discount_minor));
  for (const auto& tax : invoice.taxes)
    html += sum("",
                tax.name + " " + tax.country + ", " + percent_of(tax.basis_points) + " % of " +
                    money(tax.taxable_minor) + (tax.inclusive ? " (contained)" : ""),
                money(tax.tax_minor));
  if (invoice.taxes.empty() && invoice.tax_minor != 0) html += sum("", "Tax", money(invoice.tax_minor));
  html += sum(" class=\"total\"", "Total", money(invoice.total_minor));
  html += sum("", "Paid", money(invoice.paid_minor));
  return html + "</tfoot>\n</table>\n";
}

std::string notes_block(const InvoiceView& invoice) {
  if (invoice.credit_notes.empty()) return {};
  const auto money = [&](std::int64_t minor) { return escape_html(to_text(Money{minor, invoice.currency})); };
  std::string html =
      "<table>\n<caption>Credit notes</caption>\n<thead><tr><th scope=\"col\">Number</th><th scope=\"col\">Date</th>"
      "<th scope=\"col\">Tax in it</th><th scope=\"col\">Sent back</th></tr></thead>\n<tbody>\n";
  for (const auto& note : invoice.credit_notes) {
    html += "<tr><td>" + escape_html(note.number);
    if (note.withdrawn_at) html += "<br>\n<small>Withdrawn on " + date_of(*note.withdrawn_at) + "</small>";
    html += "</td><td>" + date_of(note.issued_at) + "</td><td>" + money(note.tax_minor) + "</td><td>" +
            money(note.amount_minor) + "</td></tr>\n";
  }
  return html + "</tbody>\n</table>\n";
}

}  // namespace

http::Reply invoice_page(const InvoiceView& invoice) {
  const auto title = invoice.number ? "Invoice " + *invoice.number : std::string("Invoice");
  std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>";
  html += escape_html(title);
  html +=
      "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"/favicon.svg\">\n"
      "<link rel=\"stylesheet\" href=\"/invoice.css\">\n</head>\n<body>\n"
      "<nav class=\"hint\" aria-label=\"About this page\"><p>Print this page, or choose &ldquo;Save as PDF&rdquo; "
      "where you print. <a href=\"/app/account/subscription\">Back to your invoices</a></p></nav>\n"
      "<main class=\"sheet\">\n<h1>";
  html += escape_html(title) + "</h1>\n<dl>\n";
  html += fact("Issued", date_of(invoice.issued_at.value_or(invoice.created_at)));
  if (invoice.paid_at) html += fact("Paid", date_of(*invoice.paid_at));
  html += fact("Status", words_of(invoice.status));
  html += "</dl>\n<div class=\"parties\">\n" + seller_block(invoice) + buyer_block(invoice) + "</div>\n";
  html += lines_block(invoice) + notes_block(invoice) + "</main>\n</body>\n</html>\n";
  auto reply = http::html(200, std::move(html));
  reply
      .with("Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; "
            "frame-ancestors 'none'")
      .with("Cache-Control", "no-store");
  return reply;
}

}  // namespace tuition::billing

#include "learning/certificates/certificate_page.h"

#include "learning/certificates/certificate_rules.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

http::Reply page(int status, std::string_view title, std::string_view body_class, std::string_view body) {
  std::string text = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>";
  text += escape_html(title);
  text +=
      "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"/favicon.svg\">\n"
      "<link rel=\"stylesheet\" href=\"/certificate.css\">\n</head>\n<body class=\"";
  text += body_class;
  text += "\">\n";
  text += body;
  text += "</body>\n</html>\n";
  auto reply = http::html(status, std::move(text));
  reply
      .with("Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; "
            "frame-ancestors 'none'")
      .with("Cache-Control", "no-store");
  return reply;
}

// In whatever script it is written: its own direction, and no language that would choose the shapes of its letters.
constexpr std::string_view as_written = " lang=\"\" dir=\"auto\"";

std::string row(std::string_view name, std::string_view value) {
  return "<div><dt>" + std::string(name) + "</dt><dd>" + escape_html(value) + "</dd></div>\n";
}
std::string named_row(std::string_view name, std::string_view value) {
  return "<div><dt>" + std::string(name) + "</dt><dd" + std::string(as_written) + ">" + escape_html(value) +
         "</dd></div>\n";
}
std::string paragraph(std::string_view look, std::string_view text) {
  return "<p class=\"" + std::string(look) + "\"" + std::string(as_written) + ">" + escape_html(text) + "</p>\n";
}

std::string_view heading_of(CertificateStatus status) {
  switch (status) {
    case CertificateStatus::valid: return "This certificate is valid";
    case CertificateStatus::expired: return "This certificate has expired";
    case CertificateStatus::revoked: return "This certificate was taken back";
  }
  return {};
}

std::string sentence_of(const VerificationView& about) {
  switch (about.status) {
    case CertificateStatus::valid:
      return about.expires_at ? "It holds until " + written_date(*about.expires_at) + "." : "It does not expire.";
    case CertificateStatus::expired: return "It was genuine, and held until " + written_date(*about.expires_at) + ".";
    case CertificateStatus::revoked:
      return "The school took it back on " + written_date(*about.revoked_at) + ". It proves nothing any more.";
  }
  return {};
}

}  // namespace

http::Reply document_page(const Certificate& certificate, CertificateStatus status, std::string_view verify_url) {
  std::string body =
      "<nav class=\"hint\" aria-label=\"About this page\"><p>Print this page, or choose &ldquo;Save as PDF&rdquo; "
      "where you print. "
      "<a href=\"/app/certificates\">Back to your certificates</a></p></nav>\n<main class=\"sheet\">\n";
  if (status != CertificateStatus::valid)
    body +=
        "<p class=\"stamp\">" + std::string(status == CertificateStatus::revoked ? "Taken back" : "Expired") + "</p>\n";
  body += paragraph("school", certificate.school);
  body += "<h1>Certificate of completion</h1>\n<p class=\"small\">This certifies that</p>\n";
  body += paragraph("name", certificate.name_on);
  body += "<p class=\"small\">has completed the course</p>\n";
  body += paragraph("course", certificate.course_title) + "<dl>\n";
  body += row("Issued", written_date(certificate.issued_at));
  if (certificate.expires_at) body += row("Holds until", written_date(*certificate.expires_at));
  body += row("Number", certificate.serial);
  body += "</dl>\n<footer>\n<p>Check it at <a href=\"" + escape_html(verify_url) + "\">" + escape_html(verify_url) +
          "</a></p>\n<p class=\"signature\">Signed with Ed25519, key " + escape_html(certificate.key_id) + ": " +
          escape_html(certificate.signature) + "</p>\n</footer>\n</main>\n";
  return page(200, "Certificate: " + certificate.course_title, "document", body);
}

http::Reply verification_page(const VerificationView& about, std::string_view base_url) {
  std::string body = "<main class=\"check " + std::string(name_of(about.status)) + "\">\n" +
                     paragraph("school", about.school) + "<h1>" + std::string(heading_of(about.status)) + "</h1>\n<p>" +
                     sentence_of(about) + "</p>\n";
  if (!about.signature_valid)
    body +=
        "<p class=\"warning\">Its signature was not made with the school's present key. Ask the school before you rely "
        "on it.</p>\n";
  body += "<dl>\n" + named_row("Name", about.name) + named_row("Course", about.course_title) +
          row("Issued", written_date(about.issued_at)) + row("Number", about.serial) + "</dl>\n";
  body +=
      "<details>\n<summary>Check the signature yourself</summary>\n<p>The bytes below, each line ended by one line "
      "feed, are signed with Ed25519. The school's public key is at <a href=\"/api/certificates/key\">" +
      escape_html(base_url) + "/api/certificates/key</a>.</p>\n<pre>" + escape_html(about.statement) +
      "</pre>\n<p>Signature, base64url, by key " + escape_html(about.key_id) + ":</p>\n<pre>" +
      escape_html(about.signature) + "</pre>\n</details>\n</main>\n";
  return page(200, heading_of(about.status), "public", body);
}

http::Reply no_such_certificate_page(std::string_view school) {
  return page(404, "No such certificate", "public",
              "<main class=\"check unknown\">\n" + paragraph("school", school) +
                  "<h1>There is no such certificate</h1>\n<p>No certificate of this school has that number. "
                  "Compare it with the one you were given: it has sixteen letters and digits in groups of "
                  "four.</p>\n</main>\n");
}

}  // namespace tuition::learning

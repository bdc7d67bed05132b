#include "learning/certificates/certificates.h"

#include <array>

#include "accounts/figures.h"
#include "audit/audit.h"
#include "learning/certificates/certificate_page.h"
#include "learning/certificates/certificate_rules.h"
#include "learning/certificates/store_certificates.h"
#include "learning/learning.h"
#include "learning/roster/teaching.h"
#include "learning/store.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

Error no_such_certificate() { return not_found("There is no such certificate."); }

CertificateStatus status_of(const Certificate& certificate, Instant now) {
  if (certificate.revoked_at) return CertificateStatus::revoked;
  return is_expired(certificate, now) ? CertificateStatus::expired : CertificateStatus::valid;
}

std::string verify_url(const Learning& door, const std::string& serial) {
  return door.outreach.options.base_url + "/certificates/verify/" + serial;
}

CertificateView view_of(const Learning& door, const Certificate& c) {
  return {c.serial,
          c.course,
          c.course_title,
          c.name_on,
          c.issued_at,
          c.expires_at,
          status_of(c, door.clock.now()),
          "/api/certificates/" + c.serial + "/document",
          verify_url(door, c.serial)};
}

VerificationView verification_of(const Learning& door, const Certificate& c) {
  auto statement = statement_of(c);
  const auto signature = from_base64url(c.signature).value_or("");
  const bool ours = crypto::is_signed(statement, signature, door.signer.public_key());
  return {
      c.serial,     status_of(c, door.clock.now()), c.name_on,   c.course_title, c.school, c.issued_at, c.expires_at,
      c.revoked_at, std::move(statement),           c.signature, c.key_id,       ours};
}

// What is left to do, by name.
std::optional<Error> missing_of(const catalogue::Course& course, const DoneMap& done) {
  Error error = conflict("COURSE_NOT_COMPLETED", "This course is not finished yet.");
  for (std::size_t i = 0; i < course.lessons.size(); ++i)
    if (!done.has(i)) error.fields.push_back({"lessons." + course.lessons[i].id.text(), course.lessons[i].title});
  if (course.lessons.empty()) return error;
  if (error.fields.empty()) return std::nullopt;
  return error;
}

Result<std::string> name_on(const CertificateForm& form, const accounts::Person& person) {
  if (form.name) return *form.name;
  if (!trim(person.full_name).empty()) return std::string(trim(person.full_name));
  return invalid_field("name", "is required: your profile has no name to put on the certificate");
}

Certificate made(Learning& door, const UserId& user, const catalogue::Course& course, std::string name) {
  const auto now = door.clock.now();
  std::array<std::uint8_t, 10> random{};
  door.entropy.fill(random);
  Certificate c;
  c.id = new_id<CertificateTag>(door.clock, door.entropy);
  c.serial = serial_of({reinterpret_cast<const char*>(random.data()), random.size()});
  c.user = user;
  c.course = course.id;
  c.school = door.outreach.options.site_name;
  c.course_title = course.title;
  c.name_on = std::move(name);
  c.issued_at = now;
  if (const auto months = course.terms.certificate_months) c.expires_at = add_months(now, static_cast<int>(*months));
  c.key_id = door.signer.key_id();
  c.signature = to_base64url(door.signer.sign(statement_of(c)));
  return c;
}

std::optional<Certificate> find(Learning& door, const std::string& serial) {
  const auto read = read_serial(serial);
  if (!read) return std::nullopt;
  return door.db.read([&](ReadTx& tx) { return store::certificate_by_serial(tx, *read); });
}

void note(WriteTx& tx, Learning& door, const Caller& caller, const Certificate& certificate, std::string action,
          std::string description) {
  audit::record(tx, {.at = door.clock.now(),
                     .actor = caller,
                     .action = std::move(action),
                     .target_type = "certificate",
                     .target_id = certificate.serial,
                     .description = std::move(description)});
}

}  // namespace

Result<CertificateView> issue_certificate(Learning& door, const Caller& caller, const std::string& id_or_slug,
                                          const CertificateForm& form) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* course = shelf->course(id_or_slug);
  if (!course) return not_found("There is no such course.");
  return door.db.write([&](WriteTx& tx) -> Result<CertificateView> {
    if (const auto there = store::certificate_of(tx, caller.user, course->id)) return view_of(door, *there);
    if (!course->terms.certificate) return conflict("NO_CERTIFICATE", "This course gives no certificate.");
    const auto enrollment = store::enrollment(tx, caller.user, course->id);
    // Who has finished it once keeps that, whatever was added since.
    const bool finished = enrollment && enrollment->completed_at.has_value();
    if (!finished)
      if (auto missing = missing_of(*course, store::done_map(tx, caller.user, *course, enrollment)))
        return std::move(*missing);
    const auto person = accounts::person(tx, caller.user);
    if (!person) return not_found("There is no such person.");
    const auto certificate = made(door, caller.user, *course, TRY(name_on(form, *person)));
    store::insert_certificate(tx, certificate);
    note(tx, door, caller, certificate, "learning.certificate_issued",
         "Issued a certificate for the course " + course->title + ".");
    outreach::enqueue(tx, door.outreach, {.email = person->email, .user = person->id},
                      outreach::CertificateIssued{
                          .name = person->full_name, .course_title = course->title, .serial = certificate.serial});
    return view_of(door, certificate);
  });
}

std::vector<CertificateView> list_certificates(Learning& door, const Caller& caller) {
  std::vector<CertificateView> views;
  for (const auto& each : door.db.read([&](ReadTx& tx) { return store::certificates_of(tx, caller.user); }))
    views.push_back(view_of(door, each));
  return views;
}

Result<http::Reply> certificate_document(Learning& door, const Caller& caller, const std::string& serial) {
  const auto certificate = find(door, serial);
  if (!certificate || !caller.is(certificate->user)) return no_such_certificate();
  return document_page(*certificate, status_of(*certificate, door.clock.now()), verify_url(door, certificate->serial));
}

Result<VerificationView> verify_certificate(Learning& door, const std::string& serial) {
  const auto certificate = find(door, serial);
  if (!certificate) return no_such_certificate();
  return verification_of(door, *certificate);
}

http::Reply verification_page(Learning& door, const std::string& serial) {
  const auto certificate = find(door, serial);
  if (!certificate) return no_such_certificate_page(door.outreach.options.site_name);
  return verification_page(verification_of(door, *certificate), door.outreach.options.base_url);
}

CertificateKeyView certificate_key(const Learning& door) {
  // What stands before the key in a SubjectPublicKeyInfo (RFC 8410).
  constexpr std::string_view before("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  const auto& key = door.signer.public_key();
  return {.key_id = door.signer.key_id(),
          .public_key = to_base64url(key),
          .public_key_pem =
              "-----BEGIN PUBLIC KEY-----\n" + to_base64(std::string(before) + key) + "\n-----END PUBLIC KEY-----\n"};
}

Result<VerificationView> revoke_certificate(Learning& door, const Caller& caller, const std::string& serial,
                                            const RevocationForm& form) {
  const auto read = read_serial(serial);
  if (!read) return no_such_certificate();
  return door.db.write([&](WriteTx& tx) -> Result<VerificationView> {
    auto certificate = store::certificate_by_serial(tx, *read);
    if (!certificate) return no_such_certificate();
    const auto terms = catalogue::course_terms(tx, certificate->course);
    if (!terms || !teaches(caller, *terms)) return no_such_certificate();
    const auto now = door.clock.now();
    if (store::revoke_certificate(tx, caller, certificate->id, form.reason, now)) {
      certificate->revoked_at = now;
      note(tx, door, caller, *certificate, "learning.certificate_revoked", "Took back a certificate: " + form.reason);
      if (const auto person = accounts::person(tx, certificate->user))
        outreach::enqueue(tx, door.outreach, {.email = person->email, .user = person->id},
                          outreach::CertificateRevoked{.name = person->full_name,
                                                       .course_title = certificate->course_title,
                                                       .serial = certificate->serial,
                                                       .reason = form.reason});
    }
    return verification_of(door, *certificate);
  });
}

}  // namespace tuition::learning

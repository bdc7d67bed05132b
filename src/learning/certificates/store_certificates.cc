#include "learning/certificates/store_certificates.h"

namespace tuition::learning::store {

std::optional<Certificate> certificate_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course) {
  return tx.one<Certificate>(
      "SELECT id, serial, user_id, course_id, school, course_title, name_on, issued_at, expires_at, key_id, signature, "
      "revoked_at FROM certificates WHERE user_id = ?1 AND course_id = ?2",
      user, course);
}

std::vector<Certificate> certificates_of(ReadTx& tx, const UserId& user) {
  return tx.many<Certificate>(
      "SELECT id, serial, user_id, course_id, school, course_title, name_on, issued_at, expires_at, key_id, signature, "
      "revoked_at FROM certificates WHERE user_id = ?1 ORDER BY issued_at DESC, id",
      user);
}

std::optional<Certificate> certificate_by_serial(ReadTx& tx, const std::string& serial) {
  return tx.one<Certificate>(
      "SELECT id, serial, user_id, course_id, school, course_title, name_on, issued_at, expires_at, key_id, signature, "
      "revoked_at FROM certificates WHERE serial = ?1",
      serial);
}

void insert_certificate(WriteTx& tx, const Certificate& c) {
  tx.execute(
      "INSERT INTO certificates (id, serial, user_id, course_id, school, course_title, name_on, issued_at, expires_at, "
      "key_id, signature, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'valid')",
      c.id, c.serial, c.user, c.course, c.school, c.course_title, c.name_on, c.issued_at, c.expires_at, c.key_id,
      c.signature);
}

bool revoke_certificate(WriteTx& tx, const Caller& caller, const CertificateId& id, const std::string& reason,
                        Instant now) {
  return tx.execute(
             "UPDATE certificates SET status = 'revoked', revoked_at = ?2, revoked_by = ?3, revoked_reason = ?4 "
             "WHERE id = ?1 AND status = 'valid'",
             id, now, caller.user, reason) > 0;
}

void forget_certificates(WriteTx& tx, const UserId& user) {
  tx.execute("UPDATE certificates SET revoked_by = NULL WHERE revoked_by = ?1", user);
  tx.execute("DELETE FROM certificates WHERE user_id = ?1", user);
}

}  // namespace tuition::learning::store

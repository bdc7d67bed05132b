#include "outreach/store.h"

namespace tuition::outreach::store {

void add(WriteTx& tx, const NewMail& mail) {
  tx.execute(
      "INSERT INTO email_messages (id, to_email, user_id, template_key, fields_json, status, message_id, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?6, ?7)",
      mail.id, mail.to.email, mail.to.user, mail.kind, mail.fields_json, mail.message_id, mail.created_at);
}

std::optional<Mail> find(ReadTx& tx, const MailId& id) {
  return tx.one<Mail>(
      "SELECT to_email, template_key, fields_json, status, message_id, created_at FROM email_messages WHERE id = ?1",
      id);
}

bool exists_since(ReadTx& tx, std::string_view kind, std::string_view email, Instant since) {
  return tx
      .one<std::int64_t>(
          "SELECT 1 FROM email_messages WHERE to_email = ?1 AND template_key = ?2 AND created_at >= ?3 LIMIT 1", email,
          kind, since)
      .has_value();
}

void mark_sent(WriteTx& tx, const MailId& id, const std::string& subject, Instant at) {
  tx.execute(
      "UPDATE email_messages SET status = 'sent', subject = ?2, sent_at = ?3, attempts = attempts + 1, error = NULL, "
      "fields_json = '{}' WHERE id = ?1",
      id, subject, at);
}

void mark_refused(WriteTx& tx, const MailId& id, MailStatus status, const std::string& error) {
  tx.execute(
      "UPDATE email_messages SET status = ?2, attempts = attempts + 1, error = ?3, "
      "fields_json = CASE ?2 WHEN 'failed' THEN '{}' ELSE fields_json END WHERE id = ?1",
      id, status, error);
}

void mark_waiting(WriteTx& tx, const MailId& id, const std::string& error) {
  tx.execute("UPDATE email_messages SET error = ?2 WHERE id = ?1 AND (error IS NULL OR error <> ?2)", id, error);
}

void forget_person(WriteTx& tx, const UserId& user, std::string_view email) {
  tx.execute(
      "UPDATE email_messages SET to_email = '', user_id = NULL, fields_json = '{}', subject = NULL, "
      "status = CASE status WHEN 'queued' THEN 'failed' ELSE status END, "
      "error = CASE status WHEN 'queued' THEN 'the account was removed' ELSE error END "
      "WHERE user_id = ?1 OR to_email = ?2",
      user, email);
}

}  // namespace tuition::outreach::store

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "outreach/types.h"
#include "platform/storage/database.h"

namespace tuition::outreach::store {

struct NewMail {
  MailId id{};
  Recipient to{};
  std::string kind{};
  std::string fields_json{};
  std::string message_id{};
  Instant created_at{};
};

struct Mail {
  std::string to{};
  std::string kind{};
  std::string fields_json{};
  MailStatus status = MailStatus::queued;
  std::string message_id{};
  Instant created_at{};
};

void add(WriteTx& tx, const NewMail& mail);
std::optional<Mail> find(ReadTx& tx, const MailId& id);
bool exists_since(ReadTx& tx, std::string_view kind, std::string_view email, Instant since);
void mark_sent(WriteTx& tx, const MailId& id, const std::string& subject, Instant at);
// Another try follows, unless `status` is failed: then what was to be said is forgotten.
void mark_refused(WriteTx& tx, const MailId& id, MailStatus status, const std::string& error);
// It could not even be tried.
void mark_waiting(WriteTx& tx, const MailId& id, const std::string& error);

void forget_person(WriteTx& tx, const UserId& user, std::string_view email);

}  // namespace tuition::outreach::store

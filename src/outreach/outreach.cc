#include "outreach/outreach.h"

#include "outreach/delivery.h"
#include "outreach/store.h"

namespace tuition::outreach {

OutreachOptions Letterhead::on(OutreachOptions options) const {
  const std::lock_guard lock(mutex_);
  if (changed_) {
    options.from = changed_->from;
    options.reply_to = changed_->reply_to;
  }
  return options;
}

void Letterhead::change(std::string from, std::string reply_to) {
  const std::lock_guard lock(mutex_);
  changed_ = Changed{std::move(from), std::move(reply_to)};
}

MailId enqueue_fields(WriteTx& tx, Outreach& outreach, const Recipient& to, const MessageKind& kind,
                      std::string fields_json) {
  const auto id = new_id<MailTag>(outreach.clock, outreach.entropy);
  store::add(tx, {.id = id,
                  .to = to,
                  .kind = std::string(kind.name),
                  .fields_json = std::move(fields_json),
                  .message_id = id.text() + "@" + outreach.letterhead.on(outreach.options).mail_domain(),
                  .created_at = outreach.clock.now()});
  outreach.queue.push(tx, {.kind = std::string(send_job), .payload_json = to_json(SendMail{id})});
  return id;
}

bool said_since(ReadTx& tx, const MessageKind& kind, std::string_view email, Instant since) {
  return store::exists_since(tx, kind.name, email, since);
}

void forget_person(WriteTx& tx, const UserId& user, std::string_view email) { store::forget_person(tx, user, email); }

}  // namespace tuition::outreach

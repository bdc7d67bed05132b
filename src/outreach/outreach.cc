#include "outreach/outreach.h"

#include "outreach/delivery.h"
#include "outreach/store.h"
#include "platform/base/text.h"

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

std::string sealed_fields(Outreach& outreach, const MailId& id, std::string fields_json) {
  const auto sealed = outreach.seal.seal(Secret(std::move(fields_json)), "mail:" + id.text(), outreach.entropy);
  return '"' + to_base64(sealed) + '"';
}

Result<JsonNode> opened_fields(const Outreach& outreach, const MailId& id, std::string_view stored) {
  auto node = TRY(parse_json(stored));
  if (node.sort != JsonNode::Sort::text) return node;
  const auto sealed = from_base64(node.text);
  const auto plain = TRY(outreach.seal.open(sealed.value_or(""), "mail:" + id.text()));
  return parse_json(plain.reveal());
}

MailId enqueue_fields(WriteTx& tx, Outreach& outreach, const Recipient& to, const MessageKind& kind,
                      std::string fields_json) {
  const auto id = new_id<MailTag>(outreach.clock, outreach.entropy);
  store::add(tx, {.id = id,
                  .to = to,
                  .kind = std::string(kind.name),
                  .fields_json = sealed_fields(outreach, id, std::move(fields_json)),
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

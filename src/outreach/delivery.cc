#include "outreach/delivery.h"

#include "outreach/outreach.h"
#include "outreach/store.h"

namespace tuition::outreach {
namespace {

const Listed* find_kind(std::string_view name) {
  static const auto all = catalogue();
  for (const auto& each : all)
    if (each.kind->name == name) return &each;
  return nullptr;
}

std::string reason_of(const Error& error) { return error.detail.empty() ? error.safe : error.detail; }

jobs::Outcome refused(Outreach& outreach, const MailId& id, MailStatus status, const std::string& reason) {
  outreach.db.write([&](WriteTx& tx) { store::mark_refused(tx, id, status, reason); });
  return status == MailStatus::failed ? jobs::Outcome::dead(reason) : jobs::Outcome::later(reason);
}

}  // namespace

jobs::Outcome deliver(Outreach& outreach, const jobs::Job& job) {
  const auto payload = decode_json<SendMail>(job.payload_json, Unknown::ignored);
  if (!payload) return jobs::Outcome::dead("the payload cannot be read");
  const MailId& id = payload->id;

  const auto row = outreach.db.read([&](ReadTx& tx) { return store::find(tx, id); });
  if (!row) return jobs::Outcome::dead("the message is gone");
  if (row->status == MailStatus::sent) return jobs::Outcome::done();
  if (row->to.empty()) return jobs::Outcome::done();  // forgotten

  const auto* kind = find_kind(row->kind);
  const auto fields = parse_json(row->fields_json);
  if (!kind || !fields) return refused(outreach, id, MailStatus::failed, "no such kind of message");

  const auto& options = outreach.options;
  const auto words = outreach.templates.render(row->kind, *kind->fields, *fields, options.site_name, options.base_url);
  const auto sent = outreach.mailer.send({.from = options.sender(),
                                          .to = row->to,
                                          .reply_to = options.reply_to,
                                          .subject = words.subject,
                                          .text = words.text,
                                          .html = words.html,
                                          .message_id = row->message_id,
                                          .date = row->created_at});
  if (!sent) {
    const bool final = sent.error().kind == Kind::rejected || job.attempt >= job.attempts_max;
    return refused(outreach, id, final ? MailStatus::failed : MailStatus::queued, reason_of(sent.error()));
  }

  outreach.db.write([&](WriteTx& tx) { store::mark_sent(tx, id, words.subject, outreach.clock.now()); });
  return jobs::Outcome::done();
}

}  // namespace tuition::outreach

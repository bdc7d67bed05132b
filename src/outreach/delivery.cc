#include "outreach/delivery.h"

#include <algorithm>

#include "outreach/outreach.h"
#include "outreach/store.h"
#include "platform/base/last_moments.h"
#include "platform/jobs/backoff.h"
#include "platform/outbound/mime.h"

namespace tuition::outreach {
namespace {

const Listed* find_kind(std::string_view name) {
  static const auto all = catalogue();
  for (const auto& each : all)
    if (each.kind->name == name) return &each;
  return nullptr;
}

std::string reason_of(const Error& error) { return error.detail.empty() ? error.safe : error.detail; }

// The older the mail, the longer until the next look: a minute's outage delays by a minute, and one of days costs
// little. Not all at once: there may be many that wait.
Instant look_again(Outreach& outreach, Instant created, int at_least_s) {
  const auto now = outreach.clock.now();
  const auto wait =
      std::max(std::clamp((now - created).ms / 4, seconds(30).ms, minutes(10).ms), seconds(at_least_s).ms);
  return now + milliseconds(wait) + jobs::backoff(milliseconds(wait / 4), milliseconds(wait / 4), 1, outreach.entropy);
}

jobs::Outcome refused(Outreach& outreach, const MailId& id, MailStatus status, const std::string& reason) {
  outreach.db.write([&](WriteTx& tx) { store::mark_refused(tx, id, status, reason); });
  return status == MailStatus::failed ? jobs::Outcome::dead(reason) : jobs::Outcome::later(reason);
}

// The mail server is not asked when nobody could be its sender: it would refuse for good what only a setting lacks.
Result<void> hand_over(Outreach& outreach, const outbound::Mail& mail) {
  if (!outbound::parse_mailbox(mail.from))
    return Error{Kind::not_configured, "NOT_CONFIGURED", "Mail has no sender yet.",
                 "mail.from is not set, and no-reply at the host of site.base_url is no address"};
  return outreach.mailer.send(mail);
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

  if (row->status == MailStatus::failed) return jobs::Outcome::dead("it was given up, and what it said is forgotten");

  const auto* kind = find_kind(row->kind);
  if (!kind) return refused(outreach, id, MailStatus::failed, "no such kind of message");
  const auto fields = opened_fields(outreach, id, row->fields_json);
  if (!fields) return refused(outreach, id, MailStatus::failed, reason_of(fields.error()));

  may_be_lost("mail.sending");
  const auto options = outreach.letterhead.on(outreach.options);
  const auto words = outreach.templates.render(row->kind, *kind->fields, *fields, options.site_name, options.base_url);
  const auto sent = hand_over(outreach, {.from = options.sender(),
                                         .to = row->to,
                                         .reply_to = options.reply_to,
                                         .subject = words.subject,
                                         .text = words.text,
                                         .html = words.html,
                                         .message_id = row->message_id,
                                         .date = row->created_at});
  if (!sent) {
    const auto& error = sent.error();
    const bool away = error.kind == Kind::unavailable || error.kind == Kind::not_configured;
    if (away && outreach.clock.now() - row->created_at < patience) {
      const auto reason = reason_of(error);
      outreach.db.write([&](WriteTx& tx) { store::mark_waiting(tx, id, reason); });
      return jobs::Outcome::postponed(reason, look_again(outreach, row->created_at, error.retry_after_s));
    }
    const bool final = away || error.kind == Kind::rejected || job.attempt >= job.attempts_max;
    return refused(outreach, id, final ? MailStatus::failed : MailStatus::queued, reason_of(error));
  }

  may_be_lost("mail.sent");
  outreach.db.write([&](WriteTx& tx) { store::mark_sent(tx, id, words.subject, outreach.clock.now()); });
  return jobs::Outcome::done();
}

}  // namespace tuition::outreach

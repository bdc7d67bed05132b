#pragma once

// Everything said to people. A domain that has something to say fills one of the structs in messages.h and enqueues it
// inside the transaction that gives reason to say it: the message and the job that sends it exist exactly when that
// transaction stands. Nothing is sent before the commit, and a crash afterwards sends it later.
//
// Only the kind and its fields are stored. The words are put together by the job (delivery.h) from a template, outside
// any transaction, so that the writer thread never renders. The fields may hold one-time tokens: they are sealed while
// the mail waits, and emptied once the mail server has taken it or it is given up.
//
// A mail is sent at least once: after a crash between the mail server's yes and our note of it, it goes out again with
// the same Message-ID, by which mail programs fold the two into one.
//
// What is said to pages that somebody has open stands in live.h.

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "outreach/live.h"
#include "outreach/messages.h"
#include "outreach/options.h"
#include "outreach/templates.h"
#include "outreach/types.h"
#include "platform/base/entropy.h"
#include "platform/base/fields_json.h"
#include "platform/crypto/seal.h"
#include "platform/jobs/job.h"
#include "platform/jobs/queue.h"
#include "platform/outbound/mailer.h"
#include "platform/storage/database.h"

namespace tuition::outreach {

// Whom mail comes from. An operator may change it while the server runs: safe from any thread.
class Letterhead {
 public:
  // `options` as they are now, where they have changed since the start.
  OutreachOptions on(OutreachOptions options) const;
  void change(std::string from, std::string reply_to);

 private:
  struct Changed {
    std::string from{};
    std::string reply_to{};
  };
  mutable std::mutex mutex_;
  std::optional<Changed> changed_;
};

struct Outreach {
  Database& db;
  jobs::Queue& queue;
  const Clock& clock;
  Entropy& entropy;
  outbound::Mailer& mailer;
  const Templates& templates;
  OutreachOptions options{};
  crypto::Seal seal{Secret{}};
  Letterhead letterhead{};
  Live live{};
};

MailId enqueue_fields(WriteTx& tx, Outreach& outreach, const Recipient& to, const MessageKind& kind,
                      std::string fields_json);

//   enqueue(tx, outreach, {.email = user.email, .user = user.id}, Welcome{.name = user.name});
template <HasFields Message>
MailId enqueue(WriteTx& tx, Outreach& outreach, const Recipient& to, const Message& message) {
  return enqueue_fields(tx, outreach, to, Message::kind, to_json(message));
}

// Has this been said to the address since then? To keep mail that strangers can cause from becoming a storm.
bool said_since(ReadTx& tx, const MessageKind& kind, std::string_view email, Instant since);

// Forgets to whom and what was said, when a person is removed. What is still waiting is not sent any more.
void forget_person(WriteTx& tx, const UserId& user, std::string_view email);

jobs::JobKinds job_kinds(Outreach& outreach);

}  // namespace tuition::outreach

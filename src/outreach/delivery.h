#pragma once

#include <string>
#include <string_view>

#include "outreach/types.h"
#include "platform/base/fields_json.h"
#include "platform/base/result.h"
#include "platform/jobs/job.h"

namespace tuition::outreach {

struct Outreach;

inline constexpr std::string_view send_job = "email.send";

// The job's payload.
struct SendMail {
  MailId id{};
};
constexpr auto fields_of(const SendMail*) { return table("SendMail", field("id", &SendMail::id, "Which message.")); }

// How long a mail waits for a mail server that is away, or for the operator to set one up.
inline constexpr Duration patience = days(5);

// A message's fields as its row keeps them while it waits, and as the message had them. A row that was written before
// fields were sealed holds the object itself.
std::string sealed_fields(Outreach& outreach, const MailId& id, std::string fields_json);
Result<JsonNode> opened_fields(const Outreach& outreach, const MailId& id, std::string_view stored);

// Puts one message into words and hands it to the mail server. A refusal of this recipient is final: the row says
// failed. While the server is away, or there is none, or no sender, the mail waits without using up its tries, as long
// as patience lasts. Anything else is tried again, at last with the same result. Done at once when the row says sent
// already.
jobs::Outcome deliver(Outreach& outreach, const jobs::Job& job);

}  // namespace tuition::outreach

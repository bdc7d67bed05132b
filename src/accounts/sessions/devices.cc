#include "accounts/sessions/devices.h"

#include <algorithm>

#include "accounts/accounts.h"
#include "accounts/sessions/device_words.h"
#include "accounts/sessions/sessions.h"
#include "accounts/store.h"
#include "audit/audit.h"

namespace tuition::accounts {
namespace {

Result<void> must_be_person(const Caller& caller) {
  if (caller.sort == Caller::Sort::person) return {};
  return Error{Kind::forbidden, "FORBIDDEN", "Only somebody who is signed in has sessions, not a program with a key."};
}

// Those that still let somebody in: by a refresh token, or until an access token runs out.
std::vector<store::Session> living(ReadTx& tx, const Accounts& accounts, const UserId& user) {
  const Instant now = accounts.clock.now();
  auto rows = store::living_sessions(tx, user, now);
  std::erase_if(
      rows, [&](const store::Session& row) { return usable_until(accounts, row) <= now && row.access_until <= now; });
  return rows;
}

void note(WriteTx& tx, Accounts& accounts, const Caller& caller, std::string description) {
  audit::record(tx, {.at = accounts.clock.now(),
                     .actor = caller,
                     .action = "auth.session_ended",
                     .category = audit::Category::security,
                     .target_type = "user",
                     .target_id = caller.user.text(),
                     .description = std::move(description)});
}

}  // namespace

Result<std::vector<Device>> list_devices(Accounts& accounts, const Caller& caller) {
  TRY(must_be_person(caller));
  return accounts.db.read([&](ReadTx& tx) -> Result<std::vector<Device>> {
    auto rows = living(tx, accounts, caller.user);
    std::reverse(rows.begin(), rows.end());
    std::vector<Device> devices;
    for (auto& row : rows)
      devices.push_back({.id = row.id,
                         .kind = row.kind,
                         .device = device_words(row.user_agent),
                         .ip = std::move(row.ip),
                         .created_at = row.created_at,
                         .last_seen_at = row.last_seen_at,
                         .expires_at = usable_until(accounts, row),
                         .current = row.id == caller.session});
    return devices;
  });
}

Result<void> end_device(Accounts& accounts, const Caller& caller, const SessionId& id) {
  TRY(must_be_person(caller));
  return accounts.db.write([&](WriteTx& tx) -> Result<void> {
    const auto session = store::session(tx, caller, id);
    if (!session || !caller.is(session->user) || session->revoked_at)
      return not_found("You are not signed in there any more.");
    end_session(tx, accounts, session->id, session->access_until, "ended_by_owner");
    note(tx, accounts, caller, "Ended the session of " + device_words(session->user_agent) + ".");
    return {};
  });
}

Result<EndedDevices> end_other_devices(Accounts& accounts, const Caller& caller) {
  TRY(must_be_person(caller));
  return accounts.db.write([&](WriteTx& tx) -> Result<EndedDevices> {
    EndedDevices ended;
    for (const auto& session : living(tx, accounts, caller.user))
      if (session.id != caller.session) ++ended.ended;
    end_sessions(tx, accounts, caller.user, caller.session, "ended_by_owner");
    note(tx, accounts, caller, "Ended all sessions but this one.");
    return ended;
  });
}

}  // namespace tuition::accounts

#include "accounts/profile.h"

#include <algorithm>

#include "accounts/accounts.h"
#include "accounts/factors/mfa.h"
#include "accounts/store.h"
#include "accounts/store_addresses.h"
#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

Profile view_of(store::Profile row, AccessLevel access, Stats stats) {
  Profile view;
  view.id = std::move(row.id);
  view.email = std::move(row.email);
  view.role = row.role;
  view.is_owner = row.owner;
  view.access = access;
  view.email_verified = row.email_verified_at.has_value();
  view.full_name = std::move(row.full_name);
  if (row.avatar_id) view.avatar_url = "/api/media/" + *row.avatar_id;
  view.avatar_id = std::move(row.avatar_id);
  view.locale = std::move(row.locale);
  view.timezone = std::move(row.timezone);
  view.preferences = std::move(row.preferences);
  view.leaderboard_opt_in = row.leaderboard_opt_in;
  view.created_at = row.created_at;
  view.updated_at = row.updated_at;
  view.stats = stats;
  return view;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The shape of BCP 47: a language of 2 to 8 letters, then subtags of 1 to 8 letters or digits.
bool looks_like_locale(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts[0].size() < 2 || parts[0].size() > 8 || !std::all_of(parts[0].begin(), parts[0].end(), is_letter))
    return false;
  return std::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
    return !part.empty() && part.size() <= 8 &&
           std::all_of(part.begin(), part.end(), [](char c) { return is_letter(c) || is_digit(c); });
  });
}

void put(std::optional<std::string>& to, const std::optional<std::string>& from) {
  if (!from) return;
  to = from->empty() ? std::nullopt : from;
}

}  // namespace

void check_timezone(const Accounts& accounts, const std::optional<std::string>& timezone, FormProblems& problems) {
  if (timezone && !timezone->empty() && !accounts.zones.knows(*timezone))
    problems.add("timezone", "must be a time zone such as Europe/Berlin");
}

void check_form(const ProfileForm& form, FormProblems& problems) {
  if (form.locale && !form.locale->empty() && !looks_like_locale(*form.locale))
    problems.add("locale", "must be a language tag such as en or pt-BR");
  if (form.preferences && !form.preferences->text.starts_with('{')) problems.add("preferences", "must be an object");
}

Result<Profile> profile_of(ReadTx& tx, Accounts& accounts, const Caller& caller, const UserId& user) {
  auto row = store::profile(tx, caller, user);
  if (!row) return not_found("There is no such person.");
  auto view = view_of(std::move(*row), accounts.access ? accounts.access(tx, user) : AccessLevel::free,
                      accounts.stats ? accounts.stats(tx, user) : Stats{});
  view.pending_email = store::pending_address(tx, caller, user, accounts.clock.now());
  return view;
}

Result<void> change_profile(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user,
                            const ProfileForm& form) {
  TRY(checked<ProfileForm>(form, [&](const ProfileForm& each, FormProblems& problems) {
    check_timezone(accounts, each.timezone, problems);
  }));
  auto row = store::profile(tx, caller, user);
  if (!row) return not_found("There is no such person.");
  const auto picture_before = row->avatar_id;
  put(row->avatar_id, form.avatar_id);
  if (row->avatar_id && row->avatar_id != picture_before &&
      !(accounts.is_own_picture && accounts.is_own_picture(tx, user, *row->avatar_id)))
    return invalid_field("avatarId", "is no picture that was uploaded for this profile");
  put(row->full_name, form.full_name);
  put(row->locale, form.locale);
  put(row->timezone, form.timezone);
  if (form.preferences) row->preferences = *form.preferences;
  if (form.leaderboard_opt_in) row->leaderboard_opt_in = *form.leaderboard_opt_in;
  row->updated_at = accounts.clock.now();
  store::put_profile(tx, caller, *row);
  if (picture_before && picture_before != row->avatar_id && accounts.drop_picture)
    accounts.drop_picture(tx, *picture_before);
  return {};
}

Result<Profile> update_profile(Accounts& accounts, const Caller& caller, const ProfileForm& form) {
  return accounts.db.write([&](WriteTx& tx) -> Result<Profile> {
    TRY(change_profile(tx, accounts, caller, caller.user, form));
    return profile_of(tx, accounts, caller, caller.user);
  });
}

Result<Me> who_am_i(Accounts& accounts, const Caller& caller) {
  return accounts.db.read([&](ReadTx& tx) -> Result<Me> {
    Me me;
    me.user = TRY(profile_of(tx, accounts, caller, caller.user));
    const auto session = store::session(tx, caller, caller.session);
    if (!session || session->revoked_at)
      return Error{Kind::unauthenticated, "UNAUTHENTICATED", "You have been signed out. Please sign in again."};
    me.session = {session->id, session->kind, session->created_at, session->expires_at};
    me.mfa = mfa_of(tx, accounts, caller.user, me.user.role);
    return me;
  });
}

}  // namespace tuition::accounts

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/factors/wire_factors.h"
#include "accounts/types.h"
#include "accounts/wire.h"
#include "platform/base/fields_json.h"
#include "platform/base/secret.h"

namespace tuition::accounts::directory {

// --- Forms ----------------------------------------------------------------------------------------------------------

// As administrators see somebody: those who have been added but have no password yet are invited.
enum class Status { active, disabled, invited };

constexpr auto names_of(Status) {
  return std::array{std::pair{Status::active, std::string_view{"active"}},
                    std::pair{Status::disabled, std::string_view{"disabled"}},
                    std::pair{Status::invited, std::string_view{"invited"}}};
}

enum class Order { newest, oldest, email, email_back, name, name_back, seen_first, seen_last };

constexpr auto names_of(Order) {
  return std::array{std::pair{Order::newest, std::string_view{"-createdAt"}},
                    std::pair{Order::oldest, std::string_view{"createdAt"}},
                    std::pair{Order::email, std::string_view{"email"}},
                    std::pair{Order::email_back, std::string_view{"-email"}},
                    std::pair{Order::name, std::string_view{"fullName"}},
                    std::pair{Order::name_back, std::string_view{"-fullName"}},
                    std::pair{Order::seen_first, std::string_view{"lastSeenAt"}},
                    std::pair{Order::seen_last, std::string_view{"-lastSeenAt"}}};
}

struct ListQuery {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<std::string> q{};
  std::optional<Role> role{};
  std::optional<AccessLevel> access{};
  std::optional<std::string> plan{};
  std::optional<Status> status{};
  std::optional<Instant> created_from{};
  std::optional<Instant> created_to{};
  std::optional<Order> sort{};
};
constexpr auto fields_of(const ListQuery*) {
  return table(
      "UserListQuery", field("limit", &ListQuery::limit, "How many at once; 20 when not given.", range(1, 100)),
      field("cursor", &ListQuery::cursor, "Where the page before ended, as it said.", length(1, 800)),
      field("q", &ListQuery::q, "A part of the address or the name.", length(1, 200)),
      field("role", &ListQuery::role, "Only these."),
      field("access", &ListQuery::access, "Only those who pay, or only those who do not."),
      field("plan", &ListQuery::plan, "Only those who have this plan at present, by its id or code.", length(1, 64)),
      field("status", &ListQuery::status, "Only these."),
      field("createdFrom", &ListQuery::created_from, "Only those added at that moment or later."),
      field("createdTo", &ListQuery::created_to, "Only those added before that moment."),
      field("sort", &ListQuery::sort, "The order; with a minus backwards. The newest first when not given."));
}

inline void check_form(const ListQuery& query, FormProblems& problems) {
  if (problems.fine("createdFrom") && query.created_from && query.created_to && *query.created_to < *query.created_from)
    problems.add("createdTo", "must not be before createdFrom");
}

struct NewUserForm {
  std::string email{};
  std::optional<std::string> full_name{};
  std::optional<Role> role{};
  std::optional<Secret> password{};
};
constexpr auto fields_of(const NewUserForm*) {
  return table(
      "NewUserForm", field("email", &NewUserForm::email, "The address to sign in with.", email_text()),
      field("fullName", &NewUserForm::full_name, "The person's name.", length(0, 200)),
      field("role", &NewUserForm::role, "What they may do; user when not given."),
      field("password", &NewUserForm::password,
            "A first password. Without one the person is invited by mail and chooses their own.", password_text()));
}

struct UserForm {
  std::optional<std::string> full_name{};
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  std::optional<JsonText> preferences{};
  std::optional<bool> leaderboard_opt_in{};
  std::optional<Role> role{};
  std::optional<bool> disabled{};
  std::optional<bool> is_owner{};
};
constexpr auto fields_of(const UserForm*) {
  return table(
      "UserForm", field("fullName", &UserForm::full_name, "Their name; empty removes it.", length(0, 200)),
      field("locale", &UserForm::locale, "The language, as a BCP 47 tag; empty removes it.", length(0, 35)),
      field("timezone", &UserForm::timezone, "The time zone, by its IANA name; empty removes it.", length(0, 64)),
      field("preferences", &UserForm::preferences, "An object of at most 8 KiB; it replaces the former one.",
            items(0, 8192)),
      field("leaderboardOptIn", &UserForm::leaderboard_opt_in, "Whether the person wants to stand in leaderboards."),
      field("role", &UserForm::role, "What they may do. For administrators."),
      field("disabled", &UserForm::disabled, "Whether they are kept out. For administrators."),
      field("isOwner", &UserForm::is_owner, "Whether the school is theirs. For owners."));
}

inline ProfileForm profile_part(const UserForm& form) {
  return {.full_name = form.full_name,
          .locale = form.locale,
          .timezone = form.timezone,
          .preferences = form.preferences,
          .leaderboard_opt_in = form.leaderboard_opt_in};
}
inline void check_form(const UserForm& form, FormProblems& problems) { check_form(profile_part(form), problems); }

struct RoleForm {
  Role role = Role::user;
  std::optional<bool> is_owner{};
};
constexpr auto fields_of(const RoleForm*) {
  return table("RoleForm", field("role", &RoleForm::role, "What they may do from now on."),
               field("isOwner", &RoleForm::is_owner, "Whether the school is theirs. For owners."));
}

struct RemovalQuery {
  std::optional<bool> force{};
};
constexpr auto fields_of(const RemovalQuery*) {
  return table("UserRemovalQuery",
               field("force", &RemovalQuery::force, "Even though a subscription is running; it is ended."));
}

// Only who removes themselves is asked for it.
struct RemovalForm {
  std::optional<Secret> password{};
  std::optional<std::string> code{};
};
constexpr auto fields_of(const RemovalForm*) {
  return table(
      "UserRemovalForm",
      field("password", &RemovalForm::password, "One's own password, to remove one's own account.", password_text()),
      field("code", &RemovalForm::code, code_where_any, code_text()));
}

struct ImportQuery {
  std::optional<bool> check{};
  std::optional<bool> invite{};
};
constexpr auto fields_of(const ImportQuery*) {
  return table("UserImportQuery", field("check", &ImportQuery::check, "Only say what would happen."),
               field("invite", &ImportQuery::invite, "Mail an invitation to those without a password."));
}

struct AcceptForm {
  Secret token{};
  Secret password{};
  std::optional<std::string> full_name{};
};
constexpr auto fields_of(const AcceptForm*) {
  return table(
      "AcceptInviteForm", field("token", &AcceptForm::token, "The token from the link in the mail.", length(1, 512)),
      field("password", &AcceptForm::password, "The password to sign in with from now on.", password_text()),
      field("fullName", &AcceptForm::full_name, "The person's name, should it have to change.", length(0, 200)));
}

// --- Views ----------------------------------------------------------------------------------------------------------

struct UserRow {
  UserId id{};
  std::string email{};
  std::optional<std::string> full_name{};
  Role role = Role::user;
  bool is_owner = false;
  AccessLevel access = AccessLevel::free;
  Status status = Status::active;
  bool email_verified = false;
  Instant created_at{};
  std::optional<Instant> last_seen_at{};
  bool mfa_enabled = false;
};
constexpr auto fields_of(const UserRow*) {
  return table("User", field("id", &UserRow::id, "The person's id."), field("email", &UserRow::email, "Their address."),
               field("fullName", &UserRow::full_name, "Their name, if there is one."),
               field("role", &UserRow::role, "What they may do."),
               field("isOwner", &UserRow::is_owner, "Whether the school is theirs."),
               field("access", &UserRow::access, "Whether they pay for anything at present."),
               field("status", &UserRow::status,
                     "Active, kept out, or invited: added, but without a password of their own yet."),
               field("emailVerified", &UserRow::email_verified, "Whether the address is known to be theirs."),
               field("createdAt", &UserRow::created_at, "When they signed up or were added."),
               field("lastSeenAt", &UserRow::last_seen_at, "When they last signed in or came back."),
               field("mfaEnabled", &UserRow::mfa_enabled, "Whether their sign-in takes a second step."));
}

// One person, for themselves and for administrators.
struct UserDetail : UserRow {
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  JsonText preferences{"{}"};
  bool leaderboard_opt_in = false;
  std::optional<std::string> avatar_url{};
  std::int64_t sessions = 0;
  std::int64_t api_keys = 0;
  Instant updated_at{};
  Stats stats{};
};
constexpr auto fields_of(const UserDetail*) {
  constexpr auto row = fields_of(static_cast<const UserRow*>(nullptr)).fields;
  constexpr auto more =
      fields(field("locale", &UserDetail::locale, "Their language, if they chose one."),
             field("timezone", &UserDetail::timezone, "Their time zone, if they chose one."),
             field("preferences", &UserDetail::preferences, "What the web app keeps for them."),
             field("leaderboardOptIn", &UserDetail::leaderboard_opt_in, "Whether they want to stand in leaderboards."),
             field("avatarUrl", &UserDetail::avatar_url, "Where their picture is, if they gave one."),
             field("sessions", &UserDetail::sessions, "In how many places they are signed in."),
             field("apiKeys", &UserDetail::api_keys, "How many keys for programs they have."),
             field("updatedAt", &UserDetail::updated_at, "When their profile last changed."),
             field("stats", &UserDetail::stats, "What they have done so far."));
  return table("UserDetail", joined(row, more));
}

struct ImportProblem {
  std::int64_t line = 0;
  std::string field{};
  std::string reason{};
};
constexpr auto fields_of(const ImportProblem*) {
  return table("ImportProblem", field("line", &ImportProblem::line, "The line of the file, from 1."),
               field("field", &ImportProblem::field, "The column; empty where the whole line is meant."),
               field("reason", &ImportProblem::reason, "What is wrong with it."));
}

struct ImportReport {
  std::int64_t rows = 0;
  std::int64_t created = 0;
  std::int64_t skipped = 0;
  std::vector<std::int64_t> skipped_lines{};
  std::vector<ImportProblem> errors{};
  bool dry_run = false;
};
constexpr auto fields_of(const ImportReport*) {
  return table(
      "ImportReport", field("rows", &ImportReport::rows, "How many people the file names."),
      field("created", &ImportReport::created, "How many were added, or would be."),
      field("skipped", &ImportReport::skipped, "How many have an account already."),
      field("skippedLines", &ImportReport::skipped_lines,
            "On which lines of the file those begin, the first thousand."),
      field(
          "errors", &ImportReport::errors,
          "What is wrong, the first thousand. With any error nobody is added, and but for a trial the answer is 422."),
      field("dryRun", &ImportReport::dry_run, "Whether this was a trial."));
}

}  // namespace tuition::accounts::directory

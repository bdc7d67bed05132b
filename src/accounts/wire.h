#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/factors/wire_factors.h"
#include "accounts/types.h"
#include "platform/base/fields_json.h"
#include "platform/base/secret.h"

namespace tuition::accounts {

// --- Forms ----------------------------------------------------------------------------------------------------------

struct Consent {
  std::string purpose{};
  bool granted = false;
};
constexpr auto fields_of(const Consent*) {
  return table("Consent",
               field("purpose", &Consent::purpose, "What is agreed to, such as newsletter or analytics.",
                     formatted(Format::word, 64)),
               field("granted", &Consent::granted, "Whether it is agreed to."));
}

struct RegisterForm {
  std::string email{};
  Secret password{};
  std::optional<std::string> full_name{};
  std::vector<Consent> consents{};
};
constexpr auto fields_of(const RegisterForm*) {
  return table(
      "RegisterForm",
      field("email", &RegisterForm::email, "The address to sign in with. A mail goes there.", email_text()),
      field("password", &RegisterForm::password,
            "The password: long rather than complicated, at most 1024 characters; spaces count.", password_text()),
      field("fullName", &RegisterForm::full_name, "The person's name, as others may see it.", length(0, 200)),
      field("consents", &RegisterForm::consents, "What the person agrees to or refuses.", items(0, 20)));
}

struct LoginForm {
  std::string email{};
  Secret password{};
  std::optional<std::string> totp{};
};
constexpr auto fields_of(const LoginForm*) {
  return table(
      "LoginForm", field("email", &LoginForm::email, "The address used to sign up.", email_text()),
      field("password", &LoginForm::password, "The password.", password_text()),
      field("totp", &LoginForm::totp, "The code shown by the authenticator app, where one is set up.", length(6, 32)));
}

struct RefreshForm {
  std::optional<Secret> refresh_token{};
};
constexpr auto fields_of(const RefreshForm*) {
  return table("RefreshForm", field("refreshToken", &RefreshForm::refresh_token,
                                    "The refresh token, for clients that do not use cookies.", length(1, 512)));
}

struct TokenForm {
  Secret token{};
};
constexpr auto fields_of(const TokenForm*) {
  return table("TokenForm", field("token", &TokenForm::token, "The token from the link in the mail.", length(1, 512)));
}

struct AddressForm {
  std::string email{};
};
constexpr auto fields_of(const AddressForm*) {
  return table("AddressForm", field("email", &AddressForm::email, "The address used to sign up.", email_text()));
}

struct ProfileForm {
  std::optional<std::string> full_name{};
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  std::optional<std::string> avatar_id{};
  std::optional<JsonText> preferences{};
  std::optional<bool> leaderboard_opt_in{};
};
constexpr auto fields_of(const ProfileForm*) {
  return table(
      "ProfileForm", field("fullName", &ProfileForm::full_name, "The person's name; empty removes it.", length(0, 200)),
      field("locale", &ProfileForm::locale, "The language, as a BCP 47 tag such as en or pt-BR; empty removes it.",
            length(0, 35)),
      field("timezone", &ProfileForm::timezone,
            "The time zone, by its IANA name such as Europe/Berlin; empty removes it.", length(0, 64)),
      field("avatarId", &ProfileForm::avatar_id,
            "A picture that the person has uploaded with purpose avatar; empty removes it.", length(0, 36)),
      field("preferences", &ProfileForm::preferences,
            "An object of the web app's own choosing, at most 8 KiB; it replaces the former one.", items(0, 8192)),
      field("leaderboardOptIn", &ProfileForm::leaderboard_opt_in,
            "Whether the person wants to stand in leaderboards."));
}

// The shape of language tag and preferences. Which zones there are, check_timezone knows.
void check_form(const ProfileForm& form, FormProblems& problems);

struct SetupForm {
  std::optional<Secret> token{};
  std::string email{};
  Secret password{};
  std::optional<std::string> full_name{};
};
constexpr auto fields_of(const SetupForm*) {
  return table("SetupForm",
               field("token", &SetupForm::token, "The token from the link that the server printed when it started.",
                     length(1, 512)),
               field("email", &SetupForm::email, "The owner's address.", email_text()),
               field("password", &SetupForm::password, "The owner's password.", password_text()),
               field("fullName", &SetupForm::full_name, "The owner's name.", length(0, 200)));
}

// --- Views ----------------------------------------------------------------------------------------------------------

struct Registered {
  std::string email{};
};
constexpr auto fields_of(const Registered*) {
  return table("Registered", field("email", &Registered::email, "The address that signed up."));
}

struct Profile {
  UserId id{};
  std::string email{};
  std::optional<std::string> pending_email{};
  Role role = Role::user;
  bool is_owner = false;
  AccessLevel access = AccessLevel::free;
  bool email_verified = false;
  std::optional<std::string> full_name{};
  std::optional<std::string> avatar_id{};
  std::optional<std::string> avatar_url{};
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  JsonText preferences{"{}"};
  bool leaderboard_opt_in = false;
  Instant created_at{};
  Instant updated_at{};
  Stats stats{};
};
constexpr auto fields_of(const Profile*) {
  return table("Profile", field("id", &Profile::id, "The person's id."),
               field("email", &Profile::email, "Their address."),
               field("pendingEmail", &Profile::pending_email,
                     "The address they asked for in its place, while it is not confirmed."),
               field("role", &Profile::role, "What they may do."),
               field("isOwner", &Profile::is_owner, "Whether the school is theirs."),
               field("access", &Profile::access, "Whether they pay for anything at present."),
               field("emailVerified", &Profile::email_verified, "Whether they have shown that the address is theirs."),
               field("fullName", &Profile::full_name, "Their name, if they gave one."),
               field("avatarId", &Profile::avatar_id, "Their picture, if they gave one.", formatted(Format::uuid)),
               field("avatarUrl", &Profile::avatar_url, "Where that picture is."),
               field("locale", &Profile::locale, "Their language, if they chose one."),
               field("timezone", &Profile::timezone, "Their time zone, if they chose one."),
               field("preferences", &Profile::preferences, "What the web app keeps for them."),
               field("leaderboardOptIn", &Profile::leaderboard_opt_in, "Whether they want to stand in leaderboards."),
               field("createdAt", &Profile::created_at, "When they signed up."),
               field("updatedAt", &Profile::updated_at, "When this profile last changed."),
               field("stats", &Profile::stats, "What they have done so far."));
}

struct Tokens {
  std::string access_token{};
  std::string refresh_token{};
  Instant expires_at{};
};
constexpr auto fields_of(const Tokens*) {
  return table("Tokens", field("accessToken", &Tokens::access_token, "Goes into the header Authorization: Bearer ..."),
               field("refreshToken", &Tokens::refresh_token, "Gets the next pair of tokens, once."),
               field("expiresAt", &Tokens::expires_at, "When the access token runs out."));
}

// A Profile with the tokens beside its members.
struct SignedIn : Profile {
  std::optional<Tokens> tokens{};
};
constexpr auto fields_of(const SignedIn*) {
  constexpr auto profile = fields_of(static_cast<const Profile*>(nullptr)).fields;
  constexpr auto tokens = fields(
      field("tokens", &SignedIn::tokens, "The tokens, when asked for with ?token=1; cookies hold them otherwise."));
  return table("SignedIn", joined(profile, tokens));
}

struct Refreshed {
  Instant expires_at{};
  std::optional<Tokens> tokens{};
};
constexpr auto fields_of(const Refreshed*) {
  return table("Refreshed", field("expiresAt", &Refreshed::expires_at, "When the new access token runs out."),
               field("tokens", &Refreshed::tokens, "The new tokens, when the old one came in the body."));
}

struct SessionView {
  SessionId id{};
  SessionKind kind = SessionKind::cookie;
  Instant created_at{};
  Instant expires_at{};
};
constexpr auto fields_of(const SessionView*) {
  return table("Session", field("id", &SessionView::id, "The session's id."),
               field("kind", &SessionView::kind, "Whether its tokens travel in cookies or in headers."),
               field("createdAt", &SessionView::created_at, "When the person signed in."),
               field("expiresAt", &SessionView::expires_at, "When they must sign in again at the latest."));
}

struct Me {
  Profile user{};
  SessionView session{};
  MfaView mfa{};
};
constexpr auto fields_of(const Me*) {
  return table("Me", field("user", &Me::user, "The person signed in."),
               field("session", &Me::session, "The session that made this request."),
               field("mfa", &Me::mfa, "The state of the second step."));
}

struct SetupState {
  bool needed = false;
};
constexpr auto fields_of(const SetupState*) {
  return table("SetupState", field("needed", &SetupState::needed, "Whether the school still has no owner."));
}

}  // namespace tuition::accounts

#pragma once

// What people change about how they come in: their password, their address, the devices on which they are signed in.

#include <optional>
#include <string>

#include "accounts/factors/wire_factors.h"
#include "accounts/wire.h"

namespace tuition::accounts {

// --- Forms ----------------------------------------------------------------------------------------------------------

struct ResetForm {
  Secret token{};
  Secret password{};
};
constexpr auto fields_of(const ResetForm*) {
  return table(
      "ResetPasswordForm", field("token", &ResetForm::token, "The token from the link in the mail.", length(1, 512)),
      field("password", &ResetForm::password,
            "The new password: long rather than complicated, at most 1024 characters; spaces count.", password_text()));
}

// Where a form asks for the password once more, one that is not there is not the form's problem: password_proof.h.
struct ChangePasswordForm {
  std::optional<Secret> current_password{};
  Secret new_password{};
  std::optional<std::string> code{};
};
constexpr auto fields_of(const ChangePasswordForm*) {
  return table(
      "ChangePasswordForm",
      field("currentPassword", &ChangePasswordForm::current_password, "The password until now: asked for always.",
            password_text()),
      field("newPassword", &ChangePasswordForm::new_password,
            "The new password: long rather than complicated, at most 1024 characters; spaces count.", password_text()),
      field("code", &ChangePasswordForm::code, code_where_any, code_text()));
}

struct EmailForm {
  std::string email{};
  std::optional<Secret> password{};
  std::optional<std::string> code{};
};
constexpr auto fields_of(const EmailForm*) {
  return table(
      "ChangeEmailForm",
      field("email", &EmailForm::email, "The new address. A link goes there, which must be opened.", email_text()),
      field("password", &EmailForm::password, "The password, once more: asked for always.", password_text()),
      field("code", &EmailForm::code, code_where_any, code_text()));
}

// A ProfileForm that may also bring a new password.
struct AccountForm : ProfileForm {
  std::optional<Secret> password{};
  std::optional<Secret> current_password{};
  std::optional<std::string> code{};
};
constexpr auto fields_of(const AccountForm*) {
  constexpr auto profile = fields_of(static_cast<const ProfileForm*>(nullptr)).fields;
  constexpr auto more = fields(field("password", &AccountForm::password,
                                     "A new password. The one until now is asked for, too.", password_text()),
                               field("currentPassword", &AccountForm::current_password,
                                     "The password until now, where there is a new one.", password_text()),
                               field("code", &AccountForm::code,
                                     "What the authenticator app shows now, or a recovery code: needed for a new "
                                     "password where a second step is set up.",
                                     code_text()));
  return table("AccountForm", joined(profile, more));
}

// --- Views ----------------------------------------------------------------------------------------------------------

struct PendingEmail {
  std::string pending_email{};
};
constexpr auto fields_of(const PendingEmail*) {
  return table("PendingEmail", field("pendingEmail", &PendingEmail::pending_email,
                                     "The address that waits to be confirmed; until then the other one holds."));
}

struct ConfirmedEmail {
  std::string email{};
};
constexpr auto fields_of(const ConfirmedEmail*) {
  return table("ConfirmedEmail", field("email", &ConfirmedEmail::email, "The address to sign in with from now on."));
}

struct Device {
  SessionId id{};
  SessionKind kind = SessionKind::cookie;
  std::string device{};
  std::string ip{};
  Instant created_at{};
  Instant last_seen_at{};
  Instant expires_at{};
  bool current = false;
};
constexpr auto fields_of(const Device*) {
  return table("Device", field("id", &Device::id, "The session's id."),
               field("kind", &Device::kind, "Whether its tokens travel in cookies or in headers."),
               field("device", &Device::device, "The device in words, such as Firefox on Linux."),
               field("ip", &Device::ip, "The internet address it was seen at last."),
               field("createdAt", &Device::created_at, "When the person signed in there."),
               field("lastSeenAt", &Device::last_seen_at, "When it last signed in or renewed its tokens."),
               field("expiresAt", &Device::expires_at, "When it ends by itself, unless it is used before."),
               field("current", &Device::current, "Whether it is the session that asks."));
}

struct EndedDevices {
  std::int64_t ended = 0;
};
constexpr auto fields_of(const EndedDevices*) {
  return table("EndedDevices", field("ended", &EndedDevices::ended, "How many sessions were ended."));
}

}  // namespace tuition::accounts

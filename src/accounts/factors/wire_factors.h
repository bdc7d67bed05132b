#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/types.h"
#include "platform/base/fields.h"
#include "platform/base/secret.h"

namespace tuition::accounts {

// --- Forms ----------------------------------------------------------------------------------------------------------

constexpr Bounds code_text() { return length(6, 32); }
// Of a form that asks for a code only where somebody has a second step.
inline constexpr std::string_view code_where_any =
    "What the authenticator app shows now, or a recovery code: needed where a second step is set up.";
// Of a form that asks for the password of somebody who is signed in; where it is missing, password_proof.h says so.
inline constexpr std::string_view password_once_more = "The password to sign in with, once more: asked for always.";

struct ProofForm {
  std::optional<Secret> password{};
};
constexpr auto fields_of(const ProofForm*) {
  return table("PasswordForm", field("password", &ProofForm::password, password_once_more, password_text()));
}

struct CodeForm {
  std::string code{};
};
constexpr auto fields_of(const CodeForm*) {
  return table("CodeForm", field("code", &CodeForm::code, "What the authenticator app shows now.", code_text()));
}

struct PasswordAndCodeForm {
  std::optional<Secret> password{};
  std::string code{};
};
constexpr auto fields_of(const PasswordAndCodeForm*) {
  return table("PasswordAndCodeForm",
               field("password", &PasswordAndCodeForm::password, password_once_more, password_text()),
               field("code", &PasswordAndCodeForm::code, "What the authenticator app shows now, or a recovery code.",
                     code_text()));
}

struct ChallengeForm {
  Secret challenge{};
  std::string code{};
};
constexpr auto fields_of(const ChallengeForm*) {
  return table(
      "ChallengeForm",
      field("challenge", &ChallengeForm::challenge, "The token that came with MFA_REQUIRED.", length(1, 512)),
      field("code", &ChallengeForm::code, "What the authenticator app shows now, or a recovery code.", code_text()));
}

// --- Views ----------------------------------------------------------------------------------------------------------

struct MfaView {
  bool enabled = false;
  bool required = false;
  std::int64_t recovery_codes_left = 0;
  std::optional<Instant> since{};
};
constexpr auto fields_of(const MfaView*) {
  return table("Mfa", field("enabled", &MfaView::enabled, "Whether signing in takes a second step."),
               field("required", &MfaView::required, "Whether the school asks it of this person."),
               field("recoveryCodesLeft", &MfaView::recovery_codes_left, "How many recovery codes are left."),
               field("since", &MfaView::since, "Since when it is on."));
}

struct MfaKey {
  std::string secret{};
  std::string uri{};
  std::string qr_svg{};
};
constexpr auto fields_of(const MfaKey*) {
  return table("MfaKey", field("secret", &MfaKey::secret, "The key for an authenticator app, to type, in base32."),
               field("uri", &MfaKey::uri, "The same as an otpauth address."),
               field("qrSvg", &MfaKey::qr_svg, "The same as a QR code to scan, an SVG image."));
}

struct RecoveryCodes {
  std::vector<std::string> recovery_codes{};
};
constexpr auto fields_of(const RecoveryCodes*) {
  return table("RecoveryCodes",
               field("recoveryCodes", &RecoveryCodes::recovery_codes,
                     "They stand in for the authenticator when it is lost, each once. Shown this once."));
}

// What comes with MFA_REQUIRED.
struct ChallengeView {
  std::string token{};
  Instant expires_at{};
  std::vector<std::string> methods{};
};
constexpr auto fields_of(const ChallengeView*) {
  return table("Challenge", field("token", &ChallengeView::token, "Goes with the code to POST /api/auth/mfa/verify."),
               field("expiresAt", &ChallengeView::expires_at, "When the password must be given again."),
               field("methods", &ChallengeView::methods, "What is taken for a code: totp, recovery."));
}

}  // namespace tuition::accounts

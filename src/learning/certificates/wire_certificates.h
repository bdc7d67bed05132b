#pragma once

#include <optional>
#include <string>

#include "learning/types.h"
#include "platform/base/fields.h"

namespace tuition::learning {

struct CertificateForm {
  std::optional<std::string> name{};
};

constexpr auto fields_of(const CertificateForm*) {
  return table("CertificateForm",
               field("name", &CertificateForm::name,
                     "The name to stand on it, which everybody sees who has the serial; when absent, that of the "
                     "profile. It cannot be changed later.",
                     length(1, 120)));
}

struct CertificateView {
  std::string serial{};
  catalogue::CourseId course_id{};
  std::string course_title{};
  std::string name{};
  Instant issued_at{};
  std::optional<Instant> expires_at{};
  CertificateStatus status = CertificateStatus::valid;
  std::string document_url{};
  std::string verify_url{};
};

constexpr auto fields_of(const CertificateView*) {
  return table("Certificate", field("serial", &CertificateView::serial, "Its number."),
               field("courseId", &CertificateView::course_id, "The course."),
               field("courseTitle", &CertificateView::course_title, "That course's title when it was issued."),
               field("name", &CertificateView::name, "The name on it."),
               field("issuedAt", &CertificateView::issued_at, "When it was issued."),
               field("expiresAt", &CertificateView::expires_at, "Until when it holds; null: for good."),
               field("status", &CertificateView::status, "Whether it holds now."),
               field("documentUrl", &CertificateView::document_url, "The page to print."),
               field("verifyUrl", &CertificateView::verify_url, "The page where others check it."));
}

// What anybody may know who has the serial.
struct VerificationView {
  std::string serial{};
  CertificateStatus status = CertificateStatus::valid;
  std::string name{};
  std::string course_title{};
  std::string school{};
  Instant issued_at{};
  std::optional<Instant> expires_at{};
  std::optional<Instant> revoked_at{};
  std::string statement{};
  std::string signature{};
  std::string key_id{};
  bool signature_valid = false;
};

constexpr auto fields_of(const VerificationView*) {
  return table(
      "Verification", field("serial", &VerificationView::serial, "Its number."),
      field("status", &VerificationView::status, "Whether it holds now: valid, expired or revoked."),
      field("name", &VerificationView::name, "The name on it."),
      field("courseTitle", &VerificationView::course_title, "The course that was completed."),
      field("school", &VerificationView::school, "The school that issued it."),
      field("issuedAt", &VerificationView::issued_at, "When it was issued."),
      field("expiresAt", &VerificationView::expires_at, "Until when it holds; null: for good."),
      field("revokedAt", &VerificationView::revoked_at, "When it was taken back; null: it was not."),
      field("statement", &VerificationView::statement, "The bytes that are signed, as text; lines end in a line feed."),
      field("signature", &VerificationView::signature, "Ed25519 over the statement, base64url without padding."),
      field("keyId", &VerificationView::key_id, "The key it was made with."),
      field("signatureValid", &VerificationView::signature_valid,
            "Whether the signature is that of the school's present key."));
}

struct CertificateKeyView {
  std::string algorithm = "Ed25519";
  std::string key_id{};
  std::string public_key{};
  std::string public_key_pem{};
};

constexpr auto fields_of(const CertificateKeyView*) {
  return table("CertificateKey", field("algorithm", &CertificateKeyView::algorithm, "Always Ed25519 (RFC 8032)."),
               field("keyId", &CertificateKeyView::key_id, "Names the key."),
               field("publicKey", &CertificateKeyView::public_key, "Its 32 bytes, base64url without padding."),
               field("publicKeyPem", &CertificateKeyView::public_key_pem, "The same as PEM, for OpenSSL."));
}

struct RevocationForm {
  std::string reason{};
};

constexpr auto fields_of(const RevocationForm*) {
  return table("RevocationForm",
               field("reason", &RevocationForm::reason,
                     "Why, for the trail and for the person; the public is not told.", length(3, 500)));
}

}  // namespace tuition::learning

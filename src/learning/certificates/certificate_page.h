#pragma once

#include <string>
#include <string_view>

#include "learning/certificates/wire_certificates.h"
#include "learning/types.h"
#include "platform/http/reply.h"

// Pure: certificates as pages of their own, without script; the stylesheet is /certificate.css.
namespace tuition::learning {

// To be printed on one sheet, A4 across.
http::Reply document_page(const Certificate& certificate, CertificateStatus status, std::string_view verify_url);

// What anybody sees who has the serial.
http::Reply verification_page(const VerificationView& about, std::string_view base_url);
http::Reply no_such_certificate_page(std::string_view school);

}  // namespace tuition::learning

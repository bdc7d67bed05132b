#pragma once

#include <string>
#include <vector>

#include "learning/certificates/wire_certificates.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/reply.h"

// Certificates of finished courses: one per person and course, signed, checked by anybody.
//
// The document is a page made to be printed, by which every browser makes a PDF with selectable text in any script. We
// do not write PDF ourselves: that needs the glyphs of every script a name may be written in, in the binary.
namespace tuition::learning {

struct Learning;

// Issues it, or hands out the one there is: then the form changes nothing. COURSE_NOT_COMPLETED with the lessons that
// are missing, NO_CERTIFICATE where the course gives none.
Result<CertificateView> issue_certificate(Learning& door, const Caller& caller, const std::string& course,
                                          const CertificateForm& form);
std::vector<CertificateView> list_certificates(Learning& door, const Caller& caller);
// The printable page, for its owner.
Result<http::Reply> certificate_document(Learning& door, const Caller& caller, const std::string& serial);

// Anybody who has the serial. NOT_FOUND for anything that is none of ours.
Result<VerificationView> verify_certificate(Learning& door, const std::string& serial);
http::Reply verification_page(Learning& door, const std::string& serial);
CertificateKeyView certificate_key(const Learning& door);

// For who teaches the course, and administrators. Repeating it keeps the first reason.
Result<VerificationView> revoke_certificate(Learning& door, const Caller& caller, const std::string& serial,
                                            const RevocationForm& form);

}  // namespace tuition::learning

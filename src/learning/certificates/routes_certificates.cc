#include "learning/certificates/certificates.h"
#include "learning/learning.h"
#include "learning/route_tables.h"
#include "platform/base/short_list.h"
#include "platform/http/json.h"

namespace tuition::learning {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::Request;

std::string serial_in(const Request& request) { return std::string(request.param("serial")); }

}  // namespace

http::Routes certificate_routes(Learning& door) {
  return {
      {.method = Method::post,
       .path = "/api/courses/{id}/certificate",
       .operation = "issueCertificate",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Issues the caller's certificate of a finished course, or hands out the one there is.",
       .endpoint = http::json([&door](const Request& request, const CertificateForm& form) -> Result<CertificateView> {
         return issue_certificate(door, request.caller, std::string(request.param("id")), form);
       }),
       .statuses = {404, 409},
       .scope = "progress:write"},
      {.method = Method::get,
       .path = "/api/certificates",
       .operation = "listCertificates",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's certificates, the newest first.",
       .endpoint =
           http::json([&door](const Request& request, const ShortListForm& form) -> Result<Page<CertificateView>> {
             return page_of_all(list_certificates(door, request.caller), form,
                                [](const CertificateView& each) { return each.serial; });
           }),
       .scope = "progress:read"},
      {.method = Method::get,
       .path = "/api/certificates/key",
       .operation = "getCertificateKey",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "The public key that certificates are signed with, to check them without the school.",
       .endpoint = http::json([&door](const Request&) -> Result<CertificateKeyView> { return certificate_key(door); })},
      {.method = Method::get,
       .path = "/api/certificates/{serial}/document",
       .operation = "getCertificateDocument",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "A certificate of the caller's as a page to print.",
       .endpoint = http::raw([&door](const Request& request) -> http::Reply {
         auto page = certificate_document(door, request.caller, serial_in(request));
         return page ? std::move(page).value() : http::problem(page.error(), request);
       }),
       .statuses = {404},
       .scope = "progress:read"},
      {.method = Method::get,
       .path = "/api/certificates/{serial}/verification",
       .operation = "verifyCertificate",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "Whether a certificate is genuine and holds, with what is needed to check its signature.",
       .endpoint = http::json([&door](const Request& request) -> Result<VerificationView> {
         return verify_certificate(door, serial_in(request));
       }),
       .statuses = {404}},
      {.method = Method::get,
       .path = "/certificates/verify/{serial}",
       .operation = "getVerificationPage",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "The same as a page, for people.",
       .endpoint = http::raw([&door](const Request& request) { return verification_page(door, serial_in(request)); }),
       .statuses = {404}},
      {.method = Method::post,
       .path = "/api/certificates/{serial}/revoke",
       .operation = "revokeCertificate",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "Takes a certificate back, for who teaches its course. The person is told why.",
       .endpoint = http::json([&door](const Request& request, const RevocationForm& form) -> Result<VerificationView> {
         return revoke_certificate(door, request.caller, serial_in(request), form);
       }),
       .statuses = {404},
       .scope = http::no_keys},
  };
}

}  // namespace tuition::learning

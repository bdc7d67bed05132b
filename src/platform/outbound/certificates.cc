#include "platform/outbound/certificates.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace tuition::outbound {
namespace {

std::string read_bundle(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return {};
  std::ostringstream text;
  text << in.rdbuf();
  std::string bundle = std::move(text).str();
  return bundle.find("-----BEGIN CERTIFICATE-----") == std::string::npos ? std::string() : bundle;
}

}  // namespace

std::string trusted_authorities(std::string_view embedded) {
  if (const char* named = std::getenv("SSL_CERT_FILE"))  // lint: allow every TLS program knows this name
    if (auto bundle = read_bundle(named); !bundle.empty()) return bundle;
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"})
    if (auto bundle = read_bundle(path); !bundle.empty()) return bundle;
  return std::string(embedded);
}

}  // namespace tuition::outbound

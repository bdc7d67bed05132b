#include "platform/crypto/document_signer.h"

#include <sodium.h>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/crypto/sodium.h"

namespace tuition::crypto {

DocumentSigner::DocumentSigner(const Secret& seed) {
  initialise_sodium();
  check(seed.reveal().size() == crypto_sign_SEEDBYTES, "a signing key is made of 32 bytes");
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  public_key_.resize(crypto_sign_PUBLICKEYBYTES);
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(public_key_.data()),
                           reinterpret_cast<unsigned char*>(secret.data()), bytes_of(seed.reveal()).data());
  secret_key_ = Secret(std::move(secret));
  key_id_ = to_hex(bytes_of(sha256(public_key_))).substr(0, 16);
}

std::string DocumentSigner::sign(std::string_view message) const {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, bytes_of(message).data(),
                       message.size(), bytes_of(secret_key_.reveal()).data());
  return signature;
}

bool is_signed(std::string_view message, std::string_view signature, std::string_view public_key) {
  initialise_sodium();
  return signature.size() == crypto_sign_BYTES && public_key.size() == crypto_sign_PUBLICKEYBYTES &&
         crypto_sign_verify_detached(bytes_of(signature).data(), bytes_of(message).data(), message.size(),
                                     bytes_of(public_key).data()) == 0;
}

}  // namespace tuition::crypto

#include "platform/crypto/token.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/crypto/system_entropy.h"

using namespace tuition;
using namespace tuition::crypto;

namespace {

const std::string key(32, 'k');
const std::string issuer = "https://school.example";
constexpr Instant now{1'795'000'000'000};

Claims claims() { return {"u-1", "s-1", "user", true, now, now + minutes(15)}; }
TokenSigner signer() { return TokenSigner(Secret(key), issuer); }

// A token of any header and payload, signed with our own key.
std::string signed_by_us(const std::string& header, const std::string& payload) {
  const std::string body = to_base64url(header) + "." + to_base64url(payload);
  return body + "." + to_base64url(hmac_sha256(key, body));
}
std::string header_of(const std::string& token) { return *from_base64url(token.substr(0, token.find('.'))); }
std::string payload_of(const std::string& token) {
  const auto first = token.find('.');
  return *from_base64url(token.substr(first + 1, token.rfind('.') - first - 1));
}
std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}
std::string code_of(const std::string& token, Instant at = now) {
  const auto result = signer().verify(token, at);
  return result ? "accepted" : result.error().code;
}

}  // namespace

TEST_CASE("a token carries its claims to whoever has the key") {
  const auto read = signer().verify(signer().sign(claims()), now + minutes(1));
  REQUIRE(read);
  CHECK(read->subject == "u-1");
  CHECK(read->session == "s-1");
  CHECK(read->role == "user");
  CHECK(read->owner);
  CHECK(read->issued == now);
  CHECK(read->expires == now + minutes(15));
}

TEST_CASE("the signature is the one of RFC 7515 appendix A.1") {
  const auto rfc_key =
      *from_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const std::string body =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  CHECK(to_base64url(hmac_sha256(rfc_key, body)) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST_CASE("a token has one header and names its type") {
  const std::string header = header_of(signer().sign(claims()));
  CHECK(header.starts_with(R"({"alg":"HS256","kid":")"));
  CHECK(header.ends_with(R"(","typ":"at+jwt"})"));
}

TEST_CASE("a token past its time is told apart from a wrong one") {
  const std::string token = signer().sign(claims());
  CHECK(code_of(token, now + minutes(15) - milliseconds(1)) == "accepted");
  CHECK(code_of(token, now + minutes(15)) == "TOKEN_EXPIRED");
  CHECK(code_of(replaced(token, ".", ".e"), now + minutes(15)) == "UNAUTHENTICATED");
}

TEST_CASE("a token from the future is refused") {
  Claims later = claims();
  later.issued = now + hours(1);
  later.expires = now + hours(2);
  CHECK(code_of(signer().sign(later)) == "UNAUTHENTICATED");
}

TEST_CASE("no other form of token is accepted, even signed with our key") {
  const std::string token = signer().sign(claims());
  const std::string header = header_of(token);
  const std::string payload = payload_of(token);
  REQUIRE(code_of(signed_by_us(header, payload)) == "accepted");

  const std::vector<std::string> headers{
      R"({"alg":"none","typ":"at+jwt"})",
      replaced(header, "HS256", "none"),
      replaced(header, "HS256", "HS512"),
      replaced(header, "HS256", "RS256"),
      replaced(header, "at+jwt", "JWT"),
      replaced(header, R"("kid":")", R"("kid":"../../x)"),
      replaced(header, R"("kid":")", R"("kid":"' OR 1=1 --)"),
      replaced(header, "}", R"(,"jku":"https://evil.example/keys"})"),
      replaced(header, "}", R"(,"jwk":{"kty":"oct","k":"a2tr"}})"),
      replaced(header, "}", R"(,"alg":"HS256"})"),
      replaced(header, ",", ", "),
  };
  for (const auto& each : headers) {
    CAPTURE(each);
    CHECK(code_of(signed_by_us(each, payload)) == "UNAUTHENTICATED");
  }
  const std::vector<std::string> payloads{
      replaced(payload, R"("iss":"https://school.example")", R"("iss":"https://evil.example")"),
      replaced(payload, R"("aud":"https://school.example")", R"("aud":"other")"),
      replaced(payload, R"("aud":"https://school.example")", R"("aud":["https://school.example"])"),
      replaced(payload, "}", R"(,"nbf":9999999999})"),
      replaced(payload, "}", R"(,"sub":"u-2"})"),
      replaced(payload, R"("own":true)", R"("own":1)"),
      replaced(payload, R"("iat":)", R"("iat":-)"),
      replaced(payload, R"("exp":)", R"("exp":1e)"),
      replaced(payload, R"("exp":)", R"("exp":9999999999999999999)"),
      replaced(payload, "u-1", "u-\\u0031"),
      replaced(payload, R"("sub":"u-1",)", ""),
      payload + " ",
      "{}",
      "",
  };
  for (const auto& each : payloads) {
    CAPTURE(each);
    CHECK(code_of(signed_by_us(header, each)) == "UNAUTHENTICATED");
  }
}

TEST_CASE("a token whose bytes were touched is refused") {
  const std::string token = signer().sign(claims());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string touched = token;
    touched[i] = touched[i] == 'A' ? 'B' : 'A';
    CAPTURE(i);
    CHECK(code_of(touched) == "UNAUTHENTICATED");
  }
  CHECK(code_of(token.substr(0, token.rfind('.'))) == "UNAUTHENTICATED");
  CHECK(code_of(token.substr(0, token.rfind('.') + 1)) == "UNAUTHENTICATED");
  CHECK(code_of(token + "=") == "UNAUTHENTICATED");
  CHECK(code_of(token + "." + token) == "UNAUTHENTICATED");
  CHECK(code_of("") == "UNAUTHENTICATED");
  CHECK(code_of("...") == "UNAUTHENTICATED");
  CHECK(code_of(std::string(1 << 20, 'a')) == "UNAUTHENTICATED");
  CHECK(code_of(R"({"payload":"e30","protected":"e30","signature":"e30"})") == "UNAUTHENTICATED");
}

TEST_CASE("a token of another key or another school is refused") {
  CHECK_FALSE(TokenSigner(Secret(std::string(32, 'x')), issuer).verify(signer().sign(claims()), now));
  CHECK_FALSE(TokenSigner(Secret(key), "https://other.example").verify(signer().sign(claims()), now));
}

TEST_CASE("random tokens are 256 bits that differ, and kept as a digest") {
  SystemEntropy entropy;
  const std::string token = random_token(entropy);
  CHECK(token.size() == 43);
  CHECK(token != random_token(entropy));
  CHECK(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

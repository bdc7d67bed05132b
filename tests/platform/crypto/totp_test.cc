#include "platform/crypto/totp.h"

#include <catch2/catch_test_macros.hpp>

using namespace tuition;
using namespace tuition::crypto;

namespace {
const Secret rfc_key("12345678901234567890");
Instant at(std::int64_t s) { return Instant{s * 1000}; }
}  // namespace

TEST_CASE("codes are the ones of RFC 6238 appendix B") {
  CHECK(totp_code(rfc_key, totp_step(at(59)), 8) == "94287082");
  CHECK(totp_code(rfc_key, totp_step(at(1111111109)), 8) == "07081804");
  CHECK(totp_code(rfc_key, totp_step(at(1111111111)), 8) == "14050471");
  CHECK(totp_code(rfc_key, totp_step(at(1234567890)), 8) == "89005924");
  CHECK(totp_code(rfc_key, totp_step(at(2000000000)), 8) == "69279037");
  CHECK(totp_code(rfc_key, totp_step(at(20000000000)), 8) == "65353130");
}

TEST_CASE("the present code and the one before match, no other") {
  const Instant now = at(1234567890);
  const auto step = totp_step(now);
  CHECK(match_totp(rfc_key, totp_code(rfc_key, step), now, 0) == step);
  CHECK(match_totp(rfc_key, totp_code(rfc_key, step - 1), now, 0) == step - 1);
  CHECK_FALSE(match_totp(rfc_key, totp_code(rfc_key, step - 2), now, 0));
  CHECK_FALSE(match_totp(rfc_key, totp_code(rfc_key, step + 1), now, 0));
  CHECK_FALSE(match_totp(rfc_key, "", now, 0));
  CHECK_FALSE(match_totp(rfc_key, totp_code(rfc_key, step) + "0", now, 0));
}

TEST_CASE("a code works once") {
  const Instant now = at(1234567890);
  const auto step = totp_step(now);
  CHECK_FALSE(match_totp(rfc_key, totp_code(rfc_key, step), now, step));
  CHECK_FALSE(match_totp(rfc_key, totp_code(rfc_key, step - 1), now, step));
}

TEST_CASE("the rfc_key is shown in base32 of RFC 4648") {
  CHECK(to_base32("") == "");
  CHECK(to_base32("f") == "MY");
  CHECK(to_base32("foobar") == "MZXW6YTBOI");
  CHECK(totp_uri("Music School", "a@b.example", Secret("foobar")) ==
        "otpauth://totp/Music%20School:a%40b.example?secret=MZXW6YTBOI&issuer=Music%20School");
}

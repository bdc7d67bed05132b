#include "platform/log/redact.h"

#include <catch2/catch_test_macros.hpp>

using tuition::log::redact;

TEST_CASE("known shapes of secrets do not reach the log") {
  const std::pair<const char*, const char*> rows[] = {
      {"key sk_test_51AbCdEfGh failed", "key sk_*** failed"},
      {"rk_live_51AbCdEfGh", "rk_***"},
      {"whsec_abcdefghijklmnop", "whsec_***"},
      {"tuk_0123456789abcdef.", "tuk_***"},
      {"Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer ***"},
      {"basic dXNlcjpwYXNz", "basic ***"},
      {"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln today", "got *** today"},
      {"GET /reset?token=abc123&next=/app", "GET /reset?token=***&next=/app"},
      {"/verify?a=1&code=998877 done", "/verify?a=1&code=*** done"},
      {"smtp://apikey:hunter2@smtp.example.org:587", "smtp://***@smtp.example.org:587"},
      {"could not reach ada.lovelace+x@example.org today", "could not reach ***@example.org today"},
      {"SG.abcdefghijk.lmnop", "SG.***"},
  };
  for (const auto& [text, shown] : rows) {
    CAPTURE(text);
    CHECK(redact("message", text) == shown);
  }
}

TEST_CASE("ordinary text passes unchanged") {
  for (const char* text :
       {"", "lesson 12 of course harmony-1", "task_sk_1", "risk_assessment_of_2026", "a @ b", "50% @home",
        "https://school.example/app?page=2", "eyJ is a prefix", "café", "status=200 ms=12"}) {
    CAPTURE(text);
    CHECK(redact("message", text) == text);
  }
}

TEST_CASE("a value whose name says secret is hidden whole") {
  for (const char* name : {"password", "Cookie", "set-cookie", "authorization", "token", "stripe_secret",
                           "smtp_password", "refresh_token"}) {
    CAPTURE(name);
    CHECK(redact(name, "anything") == "***");
  }
  CHECK(redact("tokens_used", "12") == "12");
}

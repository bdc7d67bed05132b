#include "accounts/sessions/coming_in.h"

#include <algorithm>

#include "accounts/accounts.h"
#include "accounts/factors/wire_factors.h"
#include "accounts/passwords/lockout.h"
#include "accounts/sessions/authenticate.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::accounts {
namespace {

// Longer than any session, so that whoever is signed out by time is still known.
constexpr Duration browser_known = lockout::remembered;
constexpr std::string_view browser_path = "/api/auth";

std::string browser_cookie(bool https) { return https ? "__Secure-tuition_br" : "tuition_br"; }

// The shape of crypto::random_token: anything else was not made by us.
constexpr std::size_t token_length = 43;
bool looks_like_token(std::string_view text) {
  return text.size() == token_length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

// A token of ours with a proof of what it was given out for: "token.proof".
constexpr std::string_view for_challenge = "second step";
std::string proof_of(const Accounts& accounts, std::string_view token, std::string_view what) {
  const auto whole = crypto::hmac_sha256(accounts.browser_key.reveal(), std::string(token) + ' ' + std::string(what));
  return to_base64url(std::string_view(whole).substr(0, 16));
}
bool proves(const Accounts& accounts, std::string_view text, std::string_view what) {
  const auto token = text.substr(0, token_length);
  return looks_like_token(token) && text.size() > token_length + 1 && text[token_length] == '.' &&
         crypto::equal_in_constant_time(text.substr(token_length + 1), proof_of(accounts, token, what));
}

// A longer one is nobody's who was let in before.
constexpr std::size_t longest_known_form = 4096;

}  // namespace

std::vector<http::Cookie> cookies_for(Accounts& accounts, const http::Request& request, const Issued& issued) {
  const Instant now = accounts.clock.now();
  // The access cookie stays as long as the refresh cookie, which goes to its own path only: by it signing out finds the
  // session even when the access token's time is over.
  return {{.name = std::string(access_cookie(request.https)),
           .value = issued.access_token,
           .path = "/",
           .max_age = issued.refresh_until - now,
           .secure = request.https},
          {.name = std::string(refresh_cookie(request.https)),
           .value = issued.refresh_token,
           .path = std::string(refresh_path),
           .max_age = issued.refresh_until - now,
           .secure = request.https}};
}

std::vector<http::Cookie> no_cookies(const http::Request& request) {
  return {
      {.name = std::string(access_cookie(request.https)), .path = "/", .secure = request.https},
      {.name = std::string(refresh_cookie(request.https)), .path = std::string(refresh_path), .secure = request.https}};
}

Tokens tokens_of(const Issued& issued) { return {issued.access_token, issued.refresh_token, issued.access_until}; }

bool wants_tokens(const http::Request& request) { return request.query_value("token") == "1"; }

SessionKind wanted_kind(const http::Request& request) {
  return wants_tokens(request) ? SessionKind::bearer : SessionKind::cookie;
}

BrowserCookie browser_of(Accounts& accounts, const http::Request& request) {
  if (wants_tokens(request)) return {};
  BrowserCookie browser{.next = crypto::random_token(accounts.entropy)};
  const auto shown = request.cookie(browser_cookie(request.https)).substr(0, token_length);
  if (looks_like_token(shown)) browser.marks.shown = crypto::digest(shown);
  browser.marks.next = crypto::digest(browser.next);
  return browser;
}

http::Cookie cookie_for(const Accounts& accounts, const http::Request& request, const BrowserCookie& browser,
                        std::string_view email) {
  auto value = browser.next;
  if (!email.empty()) value += '.' + proof_of(accounts, browser.next, email);
  return {.name = browser_cookie(request.https),
          .value = std::move(value),
          .path = std::string(browser_path),
          .max_age = browser_known,
          .secure = request.https};
}

std::string known_at_sign_in(const Accounts& accounts, const http::Request& request) {
  const auto shown = request.cookie(browser_cookie(request.https));
  if (shown.size() <= token_length || request.body.size() > longest_known_form) return {};
  const auto form = decode_json<LoginForm>(request.body, Unknown::refused);
  if (!form) return {};
  const auto email = normal_email(form->email);
  return proves(accounts, shown, email) ? crypto::digest(email) : std::string();
}

std::string known_by_challenge(const Accounts& accounts, const http::Request& request) {
  if (request.body.size() > longest_known_form) return {};
  const auto form = decode_json<ChallengeForm>(request.body, Unknown::refused);
  if (!form || !proves(accounts, form->challenge.reveal(), for_challenge)) return {};
  return crypto::digest(form->challenge.reveal());
}

std::string new_challenge(const Accounts& accounts) {
  auto token = crypto::random_token(accounts.entropy);
  token += '.' + proof_of(accounts, token, for_challenge);
  return token;
}

http::Enveloped<SignedIn> welcome(Accounts& accounts, const http::Request& request, const BrowserCookie& browser,
                                  Welcomed welcomed) {
  http::Enveloped<SignedIn> out;
  static_cast<Profile&>(out.data) = std::move(welcomed.profile);
  if (wants_tokens(request)) {
    out.data.tokens = tokens_of(welcomed.issued);
    return out;
  }
  out.cookies = cookies_for(accounts, request, welcomed.issued);
  if (!browser.next.empty()) out.cookies.push_back(cookie_for(accounts, request, browser, out.data.email));
  return out;
}

void tell_bad_token(const Accounts& accounts, const http::Request& request, const Error& error) {
  // Not so what is said of the person, or of a wrong code, which has an entry of its own.
  const bool of_token =
      error.kind == Kind::forbidden || error.code == "TOKEN_EXPIRED" || error.code == "UNAUTHENTICATED";
  if (of_token && accounts.on_bad_token) accounts.on_bad_token(request, error);
}

}  // namespace tuition::accounts

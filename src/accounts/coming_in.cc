#include "accounts/coming_in.h"

#include <algorithm>

#include "accounts/accounts.h"
#include "accounts/authenticate.h"
#include "accounts/lockout.h"

namespace tuition::accounts {
namespace {

// Longer than any session, so that whoever is signed out by time is still known.
constexpr Duration browser_known = lockout::remembered;
constexpr std::string_view browser_path = "/api/auth";

std::string browser_cookie(bool https) { return https ? "__Secure-tuition_br" : "tuition_br"; }

// The shape of crypto::random_token: anything else was not made by us.
bool looks_like_token(std::string_view text) {
  return text.size() == 43 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

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
  const auto shown = request.cookie(browser_cookie(request.https));
  if (looks_like_token(shown)) browser.marks.shown = crypto::digest(shown);
  browser.marks.next = crypto::digest(browser.next);
  return browser;
}

http::Cookie cookie_for(const http::Request& request, const BrowserCookie& browser) {
  return {.name = browser_cookie(request.https),
          .value = browser.next,
          .path = std::string(browser_path),
          .max_age = browser_known,
          .secure = request.https};
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
  if (!browser.next.empty()) out.cookies.push_back(cookie_for(request, browser));
  return out;
}

}  // namespace tuition::accounts

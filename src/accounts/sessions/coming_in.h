#pragma once

// What the routes of this domain have in common on the wire: the cookies of a session, the tokens for clients that keep
// none, and the cookie by which a browser is known again (lockout.h).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/sessions/sessions.h"
#include "accounts/sessions/sign_in.h"
#include "accounts/wire.h"
#include "platform/http/json.h"

namespace tuition::accounts {

struct Accounts;

inline constexpr std::string_view refresh_path = "/api/auth/refresh";

std::vector<http::Cookie> cookies_for(Accounts& accounts, const http::Request& request, const Issued& issued);
// Deletes the session's cookies; the browser stays known.
std::vector<http::Cookie> no_cookies(const http::Request& request);

Tokens tokens_of(const Issued& issued);

// ?token=1: the tokens are wanted in the body, by a client that keeps no cookies.
bool wants_tokens(const http::Request& request);
SessionKind wanted_kind(const http::Request& request);

// The browser that asks, and the text that its cookie will be after a success; none for clients without cookies.
struct BrowserCookie {
  Browser marks{};
  std::string next{};
};
BrowserCookie browser_of(Accounts& accounts, const http::Request& request);
// To the text is added a proof that this browser is known at the account with that address, which nobody but us can
// make; not so where `email` is empty.
http::Cookie cookie_for(const Accounts& accounts, const http::Request& request, const BrowserCookie& browser,
                        std::string_view email);

// What a request may be counted as when its address has been counted out (http::Route::known_as). To sign in: the
// account, if the browser proves that it was let in there before; empty in particular for whoever guesses at accounts
// other than their own. To answer for a second step: the challenge, if it is one of ours.
std::string known_at_sign_in(const Accounts& accounts, const http::Request& request);
std::string known_by_challenge(const Accounts& accounts, const http::Request& request);
// The text of a new challenge, which such a request knows again.
std::string new_challenge(const Accounts& accounts);

// The answer to whoever has just come in, from that browser.
http::Enveloped<SignedIn> welcome(Accounts& accounts, const http::Request& request, const BrowserCookie& browser,
                                  Welcomed welcomed);

// What a verb made of a token in the request, told where it was refused (Accounts::on_bad_token).
void tell_bad_token(const Accounts& accounts, const http::Request& request, const Error& error);
template <class V>
Result<V> with_token(const Accounts& accounts, const http::Request& request, Result<V> made) {
  if (!made) tell_bad_token(accounts, request, made.error());
  return made;
}

// The answer where there is nothing to show but what was done.
inline http::Enveloped<http::NoData> said(std::string message) { return {.message = std::move(message)}; }

}  // namespace tuition::accounts

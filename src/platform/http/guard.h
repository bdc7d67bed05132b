#pragma once

// Who may come in. Checks in this order (each on its own line of admit()): known host, size of the body (the engine
// asks the route), origin, the address's limit, caller, access, scope of a key, cross-site forgery, then json()
// validates the form, then the caller's own limit, then the handler, which decides about rows.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/base/time.h"
#include "platform/http/authenticator.h"
#include "platform/http/limits.h"
#include "platform/http/network.h"
#include "platform/http/reply.h"
#include "platform/http/route.h"

namespace tuition::http {

struct GuardSettings {
  std::vector<std::string> hosts{};                // names this site answers to, without port; empty: any
  std::vector<std::string> origins{};              // other sites whose pages may call: "https://app.example.org"
  std::vector<std::string> trusted_proxies{};      // networks whose X-Forwarded-* are believed
  std::vector<std::string> admin_networks{};       // from where administrators may work; empty: anywhere
  std::vector<std::string> operations_networks{};  // who may read metrics without a key
  bool limits = true;
  Limit address{1000, seconds(60)};
  Limit auth{5, seconds(60)};  // of an address, and once more of each account that is known in the browser
  Limit api{100, seconds(60)};
  Limit admin{200, seconds(60)};
  Limit forms{100, seconds(900)};
  bool https = false;  // the site's public address is https
  bool hsts_subdomains = true;
  bool open = false;

  // Lets everything through: for servers that stand in for other people's.
  static GuardSettings open_to_all() {
    GuardSettings settings;
    settings.open = true;
    settings.limits = false;
    return settings;
  }
};

struct Refusal {
  Error error{};
  int status = 0;  // 0: the error's own
};

class Guard {
 public:
  // `authenticator` may be null: nobody is ever signed in. All three must outlive the guard.
  Guard(GuardSettings settings, Authenticator* authenticator, const Clock& clock, Entropy& entropy);

  // Told of every refusal once the route is known, and of proofs that were no good where none was needed; on the
  // front's threads: it must be brief and wait for nothing.
  // Before the first request.
  using Told = std::function<void(const Request&, const Route&, const Error&)>;
  void on_refusal(Told told) { told_ = std::move(told); }
  // That something was asked too often, whether the guard or a verb found so: the engine calls it as it answers.
  void tell_limited(const Request& request, const Route& route) const;

  // Takes whether calls are counted, and how many may be made; may be called while requests run.
  void change_limits(const GuardSettings& fresh);

  // Sets host, https and caller.ip of a request from what the peer says, as far as it is trusted; true when it is.
  bool identify(Request& request) const;
  std::optional<Refusal> check_host(const Request& request) const;
  // Everything up to the handler but the caller's own limit. Adds header lines for the answer.
  std::optional<Refusal> admit(Request& request, const Route& route, std::string& lines);
  std::optional<Error> count_call(const Request& request, const Route& route, std::string& lines);
  // Whether the caller of an admitted request may still be answered: false once the account is disabled or gone, the
  // session ended, or the role lost. A token whose hour is over while its answer is sent stays good for that answer.
  bool still_admits(const Request& request) const;
  // The answer to OPTIONS with Access-Control-Request-Method.
  Reply preflight(const Request& request, std::string_view allow) const;
  // Header lines of every answer. `own_policy`: the reply brings its own Content-Security-Policy.
  std::string_view security_lines(bool https, bool own_policy) const;

 private:
  struct OriginOf {
    bool present = false, own = false, listed = false;
  };
  OriginOf origin_of(const Request& request) const;
  std::optional<Refusal> check_origin(const Request& request, const Route& route, std::string& lines) const;
  std::optional<Refusal> count_address(const Request& request, const Route& route, std::string& lines);
  std::optional<Refusal> find_caller(Request& request, const Route& route);
  // From elsewhere than their networks administrators are people like all others, and so are staff who must set up a
  // second step first. Why, if so.
  enum class Confined { no, by_address, by_factor };
  Confined confine(Caller& caller) const;
  std::optional<Refusal> check_access(const Request& request, const Route& route, Confined confined) const;
  std::optional<Refusal> decide(Request& request, const Route& route, std::string& lines);
  std::optional<Refusal> check_scope(Request& request, const Route& route) const;
  std::optional<Refusal> check_forgery(const Request& request, const Route& route) const;
  std::optional<Error> take(std::string_view bucket, std::string_view key, const Limit& limit, std::string& lines);
  Limit limit_of(Bucket bucket) const;

  // A limit that may change, as one word: the count above, the seconds below.
  class ChangingLimit {
   public:
    void set(const Limit& limit);
    Limit get() const;

   private:
    std::atomic<std::uint64_t> packed_{0};
  };

  GuardSettings settings_;
  std::atomic<bool> limits_;
  ChangingLimit by_address_, by_auth_, by_api_, by_admin_, by_forms_;
  Told told_;
  Authenticator* authenticator_;
  const Clock& clock_;
  Counters counters_;
  Networks proxies_, admins_, operators_;
  std::string lines_[4];
};

}  // namespace tuition::http

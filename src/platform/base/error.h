#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tuition {

// Why something that may happen in a healthy program did not go through. http/problem.cc maps each to a status; nothing
// else knows statuses.
enum class Kind {
  invalid,             // a field fails its own rule
  bad_json,            // the body is not JSON at all
  rejected,            // somebody else refused what we were given: a gateway, a signature check
  unauthenticated,     // nobody is signed in, or the proof is not good
  payment_required,    // the thing exists, but access to it must be bought
  forbidden,           // signed in, but not allowed
  not_found,           // absent, or not yours to know about
  method_not_allowed,  //
  conflict,            // the present state does not allow it
  too_large,           //
  unsupported_media,   //
  unprocessable,       // well formed, but the combination cannot work
  rate_limited,        //
  provider,            // somebody we call did not answer as they should
  not_configured,      // the operator has not set this up
  unavailable,         // too busy, or shutting down: try again
  internal,            // a bug of ours
};

struct FieldProblem {
  std::string field;   // path as the sender wrote it: "prices[0].currency"
  std::string reason;  // a sentence part: "must be at least 12 characters"
};

// An expected failure. `code` is stable and documented (EMAIL_TAKEN), `safe` is for people, `detail` is for the log and
// never leaves the machine.
struct Error {
  Kind kind = Kind::internal;
  std::string code{};
  std::string safe{};
  std::string detail{};
  std::vector<FieldProblem> fields{};
  int retry_after_s = 0;
  std::string more{};  // further members for the client, encoded: "challenge":{...}
};

inline Error not_found(std::string safe) { return Error{Kind::not_found, "NOT_FOUND", std::move(safe)}; }

inline Error conflict(std::string code, std::string safe) {
  return Error{Kind::conflict, std::move(code), std::move(safe)};
}

inline Error unprocessable(std::string safe) { return Error{Kind::unprocessable, "UNPROCESSABLE", std::move(safe)}; }

// One field that is wrong for a reason its table cannot know.
inline Error invalid_field(std::string field, std::string reason) {
  return Error{Kind::invalid,
               "VALIDATION_ERROR",
               "Please check the marked fields.",
               {},
               {FieldProblem{std::move(field), std::move(reason)}}};
}

}  // namespace tuition

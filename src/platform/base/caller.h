#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/id.h"

namespace tuition {

enum class Role { user, instructor, admin };

constexpr auto names_of(Role) {
  return std::array{std::pair{Role::user, std::string_view{"user"}},
                    std::pair{Role::instructor, std::string_view{"instructor"}},
                    std::pair{Role::admin, std::string_view{"admin"}}};
}

// Who is asking, with what rights, and from where. Every verb that reads or changes somebody's rows takes one.
struct Caller {
  enum class Sort { anonymous, person, key, system };

  Sort sort = Sort::anonymous;
  UserId user{};
  Role role = Role::user;
  bool owner = false;
  SessionId session{};
  bool by_cookie = false;             // subject to CSRF checks
  std::vector<std::string> scopes{};  // of an API key
  std::string key{};                  // its id
  bool lacks_factor = false;          // staff who must set up a second step first
  std::string ip{};                   // the client's address, after trusted proxies
  std::string user_agent{};
  std::string request_id{};

  bool signed_in() const { return !user.empty(); }
  bool is_admin() const { return sort == Sort::system || role == Role::admin; }
  bool is_staff() const { return is_admin() || role == Role::instructor; }
  bool is(const UserId& id) const { return signed_in() && user == id; }
  bool may(std::string_view scope) const {
    return sort != Sort::key || std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
  }
};

// The program itself: jobs, schedules, the command line.
inline Caller system_caller() {
  Caller caller;
  caller.sort = Caller::Sort::system;
  return caller;
}

}  // namespace tuition

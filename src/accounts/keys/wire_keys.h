#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/factors/wire_factors.h"
#include "accounts/types.h"
#include "platform/base/fields_json.h"
#include "platform/base/secret.h"

namespace tuition::accounts {

// What a key may be allowed: a route that keys may use names one of these. What the words say holds within what the
// person may do themselves.
enum class KeyScope {
  profile_read,
  profile_write,
  courses_read,
  courses_write,
  progress_read,
  progress_write,
  billing_read,
  billing_write,
  users_read,
  users_write,
  ops
};

constexpr auto names_of(KeyScope) {
  return std::array{std::pair{KeyScope::profile_read, std::string_view{"profile:read"}},
                    std::pair{KeyScope::profile_write, std::string_view{"profile:write"}},
                    std::pair{KeyScope::courses_read, std::string_view{"courses:read"}},
                    std::pair{KeyScope::courses_write, std::string_view{"courses:write"}},
                    std::pair{KeyScope::progress_read, std::string_view{"progress:read"}},
                    std::pair{KeyScope::progress_write, std::string_view{"progress:write"}},
                    std::pair{KeyScope::billing_read, std::string_view{"billing:read"}},
                    std::pair{KeyScope::billing_write, std::string_view{"billing:write"}},
                    std::pair{KeyScope::users_read, std::string_view{"users:read"}},
                    std::pair{KeyScope::users_write, std::string_view{"users:write"}},
                    std::pair{KeyScope::ops, std::string_view{"ops"}}};
}

// What somebody must be to give it to a key.
constexpr Role role_for(KeyScope scope) {
  switch (scope) {
    case KeyScope::users_read:
    case KeyScope::users_write:
    case KeyScope::ops: return Role::admin;
    case KeyScope::courses_write: return Role::instructor;
    case KeyScope::profile_read:
    case KeyScope::profile_write:
    case KeyScope::courses_read:
    case KeyScope::progress_read:
    case KeyScope::progress_write:
    case KeyScope::billing_read:
    case KeyScope::billing_write: break;
  }
  return Role::user;
}

struct ApiKeyForm {
  std::string name{};
  std::vector<KeyScope> scopes{};
  std::optional<Instant> expires_at{};
  std::optional<Secret> password{};
  std::optional<std::string> code{};
};
constexpr auto fields_of(const ApiKeyForm*) {
  return table("ApiKeyForm",
               field("name", &ApiKeyForm::name, "What the key is for, in the person's own words.", length(1, 100)),
               field("scopes", &ApiKeyForm::scopes, "What it may do; at least one thing.", items(1, 11)),
               field("expiresAt", &ApiKeyForm::expires_at, "Until when it works; for good when not given."),
               field("password", &ApiKeyForm::password, password_once_more, password_text()),
               field("code", &ApiKeyForm::code, code_where_any, code_text()));
}

inline void check_form(const ApiKeyForm& form, FormProblems& problems) {
  if (form.scopes.empty()) problems.add("scopes", "must name at least one thing the key may do");
  for (std::size_t i = 0; i < form.scopes.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (form.scopes[i] == form.scopes[j]) problems.add("scopes", "names the same thing twice");
}

struct ApiKeyView {
  std::string id{};
  std::string name{};
  std::string prefix{};
  std::vector<std::string> scopes{};
  Instant created_at{};
  std::optional<Instant> last_used_at{};
  std::optional<Instant> expires_at{};
};
constexpr auto fields_of(const ApiKeyView*) {
  return table("ApiKey", field("id", &ApiKeyView::id, "The key's id.", formatted(Format::uuid)),
               field("name", &ApiKeyView::name, "What it is for."),
               field("prefix", &ApiKeyView::prefix, "How it begins: the rest was shown once."),
               field("scopes", &ApiKeyView::scopes, "What it may do."),
               field("createdAt", &ApiKeyView::created_at, "When it was made."),
               field("lastUsedAt", &ApiKeyView::last_used_at, "When it was last used."),
               field("expiresAt", &ApiKeyView::expires_at, "Until when it works; none: until it is ended."));
}

struct NewApiKey : ApiKeyView {
  std::string secret{};
};
constexpr auto fields_of(const NewApiKey*) {
  constexpr auto key = fields_of(static_cast<const ApiKeyView*>(nullptr)).fields;
  constexpr auto more =
      fields(field("secret", &NewApiKey::secret, "The key itself, for Authorization: Bearer. Shown this once."));
  return table("NewApiKey", joined(key, more));
}

struct OwnedApiKey : ApiKeyView {
  UserId user_id{};
  std::string email{};
  std::optional<std::string> full_name{};
};
constexpr auto fields_of(const OwnedApiKey*) {
  constexpr auto key = fields_of(static_cast<const ApiKeyView*>(nullptr)).fields;
  constexpr auto more = fields(field("userId", &OwnedApiKey::user_id, "Who made it and is acted for."),
                               field("email", &OwnedApiKey::email, "Their address."),
                               field("fullName", &OwnedApiKey::full_name, "Their name, if they gave one."));
  return table("OwnedApiKey", joined(key, more));
}

struct ApiKeyListQuery {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<UserId> user{};
};
constexpr auto fields_of(const ApiKeyListQuery*) {
  return table("ApiKeyListQuery",
               field("limit", &ApiKeyListQuery::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &ApiKeyListQuery::cursor, "Where the page before ended, as it said.", length(1, 200)),
               field("user", &ApiKeyListQuery::user, "Only the keys of this person.", formatted(Format::uuid, 36)));
}

}  // namespace tuition::accounts

#include "accounts/keys/api_keys.h"

#include <limits>

#include "accounts/accounts.h"
#include "accounts/directory/changes.h"
#include "accounts/factors/second_step.h"
#include "accounts/keys/store_keys.h"
#include "accounts/passwords/password_proof.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

constexpr std::size_t prefix_length = 12;  // of which four letters are the head

Error no_such_key() { return not_found("There is no such key."); }
Error refused(std::string safe) { return {Kind::unauthenticated, "UNAUTHENTICATED", std::move(safe)}; }

// A JSON list of words, as it is stored.
std::string to_list(const std::vector<KeyScope>& scopes) {
  std::string list = "[";
  for (const auto scope : scopes) {
    if (list.size() > 1) list += ',';
    append_json_text(list, name_of(scope));
  }
  return list + "]";
}

std::vector<std::string> from_list(const JsonText& list) {
  std::vector<std::string> words;
  const auto node = parse_json(list.text);
  if (!node) return words;
  for (const auto& item : node->items) words.push_back(item.text);
  return words;
}

template <class View>
View view_of(const Accounts& accounts, store::ApiKey row) {
  View view;
  view.last_used_at = row.last_used_at;
  // What was not written down yet is newer.
  if (const auto used = accounts.keys.used_at(row.id)) view.last_used_at = used;
  view.id = std::move(row.id);
  view.name = std::move(row.name);
  view.prefix = std::move(row.prefix);
  view.scopes = from_list(row.scopes);
  view.created_at = row.created_at;
  view.expires_at = row.expires_at;
  return view;
}

// For the trail: what else is done with the key stands there with its id alone.
struct KeyNamed {
  std::string key_id;
  std::string key_name;
};
constexpr auto fields_of(const KeyNamed*) {
  return table("KeyNamed", field("keyId", &KeyNamed::key_id, "The key's id."),
               field("keyName", &KeyNamed::key_name, "What its owner calls it."));
}

void note(WriteTx& tx, Accounts& accounts, const Caller& caller, std::string action, const store::ApiKey& key,
          std::string description) {
  audit::record(tx, {.at = accounts.clock.now(),
                     .actor = caller,
                     .action = std::move(action),
                     .category = audit::Category::security,
                     .severity = caller.is(key.user) ? audit::Severity::info : audit::Severity::warning,
                     .target_type = "user",
                     .target_id = key.user.text(),
                     .description = std::move(description),
                     .metadata = {to_json(KeyNamed{key.id, key.name})}});
}

Result<void> check_form(const ApiKeyForm& form, Role role, Instant now) {
  if (form.scopes.empty()) return invalid_field("scopes", "must name at least one thing the key may do");
  for (std::size_t i = 0; i < form.scopes.size(); ++i) {
    if (role_for(form.scopes[i]) > role)
      return invalid_field(
          "scopes", "must not have " + std::string(name_of(form.scopes[i])) + ": your own role does not allow it");
    for (std::size_t j = 0; j < i; ++j)
      if (form.scopes[i] == form.scopes[j]) return invalid_field("scopes", "must not name the same thing twice");
  }
  if (form.expires_at && *form.expires_at <= now) return invalid_field("expiresAt", "must be in the future");
  return {};
}

void end(WriteTx& tx, Accounts& accounts, const Caller& caller, const store::ApiKey& key) {
  store::revoke_key(tx, key.id, accounts.clock.now());
  note(tx, accounts, caller, "account.api_key_ended", key,
       "Ended the API key " + key.prefix + "... (" + key.name + ").");
  tx.after_commit([&accounts, id = key.id] { accounts.keys.drop(id); });
}

Result<NewApiKey> add_key_of(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user,
                             const ApiKeyForm& form) {
  const Instant now = accounts.clock.now();
  const auto person = store::user(tx, user);
  if (!person || person->status != UserStatus::active) return not_found("There is no such person.");
  TRY(check_form(form, person->role, now));
  if (store::count_keys(tx, user) >= keys_per_person)
    return conflict("TOO_MANY_KEYS", "There are " + std::to_string(keys_per_person) +
                                         " keys already. Please end one that is not needed any more.");
  const std::string secret = std::string(key_head) + crypto::random_token(accounts.entropy);
  const auto digest = crypto::digest(secret);
  const store::ApiKey row{.id = new_uuid(accounts.clock, accounts.entropy),
                          .user = user,
                          .name = form.name,
                          .prefix = secret.substr(0, prefix_length),
                          .scopes = {to_list(form.scopes)},
                          .expires_at = form.expires_at,
                          .created_at = now};
  store::add_key(tx, row, digest);
  note(tx, accounts, caller, "account.api_key_made", row,
       "Made the API key " + row.prefix + "... (" + row.name + ") for " + join(from_list(row.scopes), ", ") + ".");
  outreach::enqueue(tx, accounts.outreach, {.email = person->email, .user = user},
                    outreach::ApiKeyMade{.name = person->full_name.value_or(""), .key_name = row.name});
  tx.after_commit([&accounts, digest, key = KnownKeys::Key{row.id, user, from_list(row.scopes), row.expires_at},
                   is = Standing::Person{person->status, person->role, person->owner}] {
    accounts.standing.keep(key.user, is);
    accounts.keys.add(digest, key);
  });
  auto made = view_of<NewApiKey>(accounts, row);
  made.secret = secret;
  return made;
}

}  // namespace

std::vector<ApiKeyView> keys_of(Accounts& accounts, const Caller& caller) {
  std::vector<ApiKeyView> views;
  for (auto& row : accounts.db.read([&](ReadTx& tx) { return store::keys_of(tx, caller, caller.user); }))
    views.push_back(view_of<ApiKeyView>(accounts, std::move(row)));
  return views;
}

Result<NewApiKey> make_key(Accounts& accounts, const Caller& caller, const ApiKeyForm& form, const Browser& browser) {
  const auto& who = accounts.options.api_keys;
  if (who == "nobody" || (who == "admins" && !caller.is_admin()))
    return Error{Kind::forbidden, "FORBIDDEN",
                 who == "nobody" ? "The school does not use API keys." : "API keys are for administrators here."};
  TRY(check_password_given(form.password));
  TRY(check_form(form, caller.role, accounts.clock.now()));
  TRY(check_code_given(accounts, caller, form.code));
  TRY(prove_password(accounts, caller, form.password, browser));
  NewApiKey made;
  const auto make = [&](WriteTx& tx) -> Result<void> {
    made = TRY(add_key_of(tx, accounts, caller, caller.user, form));
    return {};
  };
  TRY(spend_code_if_any(accounts, caller, form.code, browser, make));
  return made;
}

Result<NewApiKey> make_key_for(Accounts& accounts, const Caller& caller, const UserId& user, const ApiKeyForm& form) {
  return accounts.db.write([&](WriteTx& tx) { return add_key_of(tx, accounts, caller, user, form); });
}

Result<void> end_key(Accounts& accounts, const Caller& caller, const std::string& id) {
  return accounts.db.write([&](WriteTx& tx) -> Result<void> {
    const auto key = store::key(tx, caller, id);
    if (!key || !caller.is(key->user)) return no_such_key();
    end(tx, accounts, caller, *key);
    return {};
  });
}

void end_keys_of(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user) {
  for (const auto& key : store::keys_of(tx, caller, user)) end(tx, accounts, caller, key);
}

Result<Page<OwnedApiKey>> list_keys(Accounts& accounts, const Caller& caller, const ApiKeyListQuery& query) {
  Instant before{std::numeric_limits<std::int64_t>::max()};
  std::string before_id;
  if (query.cursor) {
    const auto parts = split(*query.cursor, '.');
    const auto moment = parse_integer(parts.front());
    if (parts.size() != 2 || !moment || !is_uuid(parts.back()))
      return invalid_field("cursor", "is no place in this list: begin again without it");
    before = Instant{*moment};
    before_id = parts.back();
  }
  Page<OwnedApiKey> page;
  page.limit = query.limit.value_or(page_limit_default);
  auto rows = accounts.db.read([&](ReadTx& tx) {
    return store::all_keys(tx, caller, query.user.value_or(UserId{}), before, before_id, page.limit + 1);
  });
  if (static_cast<std::int64_t>(rows.size()) > page.limit) {
    rows.resize(static_cast<std::size_t>(page.limit));
    page.next = std::to_string(rows.back().key.created_at.ms) + "." + rows.back().key.id;
  }
  for (auto& row : rows) {
    auto view = view_of<OwnedApiKey>(accounts, row.key);
    view.user_id = row.key.user;
    view.email = std::move(row.email);
    view.full_name = std::move(row.full_name);
    page.rows.push_back(std::move(view));
  }
  return page;
}

Result<void> end_key_of_somebody(Accounts& accounts, const Caller& caller, const std::string& id) {
  return accounts.db.write([&](WriteTx& tx) -> Result<void> {
    const auto key = store::key_by_name(tx, caller, id);
    if (!key) return no_such_key();
    TRY(directory::governed(tx, caller, key->user));
    end(tx, accounts, caller, *key);
    return {};
  });
}

void load_keys(ReadTx& tx, Accounts& accounts) {
  for (const auto& held : store::held_keys(tx)) {
    accounts.standing.keep(held.user, {held.status, held.role, held.owner});
    accounts.keys.add(held.hash, {held.id, held.user, from_list(held.scopes), held.expires_at});
  }
}

void note_uses(Accounts& accounts) {
  const auto uses = accounts.keys.take_uses();
  if (uses.empty()) return;
  accounts.db.write([&](WriteTx& tx) {
    for (const auto& use : uses) store::set_used(tx, use.id, use.at);
  });
}

Result<Caller> caller_with_key(Accounts& accounts, const Caller& from, std::string_view key) {
  // Found by its digest: how long that takes says nothing about the key.
  const auto known = accounts.keys.find(crypto::digest(key));
  if (!known) return refused("This API key is not valid.");
  const Instant now = accounts.clock.now();
  if (known->expires_at && *known->expires_at <= now)
    return Error{Kind::unauthenticated, "TOKEN_EXPIRED", "This API key has run out. Please make a new one."};
  const auto person = accounts.standing.kept(known->user);
  if (!person || person->status != UserStatus::active) return refused("This account is not active.");
  accounts.keys.note_use(known->id, now);
  Caller caller = from;
  caller.sort = Caller::Sort::key;
  caller.user = known->user;
  caller.role = person->role;
  caller.owner = false;  // what is for owners alone takes one who is signed in
  caller.key = known->id;
  caller.scopes = known->scopes;
  return caller;
}

}  // namespace tuition::accounts

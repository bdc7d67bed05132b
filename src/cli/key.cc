#include <iostream>

#include "accounts/figures.h"
#include "cli/closed_school.h"
#include "cli/verbs.h"
#include "platform/base/json.h"
#include "platform/base/text.h"

namespace tuition::cli {
namespace {

std::string until(const std::optional<Instant>& at) { return at ? to_text(*at) : "ended"; }

Json to_json_row(const accounts::OwnedApiKey& key) {
  return {{"id", key.id},
          {"email", key.email},
          {"name", key.name},
          {"prefix", key.prefix},
          {"scopes", key.scopes},
          {"createdAt", to_text(key.created_at)},
          {"lastUsedAt", key.last_used_at ? Json(to_text(*key.last_used_at)) : Json(nullptr)},
          {"expiresAt", key.expires_at ? Json(to_text(*key.expires_at)) : Json(nullptr)}};
}

}  // namespace

int key_add(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string email;
  std::string name;
  std::string scopes;
  std::string days_valid;
  bool json = false;
  line.argument("email", email, "Whom the key acts for");
  line.option("name", name, "What the key is for");
  line.option("scopes", scopes, "What it may do, separated by commas: profile:read, users:write, ops ...");
  line.option("days", days_valid, "How many days it works; until it is ended when not given");
  line.flag("json", json, "As JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;
  accounts::ApiKeyForm form{.name = std::string(trim(name))};
  if (form.name.empty() || count_code_points(form.name) > 100) {
    complain(call, "--name: say in 1 to 100 letters what the key is for");
    return exit_code::usage;
  }
  for (const auto word : split(scopes, ',')) {
    const auto scope = named<accounts::KeyScope>(trim(word));
    if (!scope) {
      std::string known;
      for (const auto& [each, text] : names_of(accounts::KeyScope{})) known += " " + std::string(text);
      complain(call, "--scopes: must be some of:" + known);
      return exit_code::usage;
    }
    form.scopes.push_back(*scope);
  }
  const auto lasts = days_valid.empty() ? std::optional<std::int64_t>(0) : parse_integer(days_valid);
  if (!lasts || *lasts < 0 || *lasts > 3650 || (!days_valid.empty() && *lasts == 0)) {
    complain(call, "--days: must be between 1 and 3650");
    return exit_code::usage;
  }

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  app::App& app = (*closed)->app();
  const auto person =
      app.db.read([&](ReadTx& tx) { return accounts::person_by_email(tx, accounts::normal_email(email)); });
  if (!person) {
    complain(call, "nobody here has the address " + email);
    return exit_code::failed;
  }
  if (*lasts > 0) form.expires_at = app.outside.clock.now() + days(*lasts);
  const auto made = accounts::make_key_for(app.accounts, system_caller(), person->id, form);
  if (!made) {
    complain(call, made.error());
    return exit_code::failed;
  }
  if (json) {
    std::cout
        << Json{{"id", made->id}, {"prefix", made->prefix}, {"secret", made->secret}, {"email", person->email}}.dump()
        << '\n';
  } else {
    std::cout << "The key " << made->name << " for " << person->email << ", shown this once: " << made->secret << '\n';
  }
  return exit_code::done;
}

int key_revoke(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string which;
  line.argument("key", which, "The key's first letters (tuk_ and eight more) or its id, as `key list` shows them");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  const auto done = accounts::end_key_of_somebody((*closed)->app().accounts, system_caller(), which);
  if (!done) {
    complain(call, done.error());
    return exit_code::failed;
  }
  std::cout << "The key " << which << " does not work any more.\n";
  return exit_code::done;
}

int key_list(const Invocation& call) {
  School school;
  CommandLine line(call);
  bool json = false;
  line.flag("json", json, "As JSON, one line each");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  accounts::ApiKeyListQuery query{.limit = 100};
  for (;;) {
    const auto page = accounts::list_keys((*closed)->app().accounts, system_caller(), query);
    if (!page) {
      complain(call, page.error());
      return exit_code::failed;
    }
    for (const auto& key : page->rows) {
      if (json) {
        std::cout << to_json_row(key).dump() << '\n';
      } else {
        std::cout << key.prefix << "...  " << key.email << "  " << key.name << "  (" << join(key.scopes, ", ")
                  << ")  until " << until(key.expires_at) << '\n';
      }
    }
    if (!page->next) return exit_code::done;
    query.cursor = page->next;
  }
}

}  // namespace tuition::cli

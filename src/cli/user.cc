#include <iostream>

#include "accounts/figures.h"
#include "audit/audit.h"
#include "cli/closed_school.h"
#include "cli/password_input.h"
#include "cli/verbs.h"
#include "platform/base/json.h"
#include "platform/base/text.h"

namespace tuition::cli {
namespace {

const std::vector<std::string> roles{"user", "instructor", "admin"};

// The password as its flags say; the exit code in its place when there is none.
struct PasswordFlags {
  bool generate = false;
  bool from_input = false;

  void declare(CommandLine& line) {
    line.flag("generate", generate, "Make a password and show it once");
    line.flag("password-stdin", from_input, "Read the password from standard input");
  }
  PasswordFrom from() const {
    if (generate) return PasswordFrom::chance;
    return from_input ? PasswordFrom::input : PasswordFrom::terminal;
  }
};

int give_up(const Invocation& call, const NoPassword& missing) {
  if (missing.interrupted) return exit_code::interrupted;
  complain(call, missing.why);
  return exit_code::failed;
}

std::optional<accounts::Person> find(Database& db, const std::string& email) {
  return db.read([&](ReadTx& tx) { return accounts::person_by_email(tx, accounts::normal_email(email)); });
}

int nobody(const Invocation& call, const std::string& email) {
  complain(call, "nobody here has the address " + email);
  return exit_code::failed;
}

}  // namespace

int user_add(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string email;
  std::string role = "user";
  std::string name;
  bool owner = false;
  bool json = false;
  PasswordFlags password;
  line.argument("email", email, "The person's address");
  line.option("role", role, "user, instructor or admin");
  line.option("name", name, "The person's full name");
  line.flag("owner", owner, "The owner of the school: an admin who cannot be removed by others");
  password.declare(line);
  line.flag("json", json, "As JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;
  const auto as = named<Role>(role);
  if (!as) {
    complain(call, "--role: must be user, instructor or admin");
    return exit_code::usage;
  }
  if (!looks_like_email(email)) {
    complain(call, email + " is no address");
    return exit_code::usage;
  }
  if (owner && *as != Role::admin) {
    complain(call, "--owner goes with --role admin");
    return exit_code::usage;
  }

  const auto closed = ClosedSchool::open(school, storage::Missing::create);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  app::App& app = (*closed)->app();
  if (find(app.db, email)) {
    complain(call, email + " has an account already");
    return exit_code::failed;
  }
  const auto read = read_password(password.from(), app.accounts.entropy);
  if (!read.password) return give_up(call, read.missing);
  const auto hash = accounts::hash_new_password(app.accounts, *read.password, email, name);
  if (!hash) {
    complain(call, hash.error());
    return exit_code::failed;
  }
  const auto made = app.db.write([&](WriteTx& tx) -> Result<UserId> {
    const auto id = TRY(accounts::create_user(
        tx, app.accounts,
        {.email = email, .password_hash = *hash, .full_name = name, .role = *as, .owner = owner, .verified = true}));
    audit::record(tx, {.at = app.outside.clock.now(),
                       .actor = system_caller(),
                       .action = "account.created",
                       .category = audit::Category::security,
                       .target_type = "user",
                       .target_id = id.text(),
                       .description = "Made on the command line with role " + role + (owner ? " and owner." : ".")});
    return id;
  });
  if (!made) {
    complain(call, made.error());
    return exit_code::failed;
  }
  if (json) {
    Json out{{"id", made->text()}, {"email", accounts::normal_email(email)}, {"role", role}, {"owner", owner}};
    if (password.generate) out["password"] = read.password->reveal();
    std::cout << out.dump() << '\n';
  } else {
    std::cout << accounts::normal_email(email) << " is " << (owner ? "owner" : role) << " now.\n";
    if (password.generate) std::cout << "Password, shown this once: " << read.password->reveal() << '\n';
  }
  return exit_code::done;
}

int user_passwd(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string email;
  PasswordFlags password;
  line.argument("email", email, "The person's address");
  password.declare(line);
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  app::App& app = (*closed)->app();
  const auto person = find(app.db, email);
  if (!person) return nobody(call, email);
  const auto read = read_password(password.from(), app.accounts.entropy);
  if (!read.password) return give_up(call, read.missing);
  const auto done = accounts::set_password(app.accounts, system_caller(), person->id, *read.password);
  if (!done) {
    complain(call, done.error());
    return exit_code::failed;
  }
  std::cout << person->email << " has a new password; their sessions are over.\n";
  if (password.generate) std::cout << "Password, shown this once: " << read.password->reveal() << '\n';
  return exit_code::done;
}

int user_role(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string email;
  std::string role;
  line.argument("email", email, "The person's address");
  line.argument("role", role, "user, instructor or admin", roles);
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  app::App& app = (*closed)->app();
  const auto person = find(app.db, email);
  if (!person) return nobody(call, email);
  const auto done = accounts::set_standing(app.accounts, system_caller(), person->id, {.role = named<Role>(role)});
  if (!done) {
    complain(call, done.error());
    return exit_code::failed;
  }
  std::cout << person->email << " is " << role << " now.\n";
  return exit_code::done;
}

namespace {

int set_status(const Invocation& call, accounts::UserStatus status, std::string_view words) {
  School school;
  CommandLine line(call);
  std::string email;
  line.argument("email", email, "The person's address");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  app::App& app = (*closed)->app();
  const auto person = find(app.db, email);
  if (!person) return nobody(call, email);
  const auto done = accounts::set_standing(app.accounts, system_caller(), person->id, {.status = status});
  if (!done) {
    complain(call, done.error());
    return exit_code::failed;
  }
  std::cout << person->email << words << '\n';
  return exit_code::done;
}

}  // namespace

int user_disable(const Invocation& call) {
  return set_status(call, accounts::UserStatus::disabled, " is kept out; their sessions are over.");
}

int user_enable(const Invocation& call) {
  return set_status(call, accounts::UserStatus::active, " may come in again.");
}

int user_reset_mfa(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string email;
  line.argument("email", email, "The person's address");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  app::App& app = (*closed)->app();
  const auto person = find(app.db, email);
  if (!person) return nobody(call, email);
  app.db.write([&](WriteTx& tx) { accounts::reset_mfa(tx, app.accounts, system_caller(), person->id); });
  std::cout << person->email << " signs in by password alone now; their sessions are over.\n";
  return exit_code::done;
}

}  // namespace tuition::cli

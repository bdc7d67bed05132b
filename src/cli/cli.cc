#include "cli/cli.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>

#include "cli/verbs.h"
#include "platform/base/rations.h"
#include "platform/config/suggest.h"
#include "platform/storage/data_folder.h"
#include "platform/storage/fault.h"
#include "platform/storage/open.h"

namespace tuition::cli {
namespace {

constexpr Verb table[] = {
    {"serve", "Run the school: web app, API and background work in one process.",
     "tuition serve --data /var/lib/tuition --site-base-url https://school.example.org", serve},
    {"dev", "Run a demo school with pretend payments and mail: nothing to set up, no money moves.",
     "tuition dev --data ./data --port 8080", dev},
    {"sandbox", "Run the pretend Stripe, Paystack and mail server alone, for other programs to be built against.",
     "tuition sandbox --port 12111 --webhooks http://localhost:3000/webhooks/stripe", sandbox},
    {"migrate", "Bring the database to this version's schema, after a backup; --dry-run only lists the steps.",
     "tuition migrate --data /var/lib/tuition --dry-run", migrate},
    {"backup", "Copy the school into one file while it runs; --verify opens the copy and checks it whole.",
     "tuition backup --data /var/lib/tuition --to /srv/backups/school.db --verify", backup},
    {"restore", "Put a backup in the place of the school's database, after checking it; the server must be stopped.",
     "tuition restore --data /var/lib/tuition --from /srv/backups/school.db", restore},
    {"doctor", "Check folder, disk, database, clock, settings and providers; each finding with its remedy.",
     "tuition doctor --data /var/lib/tuition --online", doctor},
    {"healthcheck", "Exit 0 when the configured server answers, 1 when not: for containers without curl.",
     "tuition healthcheck --port 8080", healthcheck},
    {"config show", "Print every setting with where its value comes from; secrets stay hidden.",
     "tuition config show --config /etc/tuition/tuition.toml", config_show},
    {"config check", "Say all that is wrong with the configuration, or nothing.",
     "tuition config check --config /etc/tuition/tuition.toml", config_check},
    {"config sample", "Print a commented configuration file with every setting and its default.",
     "tuition config sample > /etc/tuition/tuition.toml", config_sample},
    {"user add", "Make an account; asks for the password, or makes one and shows it once.",
     "tuition user add owner@school.example --role admin --owner --generate", user_add},
    {"user passwd", "Set somebody's password and end their sessions.", "tuition user passwd ada@school.example",
     user_passwd},
    {"user role", "Make somebody a user, an instructor or an admin.", "tuition user role ada@school.example instructor",
     user_role},
    {"user disable", "Keep somebody out and end their sessions; nothing of theirs is deleted.",
     "tuition user disable ada@school.example", user_disable},
    {"user enable", "Let somebody in again.", "tuition user enable ada@school.example", user_enable},
    {"user reset-mfa", "Remove somebody's second step, once they have shown who they are; ends their sessions.",
     "tuition user reset-mfa ada@school.example", user_reset_mfa},
    {"key add", "Make an API key for a program that acts in somebody's name; shows it once.",
     "tuition key add ada@school.example --name backup --scopes ops --days 365", key_add},
    {"key revoke", "End an API key, at once and for good.", "tuition key revoke tuk_AbCdEfGh", key_revoke},
    {"key list", "Everybody's API keys: how they begin, whose they are, what they may do.", "tuition key list",
     key_list},
    {"course import", "Make a course of a folder of Markdown files, or change the one of the same name to it.",
     "tuition course import hear-what-you-play --check", course_import},
    {"course export", "Write a course as the folder it can be imported from.",
     "tuition course export hear-what-you-play --into /tmp", course_export},
    {"import users", "Add people from a table: email, fullName, role, passwordHash. All of it or nothing.",
     "tuition import users people.csv --check", import_users},
    {"reconcile",
     "Compare our books with the payment providers'; repair or list what differs. The server must be down.",
     "tuition reconcile --provider paystack --since 2026-11-01", reconcile},
    {"audit verify", "Check that the trail of who did what is as it was written; names the first entry that is not.",
     "tuition audit verify --data /var/lib/tuition", audit_verify},
    {"generate", "Fill a new database with a synthetic school for measuring, and write its tokens to a file.",
     "tuition generate --data /tmp/school --users 10000 --lessons 200 --out school.json", generate},
    {"describe", "Print what the program offers: routes, options, metrics, messages, jobs, openapi, tables or man.",
     "tuition describe openapi", describe},
    {"version", "Print the version, and with --json those of the libraries inside.", "tuition version --json", version},
    {"completion", "Print completions for bash.", "tuition completion > /etc/bash_completion.d/tuition", completion},
};

// Files opened later must not get the number of a standard stream: text meant for it would land in the database.
void occupy_standard_descriptors() {
  for (int descriptor = 0; descriptor < 3; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) == -1) static_cast<void>(::open("/dev/null", O_RDWR));
  }
}

void print_help(std::ostream& out, std::string_view below) {
  std::size_t width = 0;
  for (const Verb& verb : table) width = std::max(width, verb.name.size());
  if (below.empty()) out << "tuition: an online school in one program.\n\nUsage: tuition VERB [options]\n\n";
  for (const Verb& verb : table) {
    if (!below.empty() && !verb.name.starts_with(below)) continue;
    out << "  " << verb.name << std::string(width - verb.name.size() + 2, ' ') << verb.sentence << '\n';
  }
  out << "\n`tuition VERB --help` explains one, with an example.\n";
}

bool asks_for_help(std::string_view word) { return word == "--help" || word == "-h"; }

int explain_unknown(const std::vector<std::string>& words) {
  // `tuition user`: the first word of several verbs.
  const std::string group = words.front() + " ";
  const bool known =
      std::any_of(std::begin(table), std::end(table), [&](const Verb& verb) { return verb.name.starts_with(group); });
  if (known && words.size() == 1) {
    print_help(std::cerr, group);
    return exit_code::usage;
  }
  if (known && asks_for_help(words[1])) {
    print_help(std::cout, group);
    return exit_code::done;
  }
  std::vector<std::string> names;
  for (const Verb& verb : table) names.emplace_back(verb.name);
  std::string word = words.front();
  if (known) word += " " + words[1];
  const std::string meant = config::suggest(word, names);
  std::cerr << "tuition: there is no verb `" << word << "`";
  if (!meant.empty()) std::cerr << "; did you mean `" << meant << "`?";
  std::cerr << "\n`tuition --help` lists them.\n";
  return exit_code::usage;
}

int run_guarded(const Invocation& call) {
  const auto complain = [&](const std::string& what) {
    std::cerr << "tuition " << call.verb.name << ": " << what << '\n';
  };
  try {
    const int code = call.verb.run(call);
    std::cout.flush();
    if (!std::cout) {
      complain("the output could not be written");
      return exit_code::failed;
    }
    return code;
  } catch (const storage::FolderInUse& refused) {
    complain(refused.what());
    return exit_code::temporary;
  } catch (const storage::OpenRefused& refused) {
    complain(refused.what());
  } catch (const Fault& fault) {
    std::string what = fault.what();
    if (!call.database.empty() && what.find('/') == std::string::npos) what = call.database + ": " + what;
    if (fault.sort() == Fault::Sort::corrupt)
      what += "; tuition doctor says more, tuition restore puts a backup in its place";
    complain(what);
    if (fault.sort() == Fault::Sort::busy) return exit_code::temporary;
  } catch (const std::exception& broken) {
    complain(broken.what());
  }
  return exit_code::failed;
}

}  // namespace

std::span<const Verb> verbs() { return table; }

int run(int argc, char** argv) {
  occupy_standard_descriptors();
  live_within_rations();
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (!words.empty() && words.front() == "--version") words.front() = "version";
  if (words.empty()) {
    print_help(std::cerr, {});
    return exit_code::usage;
  }
  if (asks_for_help(words.front()) || words.front() == "help") {
    if (words.size() == 1 || asks_for_help(words[1]) || words[1] == "help") {
      print_help(std::cout, {});
      return exit_code::done;
    }
    // `tuition help user add` is `tuition user add --help`.
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  for (const Verb& verb : table) {
    const std::size_t count = verb.name.find(' ') == std::string_view::npos ? 1 : 2;
    if (words.size() < count) continue;
    const std::string named = count == 1 ? words[0] : words[0] + " " + words[1];
    if (named != verb.name) continue;
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count));
    return run_guarded({verb, std::move(words)});
  }
  return explain_unknown(words);
}

}  // namespace tuition::cli

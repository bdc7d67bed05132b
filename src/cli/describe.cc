#include <algorithm>
#include <iostream>
#include <sstream>

#include "app/docs.h"
#include "cli/closed_school.h"
#include "cli/probe.h"
#include "cli/verbs.h"
#include "outreach/messages.h"
#include "platform/config/describe.h"
#include "platform/storage/migrate.h"

namespace tuition::cli {
namespace {

using Text = Result<std::string>;

std::string_view word_for(http::Access access) {
  switch (access) {
    case http::Access::anyone: return "anyone";
    case http::Access::member: return "member";
    case http::Access::instructor: return "instructor";
    case http::Access::admin: return "admin";
    case http::Access::signed_body: return "signed_body";
    case http::Access::operations: return "operations";
  }
  return {};
}

std::string_view word_for(http::Bucket bucket) {
  switch (bucket) {
    case http::Bucket::none: return "none";
    case http::Bucket::auth: return "auth";
    case http::Bucket::api: return "api";
    case http::Bucket::admin: return "admin";
    case http::Bucket::forms: return "forms";
  }
  return {};
}

void pad(std::string& line, std::size_t column) {
  line += std::string(line.size() < column ? column - line.size() : 1, ' ');
}

// One line per route, sorted by path: who may call it, which limit counts it, what it is called.
Text routes_text(School& school) {
  const auto closed = TRY(ClosedSchool::empty(school));
  std::vector<std::string> lines;
  for (const auto& route : closed->app().all_routes()) {
    std::string line(route.path);
    pad(line, 48);
    line += http::to_text(route.method);
    pad(line, 56);
    line += word_for(route.access);
    pad(line, 70);
    line += word_for(route.bucket);
    pad(line, 77);
    line += route.scope.empty() ? "-" : route.scope;
    pad(line, 93);
    line += route.operation;
    if (!route.alias.empty()) line += " (also " + std::string(route.alias) + ")";
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

Text options_text(School& school) { return config::reference_markdown(school.table); }

Text openapi_text(School& school) { return app::openapi_of(TRY(ClosedSchool::empty(school))->app().all_routes()); }

Text tables_text(School& school) { return storage::dump_schema(TRY(ClosedSchool::empty(school))->app().db); }

Text messages_text(School&) {
  std::string out;
  for (const auto& each : outreach::catalogue()) {
    out += std::string(each.kind->name) + ": " + std::string(each.kind->sentence) +
           (each.kind->unsubscribe == outreach::Unsubscribe::allowed ? " May be refused." : "") + "\n";
    for (const auto& field : each.fields->fields)
      out += "  " + std::string(field.name) + ": " + std::string(field.sentence) + "\n";
  }
  return out;
}

Text jobs_text(School& school) {
  const auto closed = TRY(ClosedSchool::empty(school));
  std::string out;
  for (const auto& kind : closed->app().all_jobs())
    out += std::string(kind.name) + ": " + std::string(kind.sentence) + "\n";
  for (const auto& each : closed->app().all_periodics())
    out += std::string(each.name) + ", every " + std::to_string(each.period.ms / 1000) +
           " s: " + std::string(each.sentence) + "\n";
  return out;
}

// Asked of an app that runs on a free port of loopback: some metrics exist from the first request on.
Text metrics_text(School& school) {
  school.options.host = "127.0.0.1";
  school.options.port = 0;
  school.options.listen.clear();
  // Those of calls to others exist once there is somebody to call; nobody is.
  school.options.outreach.smtp_url = Secret("smtp://127.0.0.1:1");
  const auto closed = TRY(ClosedSchool::empty(school));
  TRY(closed->app().start());
  TRY(probe(closed->app().url().substr(std::string_view("http://").size()), "/health", seconds(10)));
  closed->app().stop();
  std::istringstream lines(closed->metrics().prometheus());
  std::string out;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# ")) out += line.substr(2) + "\n";
  return out;
}

// What troff would take for a command or an escape.
std::string for_troff(std::string_view text) {
  std::string out;
  for (const char each : text) {
    if (each == '\\')
      out += "\\e";
    else if (each == '-')
      out += "\\-";
    else
      out += each;
  }
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

Text man_text(School& school) {
  std::string out =
      ".TH TUITION 1\n.SH NAME\ntuition \\- an online school in one program\n.SH SYNOPSIS\n.B tuition\n.I verb\n"
      "[options]\n.SH VERBS\n";
  for (const Verb& verb : verbs())
    out += ".TP\n.B " + for_troff(verb.name) + "\n" + for_troff(verb.sentence) + "\n.IP\n.EX\n" +
           for_troff(verb.example) + "\n.EE\n";
  out +=
      ".SH SETTINGS\nEvery setting can be given as a flag, in the environment or in /etc/tuition/tuition.toml, in this "
      "order of precedence. A secret can also be read from the file that its variable with _FILE at the end names.\n";
  for (const auto& option : school.table)
    out += ".TP\n.B " + for_troff(option.name) + "\n" + for_troff(config::flag_name(option)) + ", " +
           for_troff(config::environment_name(option)) + ". " + for_troff(option.sentence) + "\n";
  out +=
      ".SH EXIT STATUS\n0 done, 1 failed, 2 wrong command line, 75 try again later, 78 wrong configuration, 130 "
      "interrupted.\n.SH FILES\n/etc/tuition/tuition.toml, /var/lib/tuition\n";
  return out;
}

struct Topic {
  std::string_view name;
  Text (*text)(School&);
};
constexpr Topic topics[] = {{"routes", routes_text},     {"options", options_text}, {"metrics", metrics_text},
                            {"messages", messages_text}, {"jobs", jobs_text},       {"openapi", openapi_text},
                            {"tables", tables_text},     {"man", man_text}};

}  // namespace

// Says what the program is made of, whatever this machine's settings are: no configuration is read.
int describe(const Invocation& call) {
  CommandLine line(call);
  std::string wanted;
  std::vector<std::string> names;
  for (const Topic& topic : topics) names.emplace_back(topic.name);
  line.argument("topic", wanted, "What to print", names);
  if (const auto code = line.parse()) return *code;

  School school;
  // The fallbacks go to their places.
  if (const auto loaded = config::load(school.table, {.system_file = {}}); !loaded) {
    complain(call, loaded.error());
    return exit_code::failed;
  }
  for (const Topic& topic : topics) {
    if (topic.name != wanted) continue;
    const auto text = topic.text(school);
    if (!text) {
      complain(call, text.error());
      return exit_code::failed;
    }
    std::cout << *text;
  }
  return exit_code::done;
}

}  // namespace tuition::cli

#include <iostream>

#include "cli/probe.h"
#include "cli/school.h"
#include "cli/verbs.h"
#include "platform/base/json.h"
#include "platform/base/text.h"

namespace tuition::cli {

int healthcheck(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string path = "/healthz";
  std::int64_t seconds_max = 5;
  bool json = false;
  line.option("path", path, "What to ask for: /healthz (alive) or /readyz (can serve)");
  line.option("timeout", seconds_max, 1, 600, "Seconds to wait for the answer");
  line.flag("json", json, "As JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  std::vector<std::string> listeners{reachable(school.options.host, school.options.port)};
  for (const auto& each : school.options.listen) {
    const auto colon = each.rfind(':');
    const bool local = each.starts_with("unix:") || colon == std::string::npos;
    listeners.push_back(local ? each
                              : reachable(each.substr(0, colon), parse_integer(each.substr(colon + 1)).value_or(0)));
  }

  // One listener that answers will do: a port may come from outside by socket activation.
  Json tried = Json::array();
  std::vector<std::string> complaints;
  for (const auto& listener : listeners) {
    const auto status = probe(listener, path, seconds(seconds_max));
    if (status && *status == 200) {
      if (json) std::cout << Json{{"ok", true}, {"listener", listener}, {"status", 200}}.dump() << '\n';
      return exit_code::done;
    }
    complaints.push_back(status ? listener + ": answers " + path + " with " + std::to_string(*status)
                                : status.error().safe);
    tried.push_back({{"listener", listener}, {"problem", complaints.back()}});
  }
  if (json) {
    std::cout << Json{{"ok", false}, {"tried", tried}}.dump() << '\n';
  } else {
    for (const auto& each : complaints) complain(call, each);
  }
  return exit_code::failed;
}

}  // namespace tuition::cli

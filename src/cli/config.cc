#include <algorithm>
#include <iostream>

#include "cli/school.h"
#include "cli/verbs.h"
#include "platform/base/fields_json.h"
#include "platform/config/describe.h"

namespace tuition::cli {
namespace {

config::Mode mode_of(bool dev) { return dev ? config::Mode::dev : config::Mode::prod; }

}  // namespace

int config_show(const Invocation& call) {
  School school;
  CommandLine line(call);
  bool json = false;
  bool dev = false;
  line.flag("json", json, "As JSON");
  line.flag("dev", dev, "With the defaults of `tuition dev`");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  const auto loaded = line.load(mode_of(dev));
  if (!loaded) return exit_code::configuration;
  std::cout << (json ? config::show_json(*loaded) : config::show(*loaded));
  if (json) std::cout << '\n';
  return exit_code::done;
}

int config_check(const Invocation& call) {
  School school;
  CommandLine line(call);
  bool json = false;
  bool dev = false;
  line.flag("json", json, "As JSON");
  line.flag("dev", dev, "As `tuition dev` would read it");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;

  std::vector<std::string> problems;
  school.options.mode = mode_of(dev);
  if (const auto loaded = line.try_load(mode_of(dev)); !loaded) {
    for (const auto& each : loaded.error().fields) problems.push_back(each.field + ": " + each.reason);
  }
  // Of a setting that does not fit only that is said.
  const auto said = [&](const std::string& complaint) {
    const auto name = complaint.substr(0, complaint.find(' ')) + ":";
    return std::any_of(problems.begin(), problems.end(), [&](const auto& each) { return each.starts_with(name); });
  };
  for (auto& each : app::cross_check(school.options))
    if (!said(each)) problems.push_back(std::move(each));
  if (json) {
    std::string out = "{\"problems\":[";
    for (const auto& each : problems) {
      if (&each != &problems.front()) out += ',';
      append_json_text(out, each);
    }
    std::cout << out << "]}\n";
  } else {
    for (const auto& each : problems) complain(call, each);
    if (problems.empty()) std::cout << "The configuration is in order.\n";
  }
  return problems.empty() ? exit_code::done : exit_code::configuration;
}

int config_sample(const Invocation& call) {
  CommandLine line(call);
  if (const auto code = line.parse()) return *code;
  const School school;
  std::cout << config::sample_file(school.table);
  return exit_code::done;
}

}  // namespace tuition::cli

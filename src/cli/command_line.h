#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cli.h"
#include "platform/config/load.h"

namespace tuition::cli {

// The words of one invocation, read into variables. Declare flags, options and arguments, then parse() once. Targets
// outlive the parsing and keep their value as the default.
class CommandLine {
 public:
  explicit CommandLine(const Invocation& call);
  ~CommandLine();

  void flag(std::string_view name, bool& target, std::string_view sentence);
  void option(std::string_view name, std::string& target, std::string_view sentence);
  void required(std::string_view name, std::string& target, std::string_view sentence);
  void option(std::string_view name, std::int64_t& target, std::int64_t min, std::int64_t max,
              std::string_view sentence);
  void argument(std::string_view name, std::string& target, std::string_view sentence,
                std::vector<std::string> choices = {});

  // Every setting as a flag, with the defaults of that mode in the help, and --config FILE. `options` outlives this
  // object.
  void settings(const config::Options& options, config::Mode mode = config::Mode::prod);

  // The exit code when there is nothing more to do: help was asked for and printed, or the words are wrong and why was
  // said.
  [[nodiscard]] std::optional<int> parse();

  // After parse(): the settings from all their sources, set in their components. When some are wrong, says each in a
  // line of its own, and returns nothing: the exit code is exit_code::configuration.
  std::optional<config::Loaded> load(config::Mode mode);
  // The same without saying anything.
  Result<config::Loaded> try_load(config::Mode mode);
  // The same into other options of the same names: for settings that are looked at before they are taken.
  Result<config::Loaded> try_load(config::Mode mode, const config::Options& options);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One line on standard error, headed by the verb.
void complain(const Invocation& call, std::string_view what);
// An Error as people read it: its sentence, then each field that is wrong.
void complain(const Invocation& call, const Error& error);

}  // namespace tuition::cli

#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "platform/config/suggest.h"

namespace tuition::cli {
namespace {

std::string dashed(std::string_view name) { return "--" + std::string(name); }

// What to say of the first word that looks like an option and is none; empty when there is no such word.
std::string about_unknown(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const auto& name : option->get_lnames()) names.push_back(name);
  for (const auto& word : words) {
    if (word == "--") break;
    if (!word.starts_with("--")) continue;
    const auto name = word.substr(2, word.find('=') - 2);
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto meant = config::suggest(name, names);
    return "there is no option --" + name + (meant.empty() ? std::string() : "; did you mean --" + meant + "?");
  }
  return {};
}

}  // namespace

struct CommandLine::Impl {
  explicit Impl(const Invocation& invocation) : call(invocation) {}

  const Invocation& call;
  CLI::App app;
  config::Flags flags;
  const config::Options* options = nullptr;
  std::string config_file;
};

CommandLine::CommandLine(const Invocation& call) : impl_(std::make_unique<Impl>(call)) {
  CLI::App& app = impl_->app;
  app.name("tuition " + std::string(call.verb.name));
  app.description(std::string(call.verb.sentence));
  app.footer("Example:\n  " + std::string(call.verb.example));
  app.get_formatter()->column_width(36);
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(std::string_view name, bool& target, std::string_view sentence) {
  impl_->app.add_flag(dashed(name), target, std::string(sentence));
}

void CommandLine::option(std::string_view name, std::string& target, std::string_view sentence) {
  impl_->app.add_option(dashed(name), target, std::string(sentence));
}

void CommandLine::required(std::string_view name, std::string& target, std::string_view sentence) {
  impl_->app.add_option(dashed(name), target, std::string(sentence))->required();
}

void CommandLine::option(std::string_view name, std::int64_t& target, std::int64_t min, std::int64_t max,
                         std::string_view sentence) {
  impl_->app.add_option(dashed(name), target, std::string(sentence))
      ->check(CLI::Range(min, max))
      ->capture_default_str();
}

void CommandLine::argument(std::string_view name, std::string& target, std::string_view sentence,
                           std::vector<std::string> choices) {
  CLI::Option* added = impl_->app.add_option(std::string(name), target, std::string(sentence))->required();
  if (!choices.empty()) added->check(CLI::IsMember(std::move(choices)));
}

void CommandLine::settings(const config::Options& options, config::Mode mode) {
  impl_->options = &options;
  impl_->app.add_option("--config", impl_->config_file, "A configuration file; `tuition config sample` prints one");
  impl_->flags.add_to(impl_->app, options, mode);
}

std::optional<int> CommandLine::parse() {
  // CLI11 takes the words from the back.
  std::vector<std::string> words(impl_->call.words.rbegin(), impl_->call.words.rend());
  try {
    impl_->app.parse(std::move(words));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::cout << impl_->app.help();
    return exit_code::done;
  } catch (const CLI::ParseError& wrong) {
    // A misspelt option is the cause also where the right one is missed.
    const int code = wrong.get_exit_code();
    const bool may_be_misspelt = code == static_cast<int>(CLI::ExitCodes::ExtrasError) ||
                                 code == static_cast<int>(CLI::ExitCodes::RequiredError);
    const auto unknown = may_be_misspelt ? about_unknown(impl_->app, impl_->call.words) : std::string();
    complain(impl_->call, unknown.empty() ? wrong.what() : unknown);
    std::cerr << "`tuition " << impl_->call.verb.name << " --help` says more.\n";
    return exit_code::usage;
  }
}

Result<config::Loaded> CommandLine::try_load(config::Mode mode) { return try_load(mode, *impl_->options); }

Result<config::Loaded> CommandLine::try_load(config::Mode mode, const config::Options& options) {
  config::Inputs inputs;
  inputs.flags = impl_->flags.given();
  inputs.environment = config::process_environment();
  // systemd names all folders of a service in it; the first is the one that holds its data.
  if (const auto found = inputs.environment.find("STATE_DIRECTORY"); found != inputs.environment.end())
    found->second = found->second.substr(0, found->second.find(':'));
  if (!impl_->config_file.empty()) inputs.file = impl_->config_file;
  inputs.mode = mode;
  // What the build, the tests and the benchmark call their own.
  inputs.other_variables = {"TUITION_BIN", "TUITION_SOURCE_DIR", "TUITION_URL", "TUITION_TARBALLS",
                            "TUITION_THIRD_PARTY"};
  return config::load(options, inputs);
}

std::optional<config::Loaded> CommandLine::load(config::Mode mode) {
  auto loaded = try_load(mode);
  if (loaded) {
    if (const auto* data = loaded->find("data"))
      impl_->call.database = (std::filesystem::path(data->text) / "school.db").string();
    return std::move(loaded).value();
  }
  complain(impl_->call, loaded.error());
  return std::nullopt;
}

void complain(const Invocation& call, std::string_view what) {
  std::cerr << "tuition " << call.verb.name << ": " << what << '\n';
}

void complain(const Invocation& call, const Error& error) {
  if (error.fields.empty()) {
    const bool says_more = error.safe.find(error.detail) == std::string::npos;
    complain(call, says_more ? error.safe + " (" + error.detail + ")" : error.safe);
    return;
  }
  for (const FieldProblem& problem : error.fields) complain(call, problem.field + ": " + problem.reason);
}

}  // namespace tuition::cli

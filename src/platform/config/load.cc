#include "platform/config/load.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <deque>
#include <fstream>
#include <set>
#include <sstream>

#include "platform/base/text.h"
#include "platform/config/file.h"
#include "platform/config/suggest.h"

namespace tuition::config {
namespace {

constexpr std::string_view file_suffix = "_FILE";
constexpr std::string_view prefix = "TUITION_";

std::string meant(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string found = suggest(word, candidates);
  return found.empty() ? std::string() : "; did you mean " + found + "?";
}

std::optional<std::string> read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(path, ignored)) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// A secret's file usually ends with a line feed that is no part of it.
std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

class Loader {
 public:
  Loader(const Options& options, const Inputs& inputs) : options_(options), inputs_(inputs) {}

  Result<Loaded> run() {
    read_config_file(inputs_.system_file, Source::system_file, true);
    if (inputs_.file) read_config_file(*inputs_.file, Source::file, false);
    for (const Option& option : options_) {
      Value value = value_of(option);
      apply(value);
      loaded_.values.push_back(std::move(value));
    }
    refuse_unknown_variables();
    if (problems_.empty()) return std::move(loaded_);
    Error error{Kind::invalid, "CONFIGURATION", "The configuration has problems."};
    error.fields = std::move(problems_);
    return error;
  }

 private:
  void problem(std::string place, std::string reason) { problems_.push_back({std::move(place), std::move(reason)}); }

  const std::string* variable(const std::string& name) const {
    const auto found = inputs_.environment.find(name);
    return found == inputs_.environment.end() || found->second.empty() ? nullptr : &found->second;
  }

  void read_config_file(const std::filesystem::path& path, Source source, bool may_be_absent) {
    std::error_code ignored;
    if (may_be_absent && !std::filesystem::exists(path, ignored)) return;
    const auto text = read_whole(path);
    if (!text) {
      problem(path.string(), "cannot be read");
      return;
    }
    auto contents = read_file_text(*text);
    for (const auto& each : contents.problems) problem(path.string() + ":" + std::to_string(each.line), each.reason);
    std::vector<std::string> names;
    for (const auto& option : options_) names.emplace_back(option.name);
    for (auto& entry : contents.entries) {
      const std::string place = path.string() + ":" + std::to_string(entry.line);
      if (std::find(names.begin(), names.end(), entry.name) == names.end()) {
        problem(place, entry.name + " is not a setting" + meant(entry.name, names));
      } else {
        from_files_[entry.name] = {std::move(entry.text), {source, place}};  // the later file wins
      }
    }
  }

  // A variable or, for a secret, the file that <NAME>_FILE names. False when neither is set.
  bool from_variable(const Option& option, const std::string& name, Value& value) {
    const std::string* text = variable(name);
    const std::string file_name = name + std::string(file_suffix);
    const std::string* file = option.sort == Sort::secret ? variable(file_name) : nullptr;
    if (text && file) problem(file_name, "is set beside " + name + "; keep one of them");
    if (text) {
      value.text = *text;
      value.origin = {Source::environment, name};
      return true;
    }
    if (!file) return false;
    value.origin = {Source::environment, file_name};
    if (auto content = read_whole(*file)) {
      value.text = without_line_end(std::move(*content));
    } else {
      problem(file_name, "names a file that cannot be read: " + *file);
    }
    return true;
  }

  bool from_credential(const Option& option, Value& value) {
    const std::string* folder = variable("CREDENTIALS_DIRECTORY");
    if (!folder || option.sort != Sort::secret) return false;
    std::string underlined(option.name);
    std::replace(underlined.begin(), underlined.end(), '.', '_');
    for (const std::string& name : {std::string(option.name), underlined}) {
      const auto path = std::filesystem::path(*folder) / name;
      if (auto content = read_whole(path)) {
        value.text = without_line_end(std::move(*content));
        value.origin = {Source::credential, path.string()};
        return true;
      }
    }
    return false;
  }

  Value value_of(const Option& option) {
    Value value;
    value.option = &option;
    const std::string name(option.name);
    if (const auto flag = inputs_.flags.find(name); flag != inputs_.flags.end()) {
      value.text = flag->second;
      value.origin = {Source::flag, flag_name(option)};
      return value;
    }
    if (from_variable(option, environment_name(option), value)) return value;
    if (!option.env_alias.empty() && from_variable(option, std::string(option.env_alias), value)) return value;
    if (from_credential(option, value)) return value;
    if (const auto found = from_files_.find(name); found != from_files_.end()) {
      value.text = found->second.first;
      value.origin = found->second.second;
      return value;
    }
    if (inputs_.mode == Mode::dev && !option.dev_fallback.empty()) {
      value.text = option.dev_fallback;
      value.origin.source = Source::dev_fallback;
    } else {
      value.text = option.fallback;
    }
    return value;
  }

  void apply(const Value& value) {
    const Option& option = *value.option;
    std::string complaint;
    if (!option.choices.empty() &&
        std::find(option.choices.begin(), option.choices.end(), value.text) == option.choices.end()) {
      complaint = "must be one of";
      for (const auto each : option.choices) complaint += (complaint.ends_with("of") ? " " : ", ") + std::string(each);
    } else {
      complaint = option.set(value.text);
    }
    if (complaint.empty()) return;
    if (option.sort != Sort::secret) complaint += ", not \"" + value.text + "\"";
    const bool placed = !value.origin.place.empty();
    problem(std::string(option.name), complaint + (placed ? " (" + value.origin.place + ")" : ""));
  }

  void refuse_unknown_variables() {
    std::set<std::string> known(inputs_.other_variables.begin(), inputs_.other_variables.end());
    for (const Option& option : options_) {
      known.insert(environment_name(option));
      if (option.sort == Sort::secret) known.insert(environment_name(option) + std::string(file_suffix));
    }
    for (const auto& [name, text] : inputs_.environment)
      if (name.starts_with(prefix) && !known.contains(name)) problem(name, "is not a setting" + meant_variable(name));
  }

  // By what follows the prefix, which all have in common: the name that a flag or another program has for a setting, or
  // one that is near.
  std::string meant_variable(std::string_view name) const {
    const std::string rest(name.substr(prefix.size()));
    std::vector<std::string> names;
    for (const Option& option : options_) {
      const std::string own = environment_name(option);
      std::string flag = flag_name(option).substr(2);
      for (char& each : flag)
        each = each == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
      if (!rest.empty() && (rest == option.env_alias || rest == flag)) return "; did you mean " + own + "?";
      names.push_back(own.substr(prefix.size()));
      if (option.sort == Sort::secret) names.push_back(names.back() + std::string(file_suffix));
    }
    const std::string found = suggest(rest, names);
    return found.empty() ? std::string() : "; did you mean " + std::string(prefix) + found + "?";
  }

  const Options& options_;
  const Inputs& inputs_;
  std::map<std::string, std::pair<std::string, Origin>> from_files_;
  Loaded loaded_;
  std::vector<FieldProblem> problems_;
};

}  // namespace

const Value* Loaded::find(std::string_view name) const {
  for (const Value& each : values)
    if (each.option->name == name) return &each;
  return nullptr;
}

struct Flags::Impl {
  struct One {
    std::string name;
    std::string text;
    CLI::Option* option;
  };
  std::deque<One> all;  // addresses stay: CLI11 writes into them
};

Flags::Flags() : impl_(std::make_unique<Impl>()) {}
Flags::~Flags() = default;

void Flags::add_to(CLI::App& app, const Options& options, Mode mode) {
  for (const Option& option : options) {
    auto& one = impl_->all.emplace_back(Impl::One{std::string(option.name), {}, nullptr});
    const std::string flag = flag_name(option);
    if (option.sort == Sort::boolean) {
      one.option = app.add_flag(flag + "{true},!--no" + flag.substr(1), one.text, std::string(option.sentence));
    } else {
      one.option = app.add_option(flag, one.text, std::string(option.sentence));
      one.option->type_name(option.sort == Sort::secret ? "SECRET" : "");
    }
    one.option->group(std::string(option.name.substr(0, option.name.find('.'))));
    const auto fallback = mode == Mode::dev && !option.dev_fallback.empty() ? option.dev_fallback : option.fallback;
    if (!fallback.empty() && option.sort != Sort::secret)
      one.option->description(std::string(option.sentence) + " [" + std::string(fallback) + "]");
  }
}

std::map<std::string, std::string> Flags::given() const {
  std::map<std::string, std::string> found;
  for (const auto& one : impl_->all)
    if (one.option->count() > 0) found.emplace(one.name, one.text);
  return found;
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> found;
  for (char** at = ::environ; at && *at; ++at) {
    const std::string_view pair = *at;
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos) found.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return found;
}

Changes changes(const Loaded& was, const Loaded& is) {
  Changes found;
  for (const auto& value : is.values) {
    const auto* before = was.find(value.option->name);
    if (before && before->text == value.text) continue;
    (value.option->reloadable ? found.reloadable : found.fixed).emplace_back(value.option->name);
  }
  return found;
}

Result<Loaded> load(const Options& options, const Inputs& inputs) { return Loader(options, inputs).run(); }

}  // namespace tuition::config

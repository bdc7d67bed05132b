#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/config/option.h"

namespace CLI {
class App;
}

namespace tuition::config {

// Later ones win over earlier ones.
enum class Source { fallback, dev_fallback, system_file, file, credential, environment, flag };

struct Origin {
  Source source = Source::fallback;
  std::string place{};  // "/etc/tuition/tuition.toml:12", "TUITION_HTTP_PORT", "--http-port"; empty for fallbacks
};

struct Value {
  const Option* option = nullptr;
  std::string text{};  // a secret's as well: describe.h redacts
  Origin origin{};
};

// What every option came to, in the order of the table.
struct Loaded {
  std::vector<Value> values{};
  const Value* find(std::string_view name) const;
};

enum class Mode { prod, dev };

// The options as command line flags. Kept as text: load() judges them together with everything else.
class Flags {
 public:
  Flags();
  ~Flags();
  // Adds one flag per option, grouped by the name's first part, with the default of that mode. App and options outlive
  // parsing; so does this object.
  void add_to(CLI::App& app, const Options& options, Mode mode = Mode::prod);
  // The flags that were on the command line, by option name.
  std::map<std::string, std::string> given() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct Inputs {
  std::map<std::string, std::string> flags{};        // by option name
  std::map<std::string, std::string> environment{};  // the whole environment; an empty variable counts as absent
  std::optional<std::filesystem::path> file{};       // named by --config; must be there
  std::filesystem::path system_file = "/etc/tuition/tuition.toml";  // may be absent
  Mode mode = Mode::prod;
  std::vector<std::string> other_variables{};  // TUITION_... that mean something elsewhere
};
std::map<std::string, std::string> process_environment();

// Finds each option's value (flag, then environment or its <NAME>_FILE, then $CREDENTIALS_DIRECTORY/<name>, then the
// two files, then the fallback) and hands it to the option's setter. All problems come at once in `fields` of an Error
// of kind invalid: values that do not fit, unreadable files, unknown names in files and unknown TUITION_ variables,
// each with the name that was probably meant.
Result<Loaded> load(const Options& options, const Inputs& inputs);

// The names of options that came to something else.
struct Changes {
  std::vector<std::string> reloadable{};  // a running program can take them
  std::vector<std::string> fixed{};       // only a restart can
};
Changes changes(const Loaded& was, const Loaded& is);

}  // namespace tuition::config

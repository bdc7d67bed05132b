#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tuition::cli {

// What the caller's shell sees (sysexits(3) where they fit).
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int temporary = 75;      // try again later: somebody else is using the data folder
inline constexpr int configuration = 78;  // a setting is wrong
inline constexpr int interrupted = 130;   // Ctrl-C
}  // namespace exit_code

struct Verb;

// One run of a verb: the words that follow its name.
struct Invocation {
  const Verb& verb;
  std::vector<std::string> words{};
  mutable std::string database{};  // once the settings are read: what a fault is about that names no file
};

struct Verb {
  std::string_view name;      // "user add"
  std::string_view sentence;  // what it does
  std::string_view example;   // one whole command line
  int (*run)(const Invocation&);
};

// The command table, in the order of `tuition --help`.
std::span<const Verb> verbs();

// Runs the verb that argv names and returns the exit code.
int run(int argc, char** argv);

}  // namespace tuition::cli

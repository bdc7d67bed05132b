#pragma once

// Many wrong inputs for the code that reads what strangers send. Each target takes bytes, must survive them under the
// sanitizers, and demands of the result what must hold of every result. What happened comes back as a number: an input
// that made something new happen is kept and changed further, which leads into the depths without a compiler that
// counts branches.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tuition::fuzz {

struct Target {
  std::string_view name;
  std::string_view sentence;
  std::uint64_t (*run)(std::string_view input);
  std::vector<std::string> seeds{};       // what it reads when all is well, and the corners that are known
  std::vector<std::string> dictionary{};  // words that random bytes would hardly hit
};

using Targets = std::vector<Target>;

Targets http_targets();
Targets text_targets();
Targets domain_targets();

// Ends the program, naming what does not hold and the input.
void demand(bool holds, const char* what);

// A small number from what happened, for run()'s result.
class Happened {
 public:
  Happened& also(std::uint64_t what) {
    state_ = (state_ ^ what) * 0x100000001b3;
    return *this;
  }
  // Sizes by magnitude: each single one would be news for ever.
  Happened& size(std::size_t n) {
    std::uint64_t log = 0;
    while (n > 0) ++log, n >>= 1;
    return also(log);
  }
  Happened& text(std::string_view words) {
    for (const char c : words) also(static_cast<unsigned char>(c));
    return *this;
  }
  operator std::uint64_t() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

// Runs a target on `runs` inputs made from its seeds; the same seed makes the same inputs.
struct Report {
  std::uint64_t runs = 0;
  std::size_t corpus = 0;
};
Report run(const Target& target, std::uint64_t runs, std::uint64_t seed);
// One input, as it is.
void run_once(const Target& target, std::string_view input);

}  // namespace tuition::fuzz

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unordered_set>

#include "fuzz.h"

// Called by the sanitizers before they end the program; absent in builds without them.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace tuition::fuzz {
namespace {

constexpr std::size_t input_max = 4096;
constexpr std::size_t corpus_max = 4096;

// What is being read, for who looks at the crash.
const char* target_name = "";
std::string_view current{};

void show_input() {
  std::fprintf(stderr, "\ntarget %s, input of %zu bytes:\n", target_name, current.size());
  for (const char c : current) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\\' || byte == '"') {
      std::fprintf(stderr, "\\%c", byte);
    } else if (byte >= 0x20 && byte < 0x7f) {
      std::fputc(byte, stderr);
    } else {
      std::fprintf(stderr, "\\%03o", byte);
    }
  }
  std::fputc('\n', stderr);
}

void listen_for_the_end() {
  static const bool done = [] {
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(show_input);
    // abort() of a failed check or an uncaught exception.
    std::signal(SIGABRT, [](int) {
      show_input();
      std::signal(SIGABRT, SIG_DFL);
      std::raise(SIGABRT);
    });
    return true;
  }();
  (void)done;
}

// splitmix64: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Below n, which is not zero.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  char byte() { return static_cast<char>(next()); }

 private:
  std::uint64_t state_;
};

// Bytes at which readers turn.
constexpr char turning_bytes[] =
    "\0\t\n\r !\"#%&'()*+,-./0129:;<=>?@AZ[\\]^_`az{|}~\x7f\x80\xbf\xc0\xc3\xe2\xf0\xf4\xff";
constexpr std::string_view turning(turning_bytes, sizeof turning_bytes - 1);

void change(std::string& input, Dice& dice, const Target& target, const std::vector<std::string>& corpus) {
  const auto at = [&] { return dice.below(input.size() + 1); };
  const auto span = [&](const std::string& text, std::size_t from) {
    return std::min(text.size() - from, std::size_t{1} + dice.below(std::size_t{1} << dice.below(8)));
  };
  switch (dice.below(12)) {
    case 0:  // a bit
      if (!input.empty()) input[dice.below(input.size())] ^= static_cast<char>(1 << dice.below(8));
      break;
    case 1:  // a byte
      if (!input.empty()) input[dice.below(input.size())] = dice.byte();
      break;
    case 2:
      if (!input.empty()) input[dice.below(input.size())] = turning[dice.below(turning.size())];
      break;
    case 3: input.insert(at(), 1, turning[dice.below(turning.size())]); break;
    case 4: input.insert(at(), 1, dice.byte()); break;
    case 5: {  // a piece is gone
      const auto from = at();
      if (from < input.size()) input.erase(from, span(input, from));
      break;
    }
    case 6: {  // a piece comes twice, perhaps elsewhere
      const auto from = at();
      if (from < input.size()) input.insert(at(), std::string(input, from, span(input, from)));
      break;
    }
    case 7:  // cut short
      input.resize(at());
      break;
    case 8: {  // a piece of another input
      const auto& other = corpus[dice.below(corpus.size())];
      if (other.empty()) break;
      const auto from = dice.below(other.size());
      input.insert(at(), other, from, span(other, from));
      break;
    }
    case 9: {  // the head of this, the tail of another
      const auto& other = corpus[dice.below(corpus.size())];
      input.resize(at());
      if (!other.empty()) input.append(other, dice.below(other.size()));
      break;
    }
    case 10:
      if (!target.dictionary.empty()) input.insert(at(), target.dictionary[dice.below(target.dictionary.size())]);
      break;
    default: {  // a number is changed
      const auto digit = input.find_first_of("0123456789", at());
      if (digit == std::string::npos) break;
      static constexpr const char* numbers[] = {"0",
                                                "-1",
                                                "1",
                                                "255",
                                                "65536",
                                                "2147483648",
                                                "4294967296",
                                                "9223372036854775807",
                                                "9223372036854775808",
                                                "18446744073709551616",
                                                "00000000000000000001",
                                                "1e9",
                                                "0x10",
                                                "1.5"};
      const auto end = std::min(input.find_first_not_of("0123456789", digit), input.size());
      input.replace(digit, end - digit, numbers[dice.below(std::size(numbers))]);
      break;
    }
  }
  if (input.size() > input_max) input.resize(input_max);
}

std::uint64_t run_on(const Target& target, const std::string& input) {
  // A copy of exactly this size on the heap, so that a step past its end is seen.
  const std::vector<char> exact(input.begin(), input.end());
  current = {exact.data(), exact.size()};
  return target.run(current);
}

}  // namespace

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "demanded, but not so: %s\n", what);
  std::abort();
}

void run_once(const Target& target, std::string_view input) {
  listen_for_the_end();
  target_name = target.name.data();
  run_on(target, std::string(input));
}

Report run(const Target& target, std::uint64_t runs, std::uint64_t seed) {
  listen_for_the_end();
  target_name = target.name.data();
  Dice dice(seed);
  std::vector<std::string> corpus = target.seeds;
  if (corpus.empty()) corpus.emplace_back();
  std::unordered_set<std::uint64_t> happened;
  Report report;
  for (const auto& each : target.seeds) {
    happened.insert(run_on(target, each));
    ++report.runs;
  }
  while (report.runs < runs) {
    std::string input = corpus[dice.below(corpus.size())];
    for (auto changes = 1 + dice.below(std::size_t{1} << dice.below(4)); changes > 0; --changes)
      change(input, dice, target, corpus);
    ++report.runs;
    if (!happened.insert(run_on(target, input)).second) continue;
    if (corpus.size() < corpus_max) {
      corpus.push_back(std::move(input));
    } else {
      corpus[target.seeds.size() + dice.below(corpus_max - target.seeds.size())] = std::move(input);
    }
  }
  report.corpus = corpus.size();
  return report;
}

}  // namespace tuition::fuzz

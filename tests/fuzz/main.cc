// tuition_fuzz TARGET|all [--runs N] [--seed S] [--input FILE]
//
// Makes N inputs for a target from the seed, which is printed: with it the same inputs come again. --input runs one
// file instead. Ends with the sanitizers' report and the input at the first that goes wrong.

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "fuzz.h"

namespace {

using namespace tuition::fuzz;

int usage(const Targets& targets) {
  std::fputs("tuition_fuzz TARGET|all [--runs N] [--seed S] [--input FILE]\n", stderr);
  for (const auto& each : targets) std::fprintf(stderr, "  %-14s %s\n", each.name.data(), each.sentence.data());
  return 2;
}

bool read_number(const std::string& text, std::uint64_t& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

int main(int argc, char** argv) {
  Targets targets = http_targets();
  for (auto& each : text_targets()) targets.push_back(std::move(each));
  for (auto& each : domain_targets()) targets.push_back(std::move(each));

  std::string wanted, file;
  std::uint64_t runs = 100000;
  std::uint64_t seed = std::random_device{}();
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--runs" && has_value) {
      if (!read_number(argv[++i], runs)) return usage(targets);
    } else if (word == "--seed" && has_value) {
      if (!read_number(argv[++i], seed)) return usage(targets);
    } else if (word == "--input" && has_value) {
      file = argv[++i];
    } else if (wanted.empty() && !word.starts_with('-')) {
      wanted = word;
    } else {
      return usage(targets);
    }
  }
  bool any = false;
  for (const auto& target : targets) {
    if (wanted != "all" && wanted != target.name) continue;
    any = true;
    if (!file.empty()) {
      std::ifstream in(file, std::ios::binary);
      run_once(target, {std::string(std::istreambuf_iterator<char>(in), {})});
      continue;
    }
    std::printf("%-14s --runs %llu --seed %llu: ", target.name.data(), static_cast<unsigned long long>(runs),
                static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    const auto report = run(target, runs, seed);
    std::printf("nothing went wrong; %zu inputs kept\n", report.corpus);
    std::fflush(stdout);
  }
  return any ? 0 : usage(targets);
}

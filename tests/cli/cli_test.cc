#include "cli/cli.h"

#include <catch2/catch_test_macros.hpp>
#include <iostream>
#include <set>
#include <sstream>

namespace tuition::cli {
namespace {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

// Runs a command line with both streams caught.
Outcome type(std::vector<std::string> words) {
  words.insert(words.begin(), "tuition");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  std::ostringstream out;
  std::ostringstream err;
  auto* const was_out = std::cout.rdbuf(out.rdbuf());
  auto* const was_err = std::cerr.rdbuf(err.rdbuf());
  Outcome outcome;
  outcome.code = run(static_cast<int>(argv.size()), argv.data());
  std::cout.rdbuf(was_out);
  std::cerr.rdbuf(was_err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("without a verb the command line lists the verbs and is wrong") {
  const auto outcome = type({});
  CHECK(outcome.code == exit_code::usage);
  CHECK(outcome.out.empty());
  for (const Verb& verb : verbs()) CHECK(contains(outcome.err, verb.name));
}

TEST_CASE("help is no error") {
  CHECK(type({"--help"}).code == exit_code::done);
  CHECK(contains(type({"help"}).out, "Usage: tuition VERB"));
}

TEST_CASE("every verb explains itself with a sentence and an example that names it") {
  std::set<std::string_view> names;
  for (const Verb& verb : verbs()) {
    INFO(verb.name);
    CHECK(names.insert(verb.name).second);
    CHECK(verb.sentence.ends_with('.'));
    CHECK(verb.example.starts_with("tuition " + std::string(verb.name)));
    if (verb.name == "serve" || verb.name == "dev") continue;  // they have their own tests
    std::vector<std::string> words{"help"};
    std::istringstream parts{std::string(verb.name)};
    for (std::string part; parts >> part;) words.push_back(part);
    const auto outcome = type(words);
    CHECK(outcome.code == exit_code::done);
    CHECK(contains(outcome.out, verb.sentence));
    CHECK(contains(outcome.out, verb.example));
  }
}

TEST_CASE("an unknown verb is answered with the one that was probably meant") {
  const auto outcome = type({"bakcup"});
  CHECK(outcome.code == exit_code::usage);
  CHECK(contains(outcome.err, "did you mean `backup`?"));
  CHECK(contains(type({"config", "shwo"}).err, "did you mean `config show`?"));
}

TEST_CASE("the first word of several verbs lists those") {
  const auto outcome = type({"config"});
  CHECK(outcome.code == exit_code::usage);
  CHECK(contains(outcome.err, "config sample"));
  CHECK_FALSE(contains(outcome.err, "migrate"));
}

TEST_CASE("help about the first word of several verbs lists those, and is no error") {
  for (const std::vector<std::string>& asked :
       {std::vector<std::string>{"user", "--help"}, {"user", "-h"}, {"help", "user"}}) {
    const auto outcome = type(asked);
    CHECK(outcome.code == exit_code::done);
    CHECK(outcome.err.empty());
    CHECK(contains(outcome.out, "user reset-mfa"));
    CHECK_FALSE(contains(outcome.out, "migrate"));
  }
  CHECK(type({"help", "--help"}).code == exit_code::done);
}

TEST_CASE("the help of dev shows the defaults of dev, that of serve the others") {
  CHECK(contains(type({"dev", "--help"}).out, "[./data]"));
  CHECK_FALSE(contains(type({"dev", "--help"}).out, "[/var/lib/tuition]"));
  CHECK(contains(type({"serve", "--help"}).out, "[/var/lib/tuition]"));
}

TEST_CASE("an unknown option is answered with the one that was probably meant") {
  const auto outcome = type({"config", "check", "--prt", "3"});
  CHECK(outcome.code == exit_code::usage);
  CHECK(contains(outcome.err, "there is no option --prt; did you mean --port?"));
  CHECK(contains(type({"restore", "--form=/backup"}).err, "there is no option --form; did you mean --from?"));
  CHECK_FALSE(contains(type({"version", "--zzzzzz"}).err, "did you mean"));
}

TEST_CASE("an unknown flag is a wrong command line") {
  const auto outcome = type({"version", "--jsno"});
  CHECK(outcome.code == exit_code::usage);
  CHECK(contains(outcome.err, "--jsno"));
}

TEST_CASE("a setting that does not fit is a wrong configuration, named with where it came from") {
  const auto outcome = type({"config", "show", "--port", "700000"});
  CHECK(outcome.code == exit_code::configuration);
  CHECK(contains(outcome.err, "http.port"));
  CHECK(contains(outcome.err, "--port"));
}

TEST_CASE("networks that cannot be read are a wrong configuration, to the check and to the server") {
  for (const std::vector<std::string>& verb : {std::vector<std::string>{"config", "check"}, {"serve"}}) {
    auto words = verb;
    words.insert(words.end(), {"--data", "/nonexistent", "--http-admin-networks", "10.0.0.0/99"});
    const auto outcome = type(words);
    CHECK(outcome.code == exit_code::configuration);
    CHECK(contains(outcome.err, "http.admin_networks: must be networks"));
  }
}

TEST_CASE("a check of the configuration says everything that is wrong at once") {
  const auto outcome = type({"config", "check", "--port", "700000", "--stripe-secret-key", "sk_live_0123"});
  CHECK(outcome.code == exit_code::configuration);
  CHECK(contains(outcome.err, "http.port: must be between"));
  CHECK(contains(outcome.err, "stripe.webhook_secret is needed"));
  CHECK(contains(outcome.err, "site.base_url must begin with https://"));
}

TEST_CASE("the sample configuration is a configuration") {
  const auto sample = type({"config", "sample"});
  REQUIRE(sample.code == exit_code::done);
  CHECK(contains(sample.out, "#data = "));
  CHECK(contains(sample.out, "[http]"));
}

TEST_CASE("the version says which libraries are inside") {
  const auto outcome = type({"version", "--json"});
  CHECK(outcome.code == exit_code::done);
  for (const auto* name : {"sqlite", "mbedtls", "libcurl", "libsodium", "commit"}) CHECK(contains(outcome.out, name));
}

}  // namespace tuition::cli

#include "platform/config/load.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "platform/config/describe.h"
#include "platform/config/suggest.h"

using namespace tuition;
using namespace tuition::config;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "tuition-config-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
  fs::path path;
};

struct Settings {
  int port = 0;
  std::string level;
  std::vector<std::string> origins;
  Secret key;
  bool verbose = false;
  std::int64_t idle_s = 0;
  std::int64_t upload = 0;

  Options options() {
    return {
        {"http.port", Sort::integer, "8080", "Where to listen.", into(port, 1, 65535), "port", "PORT"},
        {.name = "log.level",
         .sort = Sort::choice,
         .fallback = "info",
         .sentence = "How much to say.",
         .set = into(level),
         .env_alias = "LOG_LEVEL",
         .choices = {"debug", "info"},
         .dev_fallback = "debug",
         .reloadable = true},
        {"http.origins", Sort::list, "", "Other sites | that may call.", into(origins)},
        {"stripe.secret_key", Sort::secret, "", "Stripe's key.", into(key), "", "STRIPE_SECRET_KEY"},
        {"log.verbose", Sort::boolean, "false", "Say more.", into(verbose)},
        {"http.idle", Sort::duration_s, "1m", "How long to wait.", into_seconds(idle_s, 1, 3600)},
        {"http.upload", Sort::bytes, "10MiB", "Largest upload.", into_bytes(upload, 1, 1 << 30)},
    };
  }
};

struct Scene {
  Settings settings;
  Options options = settings.options();
  Inputs inputs;
  Scene() { inputs.system_file = "/nonexistent/tuition.toml"; }
  Result<Loaded> load() { return config::load(options, inputs); }
  Source source(std::string_view name) {
    const auto loaded = load();
    REQUIRE(loaded);
    return loaded->find(name)->origin.source;
  }
  std::vector<FieldProblem> problems() {
    const auto loaded = load();
    return loaded ? std::vector<FieldProblem>{} : loaded.error().fields;
  }
};

}  // namespace

TEST_CASE("without anything given every option has its default") {
  Scene scene;
  REQUIRE(scene.load());
  CHECK(scene.settings.port == 8080);
  CHECK(scene.settings.level == "info");
  CHECK(scene.settings.idle_s == 60);
  CHECK(scene.settings.upload == 10 * 1024 * 1024);
  CHECK(scene.source("http.port") == Source::fallback);
}

TEST_CASE("dev has defaults of its own") {
  Scene scene;
  scene.inputs.mode = Mode::dev;
  CHECK(scene.source("log.level") == Source::dev_fallback);
  CHECK(scene.settings.level == "debug");
}

TEST_CASE("a flag wins over the environment, that over the file, that over the system's file") {
  Folder folder;
  Scene scene;
  scene.inputs.system_file = folder.write("system.toml", "[http]\nport = 1\n");
  CHECK(scene.source("http.port") == Source::system_file);
  CHECK(scene.settings.port == 1);
  scene.inputs.file = folder.write("mine.toml", "[http]\n\nport = 2\n");
  const auto loaded = scene.load();
  REQUIRE(loaded);
  CHECK(loaded->find("http.port")->origin.place == (folder.path / "mine.toml").string() + ":3");
  CHECK(scene.settings.port == 2);
  scene.inputs.environment["PORT"] = "3";
  CHECK(scene.source("http.port") == Source::environment);
  CHECK(scene.settings.port == 3);
  scene.inputs.environment["TUITION_HTTP_PORT"] = "4";
  CHECK(scene.source("http.port") == Source::environment);
  CHECK(scene.settings.port == 4);
  scene.inputs.flags["http.port"] = "5";
  CHECK(scene.source("http.port") == Source::flag);
  CHECK(scene.settings.port == 5);
}

TEST_CASE("an empty variable counts as absent") {
  Scene scene;
  scene.inputs.environment = {{"PORT", ""}, {"TUITION_HTTP_PORT", ""}};
  CHECK(scene.source("http.port") == Source::fallback);
}

TEST_CASE("a secret comes from a file or from systemd's credentials") {
  Folder folder;
  Scene scene;
  folder.write("stripe_secret_key", "sk_test_credential\n");
  scene.inputs.environment["CREDENTIALS_DIRECTORY"] = folder.path.string();
  CHECK(scene.source("stripe.secret_key") == Source::credential);
  CHECK(scene.settings.key.reveal() == "sk_test_credential");
  scene.inputs.environment["STRIPE_SECRET_KEY_FILE"] = folder.write("key", "sk_test_file\r\n").string();
  CHECK(scene.source("stripe.secret_key") == Source::environment);
  CHECK(scene.settings.key.reveal() == "sk_test_file");
  scene.inputs.environment["STRIPE_SECRET_KEY"] = "sk_test_both";
  REQUIRE(scene.problems().size() == 1);
  CHECK(scene.problems()[0].field == "STRIPE_SECRET_KEY_FILE");
}

TEST_CASE("every problem is told at once, with its place and without secrets") {
  Folder folder;
  Scene scene;
  scene.inputs.file = folder.write("c.toml", "[http]\nprot = 1\nidle = \"soon\"\nbad\n");
  scene.inputs.environment = {{"TUITION_HTTP_PROT", "1"},
                              {"TUITION_HTTP_PORT", "70000"},
                              {"TUITION_LOG_LEVEL", "loud"},
                              {"TUITION_LOG_VERBOSE", "perhaps"},
                              {"STRIPE_SECRET_KEY_FILE", "/nonexistent/key"}};
  const std::string file = (folder.path / "c.toml").string();
  std::vector<std::string> told;
  for (const auto& each : scene.problems()) told.push_back(each.field + " " + each.reason);
  CHECK(told == std::vector<std::string>{
                    file + ":4 needs = between name and value",
                    file + ":2 http.prot is not a setting; did you mean http.port?",
                    "http.port must be between 1 and 65535, not \"70000\" (TUITION_HTTP_PORT)",
                    "log.level must be one of debug, info, not \"loud\" (TUITION_LOG_LEVEL)",
                    "STRIPE_SECRET_KEY_FILE names a file that cannot be read: /nonexistent/key",
                    "log.verbose must be true or false, not \"perhaps\" (TUITION_LOG_VERBOSE)",
                    "http.idle must be a duration such as 90, 15m, 12h or 30d, not \"soon\" (" + file + ":3)",
                    "TUITION_HTTP_PROT is not a setting; did you mean TUITION_HTTP_PORT?",
                });
}

TEST_CASE("a file that --config names must be there") {
  Scene scene;
  scene.inputs.file = "/nonexistent/mine.toml";
  REQUIRE(scene.problems().size() == 1);
  CHECK(scene.problems()[0].field == "/nonexistent/mine.toml");
  scene.inputs.file = fs::temp_directory_path();
  CHECK(scene.problems().size() == 1);
}

TEST_CASE("variables that mean something elsewhere pass") {
  Scene scene;
  scene.inputs.environment = {{"TUITION_CONFIG", "x"}, {"HOME", "/root"}};
  CHECK(scene.problems().size() == 1);
  scene.inputs.other_variables = {"TUITION_CONFIG"};
  CHECK(scene.problems().empty());
}

TEST_CASE("flags are read as text and only when given") {
  Settings settings;
  const Options options = settings.options();
  CLI::App app;
  Flags flags;
  flags.add_to(app, options);
  app.parse("--port 9000 --log-verbose --http-origins https://a.example,https://b.example");
  CHECK(flags.given() == std::map<std::string, std::string>{{"http.port", "9000"},
                                                            {"log.verbose", "true"},
                                                            {"http.origins", "https://a.example,https://b.example"}});
  CLI::App second;
  Flags more;
  more.add_to(second, options);
  second.parse("--no-log-verbose --http-idle=15m");
  CHECK(more.given() == std::map<std::string, std::string>{{"log.verbose", "false"}, {"http.idle", "15m"}});
}

TEST_CASE("values in units") {
  std::int64_t n = 0;
  CHECK(into_seconds(n, 0, 1 << 30)("12h").empty());
  CHECK(n == 12 * 3600);
  CHECK(into_bytes(n, 0, 1 << 30)("64 KiB").empty());
  CHECK(n == 65536);
  CHECK(into_bytes(n, 0, 1000)("1KiB") == "must be between 0 and 1000 bytes");
  CHECK_FALSE(into_bytes(n, 0, 1000)("999999999999999999G").empty());
  CHECK_FALSE(into_seconds(n, 0, 1000)("").empty());
}

TEST_CASE("what is shown names each value's origin and no secret") {
  Scene scene;
  scene.inputs.environment = {{"STRIPE_SECRET_KEY", "sk_test_hidden"}, {"TUITION_HTTP_ORIGINS", "https://a.example"}};
  const auto loaded = scene.load();
  REQUIRE(loaded);
  const std::string text = show(*loaded);
  CHECK(text.find("http.port = 8080") != std::string::npos);
  CHECK(text.find("# default\n") != std::string::npos);
  CHECK(text.find("stripe.secret_key = \"***\"") != std::string::npos);
  CHECK(text.find("# environment STRIPE_SECRET_KEY\n") != std::string::npos);
  CHECK(text.find("hidden") == std::string::npos);
  CHECK(show_json(*loaded).find("hidden") == std::string::npos);
  CHECK(
      show_json(*loaded).starts_with(R"([{"name":"http.port","value":"8080","origin":"default","reloadable":false},)"));
  // What may be changed without a restart is marked.
  CHECK(text.find("log.level = \"info\"") != std::string::npos);
  CHECK(text.find("# default; read again on SIGHUP\n") != std::string::npos);
}

TEST_CASE("the sample file, with every # removed, reads as the defaults") {
  Settings settings;
  const Options options = settings.options();
  std::string sample = sample_file(options);
  std::string active;
  std::size_t at = 0;
  while (at < sample.size()) {
    const auto end = sample.find('\n', at);
    const std::string line = sample.substr(at, end - at);
    active += (line.starts_with("#") && !line.starts_with("# ") ? line.substr(1) : line) + "\n";
    at = end + 1;
  }
  // The table names http twice, apart: a second [http] is the same section.
  Folder folder;
  Scene scene;
  scene.inputs.file = folder.write("sample.toml", active);
  REQUIRE(scene.problems().empty());
  CHECK(scene.settings.port == 8080);
  CHECK(scene.source("http.upload") == Source::file);
}

TEST_CASE("the reference names flag, variable, sort, default and sentence") {
  Settings settings;
  const std::string text = reference_markdown(settings.options());
  CHECK(text.find("| `http.port` | `--port` | `TUITION_HTTP_PORT`, `PORT` | number | `8080` | Where to listen. |\n") !=
        std::string::npos);
  CHECK(text.find("`info`, in dev `debug`") != std::string::npos);
  CHECK(text.find("Other sites \\| that may call.") != std::string::npos);
  CHECK(text.find("Read again on SIGHUP.") != std::string::npos);
  CHECK(help_text(settings.options()).find("  --port               Where to listen. [8080]\n") != std::string::npos);
}

TEST_CASE("the name that was probably meant") {
  const std::vector<std::string> names{"serve", "backup", "restore"};
  CHECK(suggest("sreve", names) == "serve");
  CHECK(suggest("bakup", names) == "backup");
  CHECK(suggest("zzz", names).empty());
  CHECK(suggest("", names).empty());
}

TEST_CASE("what has changed is told apart by whether a running program can take it") {
  Scene was;
  const auto before = was.load();
  REQUIRE(before);
  Scene is;
  is.inputs.environment["LOG_LEVEL"] = "debug";
  is.inputs.environment["STRIPE_SECRET_KEY"] = "sk_test_other";
  const auto after = is.load();
  REQUIRE(after);
  const auto found = changes(before.value(), after.value());
  CHECK(found.reloadable == std::vector<std::string>{"log.level"});
  CHECK(found.fixed == std::vector<std::string>{"stripe.secret_key"});
  CHECK(changes(after.value(), after.value()).reloadable.empty());
  CHECK(changes(after.value(), after.value()).fixed.empty());
}

TEST_CASE("an unknown variable is answered with one that is near, or that others know by its name") {
  const std::pair<std::string, std::string> table[] = {
      {"TUITION_PORT", "; did you mean TUITION_HTTP_PORT?"},
      {"TUITION_HTTP_ORIGIN", "; did you mean TUITION_HTTP_ORIGINS?"},
      {"TUITION_STRIPE_SECRET_KEY_FIL", "; did you mean TUITION_STRIPE_SECRET_KEY_FILE?"},
      {"TUITION_ULR", ""},
      {"TUITION_", ""},
  };
  for (const auto& [name, meant] : table) {
    Scene scene;
    scene.inputs.other_variables = {"TUITION_URL"};
    scene.inputs.environment[name] = "1";
    const auto problems = scene.problems();
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().field == name);
    CHECK(problems.front().reason == "is not a setting" + meant);
  }
}

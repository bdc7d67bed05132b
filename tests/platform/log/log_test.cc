#include "platform/log/log.h"

#include <fcntl.h>
#include <unistd.h>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <thread>
#include <vector>

#include "platform/base/text.h"
#include "platform/log/line.h"

using namespace tuition;

namespace {

constexpr Instant at{1'795'163'400'123};

std::string json(std::string_view event, std::vector<log::Field> fields, std::string_view request = {}) {
  return log::render(log::Form::json, at, log::Level::info, event, request, fields);
}

// Takes what is logged while it lives.
class Captured {
 public:
  explicit Captured(log::Settings settings) {
    REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
    ::fcntl(ends_[1], F_SETPIPE_SZ, 1 << 20);
    settings.descriptor = ends_[1];
    log::configure(settings);
  }
  ~Captured() {
    ::close(ends_[0]);
    if (ends_[1] >= 0) finish();
  }
  std::string finish() {
    log::configure({});
    ::close(ends_[1]);
    ends_[1] = -1;
    std::string all;
    char piece[4096];
    for (ssize_t got = 0; (got = ::read(ends_[0], piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(got));
    return all;
  }

 private:
  int ends_[2] = {-1, -1};
};

}  // namespace

TEST_CASE("a line is one JSON object with time, level and event") {
  CHECK(json("job.failed", {{"kind", "email.send"}, {"attempt", 3}}) ==
        "{\"time\":\"" + to_text(at) +
            "\",\"level\":\"info\",\"event\":\"job.failed\",\"kind\":\"email.send\",\"attempt\":3}\n");
  CHECK(json("x", {}, "r-1").find("\"request\":\"r-1\"") != std::string::npos);
}

TEST_CASE("no value can forge a line") {
  const std::string line = json("x", {{"path", "a\n{\"level\":\"error\"}\r\x1b[2J\xff"}});
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find('\r') == std::string::npos);
  CHECK(is_utf8(line));
  const std::string person =
      log::render(log::Form::person, at, log::Level::warn, "x", "", std::vector<log::Field>{{"path", "a\nb\x1b["}});
  CHECK(std::count(person.begin(), person.end(), '\n') == 1);
  CHECK(person.find('\x1b') == std::string::npos);
}

TEST_CASE("people read time, level, event and names with values") {
  const std::vector<log::Field> fields{{"kind", "email.send"}, {"reason", "no such host"}, {"attempt", 3}};
  CHECK(log::render(log::Form::person, at, log::Level::warn, "job.failed", "r-1", fields) ==
        to_text(at).substr(11, 12) +
            "  warn   job.failed  kind=email.send  reason=\"no such host\"  attempt=3  request=r-1\n");
}

TEST_CASE("secrets in values are redacted on the way out") {
  CHECK(json("x", {{"error", "key sk_test_abcdefgh refused"}}).find("abcdefgh") == std::string::npos);
}

TEST_CASE("the request id is on every line of its thread and nowhere else") {
  Captured captured({});
  {
    const log::RequestScope scope("r-7");
    log::info("inside");
    std::thread([] { log::info("elsewhere"); }).join();
  }
  log::info("after");
  const std::string all = captured.finish();
  const auto lines = split(all, '\n');
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].find("\"request\":\"r-7\"") != std::string_view::npos);
  CHECK(lines[1].find("request") == std::string_view::npos);
  CHECK(lines[2].find("request") == std::string_view::npos);
}

TEST_CASE("lines below the level are left out") {
  Captured captured({log::Level::warn, log::Form::json});
  CHECK_FALSE(log::enabled(log::Level::info));
  log::info("quiet");
  log::error("loud");
  const std::string all = captured.finish();
  CHECK(all.find("quiet") == std::string::npos);
  CHECK(all.find("loud") != std::string::npos);
}

TEST_CASE("lines of many threads never mix") {
  Captured captured({});
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([] {
      for (int n = 0; n < 200; ++n) log::info("tick", {{"text", std::string(100, 'x')}});
    });
  for (auto& each : writers) each.join();
  const std::string all = captured.finish();
  int whole = 0;
  for (const auto line : split(all, '\n'))
    if (line.starts_with("{\"time\":") && line.ends_with("x\"}")) ++whole;
  CHECK(whole == 800);
}

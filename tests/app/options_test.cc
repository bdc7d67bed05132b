#include "app/options.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::app {
namespace {

// What the setting of that name has against a text; nothing when it takes it.
std::string against(Options& options, std::string_view name, const std::string& text) {
  for (const auto& each : option_table(options))
    if (each.name == name) return each.set(text);
  return "no such option";
}

}  // namespace

TEST_CASE("settings take what can work and refuse what cannot") {
  struct Row {
    const char* name;
    std::vector<const char*> fit;
    std::vector<const char*> refused;
  };
  const std::vector<Row> rows{
      {"http.admin_networks",
       {"", "10.0.0.0/8, 2001:db8::/32", "192.0.2.7", "local", "unix"},
       {"10.0.0.0/99", "zz", "10.0.0.0/8,zz", "10.0.0.0/", "10.0.0/8"}},
      {"data", {"data", "/var/lib/tuition", "my school"}, {"", " "}},
      {"openai.api_key",
       {"", "sk-counting", " sk-counting\n", "ollama"},
       {"two words", "sk-a\r\nX-Other: b", "schl\xc3\xbcssel"}},
      {"openai.base_url",
       {"https://api.openai.com/v1", "http://127.0.0.1:11434/v1/"},
       {"", "localhost:11434", "https://"}},
      {"http.trusted_proxies", {"127.0.0.1/32"}, {"proxy.example.org", "127.0.0.1/33"}},
      {"http.metrics_networks", {"127.0.0.0/8,::1/128"}, {"::1/129", "everybody"}},
      {"http.limit_auth",
       {"5/60s", "5/60", "100/15m", "1/1s", "1000000/1d"},
       {"", "5", "5/", "/60s", "0/60s", "-1/60s", "5/0s", "5/2d", "5/60s/1", "many/60s", "1000001/60s",
        "5 per minute"}},
      {"http.cors_origins",
       {"", "https://app.example.org", "http://localhost:5173,https://a.example"},
       {"app.example.org", "https://app.example.org/", "https://app.example.org/x", "*", "ftp://app.example.org"}},
      {"http.hosts",
       {"", "*", "school.example.org,b.example", "192.0.2.7"},
       {"https://school.example.org", "school.example.org:443", "school example"}},
      {"http.host",
       {"127.0.0.1", "0.0.0.0", "::", "::1", "*", "localhost"},
       {"school.example.org", "[::1]", "300.1.1.1"}},
      {"http.listen",
       {"", "127.0.0.1:8081", "[::1]:0", "*:80", ":8080", "unix:/run/tuition.sock"},
       {"127.0.0.1", "127.0.0.1:70000", "school.example.org:80", "unix:", "127.0.0.1:x"}},
      {"outbound.private_peers",
       {"", "127.0.0.1:12111", "llm.internal:8080,[::1]:80"},
       {"llm.internal", "http://llm.internal:8080", "llm.internal:0", "llm.internal:x"}},
      {"stripe.base_url",
       {"https://api.stripe.com", "http://127.0.0.1:12111"},
       {"api.stripe.com", "ftp://api.stripe.com", "https://", "https://api.stripe.com?x=1",
        "https://api.stripe.com/#a"}},
      {"paystack.base_url", {"https://api.paystack.co"}, {"paystack", "https://api.paystack.co/?a"}},
      {"paystack.currencies", {"KES", "kes, NGN"}, {"KSH", "KES,shillings"}},
      {"manual.methods", {"bank", "bank,mobile_money,cash"}, {"cheque", "bank,cheque"}},
  };
  for (const auto& row : rows) {
    for (const auto* text : row.fit) {
      INFO(row.name << " = " << text);
      Options options;
      CHECK(against(options, row.name, text).empty());
    }
    for (const auto* text : row.refused) {
      INFO(row.name << " = " << text);
      Options options;
      CHECK(against(options, row.name, text).starts_with("must be "));
    }
  }
}

TEST_CASE("what is refused changes nothing, and what is taken is tidied") {
  Options options;
  REQUIRE(against(options, "http.admin_networks", "10.0.0.0/8").empty());
  CHECK_FALSE(against(options, "http.admin_networks", "192.0.2.0/24,zz").empty());
  CHECK(options.admin_networks == std::vector<std::string>{"10.0.0.0/8"});
  REQUIRE(against(options, "paystack.currencies", "kes, ngn").empty());
  CHECK(options.billing.paystack.currencies == std::vector<std::string>{"KES", "NGN"});
  REQUIRE(against(options, "stripe.base_url", "http://127.0.0.1:12111/").empty());
  CHECK(options.billing.stripe.base_url == "http://127.0.0.1:12111");
}

TEST_CASE("pages of other sites are let in by name only") {
  Options options;
  options.cors = true;
  REQUIRE(cross_check(options).size() == 1);
  CHECK(cross_check(options).front().starts_with("http.cors_origins is needed"));
  options.cors_origins = {"https://app.example.org"};
  CHECK(cross_check(options).empty());
}

TEST_CASE("a school that people reach over the network asks for https, unless plain http is asked for by name") {
  struct Row {
    const char* url;
    config::Mode mode;
    bool allowed;
    std::size_t complaints;
  };
  const Row rows[] = {
      {"https://school.example", config::Mode::prod, false, 0},
      {"http://school.example", config::Mode::prod, false, 1},
      {"http://school.example", config::Mode::prod, true, 0},
      {"http://school.example", config::Mode::dev, false, 0},
      {"http://192.168.1.10:8080", config::Mode::prod, false, 1},
      {"http://0.0.0.0:8080", config::Mode::prod, false, 1},
      {"http://localhost:8080", config::Mode::prod, false, 0},
      {"http://LOCALHOST", config::Mode::prod, false, 0},
      {"http://school.localhost", config::Mode::prod, false, 0},
      {"http://127.0.0.1:8080", config::Mode::prod, false, 0},
      {"http://[::1]:8080", config::Mode::prod, false, 0},
      {"http://127.evil.example", config::Mode::prod, false, 1},
      {"http://localhost.evil.example", config::Mode::prod, false, 1},
      {"http://localhost@evil.example", config::Mode::prod, false, 1},
  };
  for (const auto& row : rows) {
    INFO(row.url);
    Options options;
    options.mode = row.mode;
    options.outreach.base_url = row.url;
    options.allow_http = row.allowed;
    const auto complaints = cross_check(options);
    REQUIRE(complaints.size() == row.complaints);
    if (row.complaints > 0) CHECK(complaints.front().starts_with("site.base_url must begin with https://"));
  }
}

TEST_CASE("the defaults of all settings are settings") {
  Options options;
  for (const auto& each : option_table(options)) {
    INFO(each.name);
    CHECK(each.set(std::string(each.fallback)).empty());
    if (!each.dev_fallback.empty()) CHECK(each.set(std::string(each.dev_fallback)).empty());
  }
}

}  // namespace tuition::app

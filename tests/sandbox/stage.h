#pragma once

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "platform/base/json.h"
#include "platform/base/text.h"
#include "platform/crypto/system_entropy.h"
#include "platform/http/engine.h"
#include "platform/http/front/front.h"
#include "platform/http/json.h"
#include "platform/outbound/curl.h"
#include "sandbox/sandbox.h"

// A sandbox and a server like ours beside it: it calls with real HTTP, and a school that takes webhooks.
struct Stage {
  tuition::crypto::SystemEntropy entropy{};
  tuition::AdvancingClock clock{};
  tuition::metrics::Registry registry{};
  tuition::sandbox::Sandbox sandbox;
  tuition::outbound::CurlClient client;

  std::mutex mutex{};
  std::vector<tuition::http::Request> hooks{};  // what the school was told
  std::vector<int> answers{};                   // what it answers; 200 when none are left
  tuition::http::Guard guard;
  std::unique_ptr<tuition::http::Engine> engine{};
  std::unique_ptr<tuition::http::Front> front{};

  // A folder lets the next stage on it go on where this one stopped.
  explicit Stage(std::filesystem::path folder = {})
      : sandbox({.secret_key = tuition::Secret("sk_test_stage"),
                 .webhook_secret = tuition::Secret("whsec_stage"),
                 .accounts = {{"learner", "learner@tuition.example", "practice <makes> perfect"}},
                 .folder = std::move(folder)},
                clock, entropy),
        client({}, registry),
        guard(tuition::http::GuardSettings::open_to_all(), nullptr, clock, entropy) {
    auto started = sandbox.start();
    if (!started) FAIL(started.error().safe);
    client.name(sandbox.stripe_address());
    tuition::http::Routes routes = sandbox.dev_routes();
    routes.push_back({.method = tuition::http::Method::post,
                      .path = "/hook",
                      .operation = "hook",
                      .access = tuition::http::Access::anyone,
                      .bucket = tuition::http::Bucket::none,
                      .sentence = "Takes webhooks.",
                      .endpoint = tuition::http::raw([this](const tuition::http::Request& request) {
                        const std::lock_guard lock(mutex);
                        hooks.push_back(request);
                        int status = 200;
                        if (!answers.empty()) {
                          status = answers.front();
                          answers.erase(answers.begin());
                        }
                        return tuition::http::text(status, "");
                      }),
                      .body_max = 1024 * 1024});
    engine = std::make_unique<tuition::http::Engine>(routes, guard, nullptr, registry, clock, entropy);
    front = std::make_unique<tuition::http::Front>(
        tuition::http::FrontSettings{.listen = {"127.0.0.1:0"}, .name = "school", .threads = 2}, *engine, registry);
    auto listening = front->start();
    if (!listening) FAIL(listening.error().safe);
    client.name(school().substr(7));
    sandbox.deliver_webhooks_to(school() + "/hook");
  }
  ~Stage() {
    sandbox.stop();
    front->drain(tuition::seconds(1));
  }
  std::string school() const { return front->addresses().front(); }

  tuition::outbound::HttpReply call(const std::string& method, const std::string& url, const std::string& body = {},
                                    std::vector<std::pair<std::string, std::string>> headers = {}) {
    tuition::outbound::HttpRequest request;
    request.method = method;
    request.url = url;
    request.body = body;
    request.headers = std::move(headers);
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    auto reply = client.send(request);
    if (!reply) FAIL(method << " " << url << ": " << reply.error().detail);
    return std::move(reply).value();
  }
  static std::vector<std::pair<std::string, std::string>> keys(const std::string& idempotency = {}) {
    std::vector<std::pair<std::string, std::string>> headers{{"Authorization", "Bearer sk_test_stage"},
                                                             {"Stripe-Version", "2026-10-28.endive"}};
    if (!idempotency.empty()) headers.emplace_back("Idempotency-Key", idempotency);
    return headers;
  }
  tuition::outbound::HttpReply api(const std::string& method, const std::string& path, const std::string& body = {},
                                   const std::string& idempotency = {}) {
    return call(method, sandbox.stripe_url() + path, body, keys(idempotency));
  }
  // A call that must succeed.
  tuition::Json ask(const std::string& method, const std::string& path, const std::string& body = {}) {
    const auto reply = api(method, path, body);
    INFO(method << " " << path << " " << body << "\n" << reply.body);
    REQUIRE(reply.status == 200);
    return tuition::Json::parse(reply.body);
  }
  // A call that must fail: "400 code param".
  std::string refusal(const std::string& method, const std::string& path, const std::string& body = {}) {
    const auto reply = api(method, path, body);
    const auto error = tuition::Json::parse(reply.body)["error"];
    return std::to_string(reply.status) + " " + error.value("code", "-") + " " + error.value("param", "-");
  }

  std::string customer() { return ask("POST", "/v1/customers", "email=ada@example.org&metadata[user_id]=u-1")["id"]; }
  std::string price(const std::string& recurring = "recurring[interval]=month") {
    const std::string product = ask("POST", "/v1/products", "name=All+courses")["id"];
    return ask(
        "POST", "/v1/prices",
        "product=" + product + "&currency=usd&unit_amount=1200" + (recurring.empty() ? "" : "&" + recurring))["id"];
  }
  tuition::Json checkout(const std::string& more = {}, const std::string& mode = "subscription") {
    return ask("POST", "/v1/checkout/sessions",
               "mode=" + mode + "&customer=" + customer() +
                   "&line_items[0][price]=" + price(mode == "payment" ? "" : "recurring[interval]=month") +
                   "&line_items[0][quantity]=1&success_url=" +
                   tuition::percent_encode("http://school.example/done?s={CHECKOUT_SESSION_ID}") +
                   "&cancel_url=http://school.example/plans&client_reference_id=o-1&metadata[checkout_id]=o-1" + more);
  }
  // Presses a button of the payment page.
  tuition::outbound::HttpReply press(const tuition::Json& session, const std::string& outcome) {
    return call("POST", session["url"], "outcome=" + outcome);
  }

  void settle() { REQUIRE(sandbox.settle(tuition::seconds(20))); }
  std::vector<tuition::Json> events() {
    const std::lock_guard lock(mutex);
    std::vector<tuition::Json> found;
    for (const auto& each : hooks) found.push_back(tuition::Json::parse(each.body));
    return found;
  }
  std::vector<std::string> types() {
    std::vector<std::string> found;
    for (const auto& each : events()) found.push_back(each["type"]);
    return found;
  }
  tuition::Json event(const std::string& type) {
    tuition::Json found;
    for (const auto& each : events())
      if (each["type"] == type) found = each;
    return found;
  }
  void forget() {
    const std::lock_guard lock(mutex);
    hooks.clear();
  }
};

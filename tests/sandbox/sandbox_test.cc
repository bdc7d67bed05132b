#include "sandbox/sandbox.h"

#include <fstream>

#include "platform/storage/folder.h"
#include "sandbox/keeper.h"
#include "sandbox/stage.h"

using namespace tuition;
using tests::Folder;

namespace {

// A subscription that is paid for, and told to the school.
Json subscribed(Stage& stage) {
  const Json session = stage.checkout();
  stage.press(session, "pay");
  stage.settle();
  Json subscription = stage.event("customer.subscription.created")["data"]["object"];
  stage.forget();
  return subscription;
}

}  // namespace

TEST_CASE("what was bought before a restart renews after it") {
  const Folder folder;
  Json bought;
  {
    Stage before(folder.path());
    bought = subscribed(before);
  }
  Stage after(folder.path());
  const std::string path = "/v1/subscriptions/" + bought["id"].get<std::string>();
  CHECK(after.ask("GET", path)["status"] == "active");
  after.sandbox.advance(days(32));
  after.settle();
  const Json renewed = after.event("invoice.paid")["data"]["object"];
  CHECK(renewed["billing_reason"] == "subscription_cycle");
  CHECK(renewed["parent"]["subscription_details"]["subscription"] == bought["id"]);
  CHECK(after.ask("GET", path)["items"]["data"][0]["current_period_start"] ==
        bought["items"]["data"][0]["current_period_end"]);
}

TEST_CASE("time that was passed before a restart stays passed") {
  const Folder folder;
  Instant then;
  {
    Stage before(folder.path());
    before.sandbox.advance(days(40));
    before.sandbox.advance(hours(3));
    then = before.clock.now();
  }
  Stage after(folder.path());
  CHECK(after.clock.now() >= then);
  CHECK(after.clock.now() - then < days(1));
}

TEST_CASE("a clock that cannot be kept does not move") {
  const Folder folder;
  Stage stage(folder.path() / "sandbox");
  const Instant before = stage.clock.now();
  std::filesystem::remove_all(folder.path() / "sandbox");
  CHECK_THROWS(stage.sandbox.advance(days(40)));
  CHECK(stage.clock.now() - before < days(1));
}

TEST_CASE("a notice that the school did not take before a restart comes after it") {
  const Folder folder;
  Json session;
  {
    Stage before(folder.path());
    session = before.checkout();
    before.settle();
    before.answers = std::vector<int>(100, 500);
    before.press(session, "pay");
    before.settle();
  }
  Stage after(folder.path());
  CHECK(after.events().empty());
  after.sandbox.advance(minutes(1));
  after.settle();
  CHECK(after.event("checkout.session.completed")["data"]["object"]["id"] == session["id"]);
  CHECK(after.event("invoice.paid")["type"] == "invoice.paid");
}

TEST_CASE("a call repeated after a restart with its key is answered as the first time") {
  const Folder folder;
  std::string first;
  {
    Stage before(folder.path());
    first = before.api("POST", "/v1/customers", "email=ada@example.org", "key-1").body;
  }
  Stage after(folder.path());
  const auto again = after.api("POST", "/v1/customers", "email=ada@example.org", "key-1");
  CHECK(again.body == first);
  CHECK(again.header("idempotent-replayed") == "true");
  CHECK(after.api("POST", "/v1/customers", "email=eve@example.org", "key-1").status == 400);
  CHECK(after.ask("GET", "/v1/customers?email=ada@example.org")["data"].size() == 1);
}

TEST_CASE("cards that are declined stay declined over a restart") {
  const Folder folder;
  {
    Stage before(folder.path());
    subscribed(before);
    before.sandbox.decline_renewals(true);
  }
  Stage after(folder.path());
  after.sandbox.advance(days(32));
  after.settle();
  CHECK(after.event("invoice.payment_failed")["type"] == "invoice.payment_failed");
}

TEST_CASE("pages stay where they are over a restart, and move when somebody else has their address") {
  const Folder folder;
  const Folder copy;
  Json session;
  {
    Stage before(folder.path());
    session = before.checkout();
  }
  std::filesystem::copy(folder.path(), copy.path(), std::filesystem::copy_options::recursive);
  Stage same(folder.path());
  CHECK(same.call("GET", session["url"]).body.find("All courses") != std::string::npos);

  Stage moved(copy.path());
  REQUIRE(moved.sandbox.stripe_url() != same.sandbox.stripe_url());
  const Json found = moved.ask("GET", "/v1/checkout/sessions/" + session["id"].get<std::string>());
  CHECK(found["url"].get<std::string>().starts_with(moved.sandbox.stripe_url() + "/"));
  CHECK(moved.call("GET", found["url"]).body.find("All courses") != std::string::npos);
}

TEST_CASE("a crash leaves a document that can be read") {
  const Folder folder;
  const Folder crashed;
  Stage stage(folder.path());
  const Json bought = subscribed(stage);
  // The file as it is the moment the subscription has got into it, with the sandbox still running.
  const auto file = folder.path() / "stripe.json";
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  const auto written = [&] {
    return std::filesystem::exists(file) &&
           sandbox::read_file(file).find(bought["id"].get<std::string>()) != std::string::npos;
  };
  while (!written()) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::yield();
  }
  std::filesystem::copy(file, crashed.path() / "stripe.json");
  Stage after(crashed.path());
  CHECK(after.ask("GET", "/v1/subscriptions/" + bought["id"].get<std::string>())["id"] == bought["id"]);
}

TEST_CASE("a document that cannot be read is named and left alone") {
  for (const char* name : {"stripe.json", "clock.json"}) {
    for (const char* text : {"", "{", "[]", R"({"version":99})", R"({"version":1})"}) {
      const Folder folder;
      const auto file = folder.path() / name;
      std::ofstream(file) << text;
      crypto::SystemEntropy entropy;
      AdvancingClock clock;
      sandbox::Sandbox sandbox(
          {.secret_key = Secret("sk_test_x"), .webhook_secret = Secret("whsec_x"), .folder = folder.path()}, clock,
          entropy);
      const auto started = sandbox.start();
      INFO(name << " " << text);
      REQUIRE_FALSE(started);
      CHECK(started.error().safe.find(file.string()) != std::string::npos);
      sandbox.stop();
      CHECK(sandbox::read_file(file) == text);
    }
  }
}

TEST_CASE("the payment page is also at the school, by the school's own id of the checkout") {
  Stage stage;
  const Json older = stage.checkout();
  const Json session = stage.checkout();
  stage.settle();
  stage.forget();
  const std::string page = stage.school() + "/dev/pay/o-1";
  CHECK(stage.call("GET", page).body.find("12.00 USD") != std::string::npos);
  CHECK(stage.call("POST", page, "outcome=steal").status == 400);
  CHECK(stage.call("POST", page, "outcome=cancel").header("location") == "http://school.example/plans");
  const auto paid = stage.call("POST", page, "outcome=pay");
  CHECK(paid.status == 303);
  CHECK(paid.header("location") == "http://school.example/done?s=" + session["id"].get<std::string>());
  stage.settle();
  CHECK(stage.event("checkout.session.completed")["data"]["object"]["id"] == session["id"]);
  CHECK(stage.call("GET", page).body.find("paid already") != std::string::npos);
  CHECK(stage.ask("GET", "/v1/checkout/sessions/" + older["id"].get<std::string>())["status"] == "open");
  CHECK(stage.call("GET", stage.school() + "/dev/pay/o-2").status == 404);
  CHECK(stage.call("POST", stage.school() + "/dev/pay/o-2", "outcome=pay").status == 404);
}

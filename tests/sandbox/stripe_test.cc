#include <algorithm>

#include "sandbox/stage.h"
#include "sandbox/stripe/params.h"

using namespace tuition;
using namespace tuition::sandbox::stripe;

TEST_CASE("brackets in names become objects and lists") {
  const auto form = read_form("a%5Bb%5D[0][c]=1&a[b][1][c]=x+y&d[]=p&d[]=q&e=%C3%BC");
  REQUIRE(form);
  CHECK(form->dump() == "{\"a\":{\"b\":[{\"c\":\"1\"},{\"c\":\"x y\"}]},\"d\":[\"p\",\"q\"],\"e\":\"\xc3\xbc\"}");
  for (const char* bad : {"a=1&a=2", "a[b=1", "[a]=1", "a=%zz", "a=1&a[b]=2", "a=%ff", "a[b][c][d][e][f][g][h][i]=1"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_form(bad));
  }
}

TEST_CASE("a call needs the key and the version") {
  Stage stage;
  const std::string url = stage.sandbox.stripe_url() + "/v1/customers";
  CHECK(stage.call("GET", url).status == 401);
  CHECK(stage.call("GET", url, {}, {{"Authorization", "Bearer sk_test_other"}, {"Stripe-Version", "2026-10-28.endive"}})
            .status == 401);
  CHECK(stage.call("GET", url, {}, {{"Authorization", "Bearer sk_test_stage"}}).status == 400);
  const auto good = stage.api("GET", "/v1/customers");
  CHECK(good.status == 200);
  CHECK(good.header("request-id").starts_with("req_"));
}

TEST_CASE("parameters are checked as strictly as Stripe checks them") {
  Stage stage;
  const std::string price = stage.price();
  const std::string session = "/v1/checkout/sessions";
  const std::string good =
      "mode=subscription&success_url=http://a.example/&line_items[0][price]=" + price + "&line_items[0][quantity]=1";
  CHECK(stage.refusal("POST", "/v1/customers", "emial=x") == "400 parameter_unknown emial");
  CHECK(stage.refusal("POST", "/v1/products", "") == "400 parameter_missing name");
  CHECK(stage.refusal("POST", "/v1/prices", "currency=usd&product=prod_x&unit_amount=ten") ==
        "400 parameter_invalid_integer unit_amount");
  CHECK(stage.refusal("POST", "/v1/prices", "currency=USD&product=prod_x&unit_amount=1") == "400 - currency");
  CHECK(stage.refusal("POST", "/v1/prices", "currency=usd&product=prod_x&unit_amount=1") ==
        "400 resource_missing product");
  CHECK(stage.refusal("POST", session, good + "&payment_method_types[0]=card") ==
        "400 parameter_unknown payment_method_types");
  CHECK(stage.refusal("POST", session, good + "&line_items[0][color]=red") ==
        "400 parameter_unknown line_items[0][color]");
  CHECK(stage.refusal("POST", session, good + "&customer=cus_gone") == "400 resource_missing customer");
  CHECK(stage.refusal("POST", session, "mode=subscription&success_url=http://a.example/") ==
        "400 parameter_missing line_items");
  CHECK(stage.refusal("POST", session, "mode=gift&success_url=http://a.example/") == "400 - mode");
  CHECK(stage.refusal("POST", session,
                      "mode=payment&success_url=http://a.example/&line_items[0][price]=" + price +
                          "&line_items[0][quantity]=1") == "400 - mode");
  CHECK(stage.refusal("POST", session, good + "&expires_at=1000") == "400 - expires_at");
  CHECK(stage.refusal("POST", session, good + "&success_url2=x") == "400 parameter_unknown success_url2");
  CHECK(stage.refusal("POST", session,
                      "mode=subscription&success_url=/done&line_items[0][price]=" + price +
                          "&line_items[0][quantity]=1") == "400 url_invalid success_url");
  CHECK(stage.refusal("GET", "/v1/customers/cus_gone") == "404 resource_missing id");
  CHECK(stage.refusal("GET", "/v1/customers?limit=500") == "400 parameter_invalid_integer limit");
  stage.ask("POST", "/v1/prices/" + price, "active=false");
  CHECK(stage.refusal("POST", session, good) == "400 resource_missing line_items[0][price]");
}

TEST_CASE("the same key gives the same answer, and no second object") {
  Stage stage;
  const auto first = stage.api("POST", "/v1/customers", "email=a@example.org", "k-1");
  const auto again = stage.api("POST", "/v1/customers", "email=a@example.org", "k-1");
  CHECK(first.body == again.body);
  CHECK(first.header("idempotent-replayed").empty());
  CHECK(again.header("idempotent-replayed") == "true");
  CHECK(again.header("original-request") == first.header("request-id"));
  const auto other = stage.api("POST", "/v1/customers", "email=b@example.org", "k-1");
  CHECK(other.status == 400);
  CHECK(Json::parse(other.body)["error"]["type"] == "idempotency_error");
  CHECK(stage.ask("GET", "/v1/customers")["data"].size() == 1);
  // A refused request is not remembered.
  CHECK(stage.api("POST", "/v1/customers", "emial=c", "k-2").status == 400);
  CHECK(stage.api("POST", "/v1/customers", "email=c@example.org", "k-2").status == 200);
  stage.sandbox.advance(hours(25));
  CHECK(stage.api("POST", "/v1/customers", "email=d@example.org", "k-1").status == 200);
}

TEST_CASE("lists are paged by cursors, newest first") {
  Stage stage;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(stage.customer());
  const auto first = stage.ask("GET", "/v1/customers?limit=2");
  CHECK(first["has_more"] == true);
  CHECK(first["data"][0]["id"] == ids[4]);
  const auto second = stage.ask("GET", "/v1/customers?limit=3&starting_after=" + ids[3]);
  CHECK(second["data"].size() == 3);
  CHECK(second["has_more"] == false);
  const auto back = stage.ask("GET", "/v1/customers?limit=2&ending_before=" + ids[0]);
  CHECK(back["data"][0]["id"] == ids[2]);
  CHECK(back["has_more"] == true);
}

TEST_CASE("metadata keeps, replaces and removes keys") {
  Stage stage;
  const std::string id = stage.customer();
  const auto merged = stage.ask("POST", "/v1/customers/" + id, "metadata[plan]=all&metadata[user_id]=");
  CHECK(merged["metadata"].dump() == "{\"plan\":\"all\"}");
  CHECK(stage.ask("POST", "/v1/customers/" + id, "metadata=")["metadata"].empty());
}

TEST_CASE("calls go wrong when they are told to") {
  Stage stage;
  using sandbox::Fault;
  stage.sandbox.mischief().plan(Fault::fail, "/v1/customers", 1);
  CHECK(stage.api("POST", "/v1/customers", "email=a@example.org").status == 500);
  stage.sandbox.mischief().plan(Fault::locked, "/v1/", 1);
  CHECK(stage.api("GET", "/v1/customers").header("stripe-should-retry") == "true");

  stage.sandbox.mischief().plan(Fault::drop, "/v1/customers", 1);
  outbound::HttpRequest lost;
  lost.method = "POST";
  lost.url = stage.sandbox.stripe_url() + "/v1/customers";
  lost.body = "email=a@example.org";
  lost.headers = Stage::keys("k-lost");
  // A client without open connections: on an old one libcurl would ask again by itself, as the key allows.
  outbound::CurlClient fresh({.named = {stage.sandbox.stripe_address()}}, stage.registry);
  CHECK_FALSE(fresh.send(lost));
  const auto again = stage.api("POST", "/v1/customers", "email=a@example.org", "k-lost");
  CHECK(again.header("idempotent-replayed") == "true");
  CHECK(stage.ask("GET", "/v1/customers")["data"].size() == 1);
}

TEST_CASE("a refund is taken once, in parts") {
  Stage stage;
  const auto session = stage.checkout("", "payment");
  stage.press(session, "pay");
  const std::string intent =
      stage.ask("GET", "/v1/checkout/sessions/" + session["id"].get<std::string>())["payment_intent"];
  CHECK(stage.ask("POST", "/v1/refunds", "payment_intent=" + intent + "&amount=500")["status"] == "succeeded");
  CHECK(stage.refusal("POST", "/v1/refunds", "payment_intent=" + intent + "&amount=701") == "400 - amount");
  CHECK(stage.ask("POST", "/v1/refunds", "payment_intent=" + intent)["amount"] == 700);
  CHECK(stage.refusal("POST", "/v1/refunds", "payment_intent=" + intent) == "400 charge_already_refunded -");
  stage.settle();
  CHECK(stage.event("charge.refunded")["data"]["object"]["refunded"] == true);
}

#include "platform/metrics/metrics.h"

#include <catch2/catch_test_macros.hpp>

#include <thread>

#include "platform/base/check.h"

using namespace tuition;
using metrics::Registry;

TEST_CASE("a series keeps its place and counts from every thread") {
  Registry registry;
  auto& counter = registry.counter("tuition_x_total", "Xs.", {{"route", "/a"}});
  CHECK(&counter == &registry.counter("tuition_x_total", "Xs.", {{"route", "/a"}}));
  CHECK(&counter != &registry.counter("tuition_x_total", "Xs.", {{"route", "/b"}}));
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) counter.add();
  });
  for (int i = 0; i < 1000; ++i) counter.add();
  other.join();
  CHECK(counter.value() == 2000);
}

TEST_CASE("Prometheus reads families with help, type, labels and samples") {
  Registry registry;
  registry.counter("tuition_b_total", "Bs\nof a \\ kind.", {{"name", "say \"hi\"\n"}}).add(3);
  registry.gauge("tuition_a", "As.", {}, [] { return 1.5; });
  CHECK(registry.prometheus() ==
        "# HELP tuition_a As.\n# TYPE tuition_a gauge\ntuition_a 1.5\n"
        "# HELP tuition_b_total Bs\\nof a \\\\ kind.\n# TYPE tuition_b_total counter\n"
        "tuition_b_total{name=\"say \\\"hi\\\"\\n\"} 3\n");
}

TEST_CASE("a histogram's buckets add up in seconds") {
  Registry registry;
  auto& histogram = registry.histogram("tuition_d_seconds", "D.", {{"r", "x"}});
  histogram.observe_us(500);
  histogram.observe_us(501);
  histogram.observe_us(60'000'000);
  const std::string text = registry.prometheus();
  CHECK(text.find("tuition_d_seconds_bucket{r=\"x\",le=\"0.0005\"} 1\n") != std::string::npos);
  CHECK(text.find("tuition_d_seconds_bucket{r=\"x\",le=\"0.001\"} 2\n") != std::string::npos);
  CHECK(text.find("tuition_d_seconds_bucket{r=\"x\",le=\"30\"} 2\n") != std::string::npos);
  CHECK(text.find("tuition_d_seconds_bucket{r=\"x\",le=\"+Inf\"} 3\n") != std::string::npos);
  CHECK(text.find("tuition_d_seconds_sum{r=\"x\"} 60.001001\n") != std::string::npos);
  CHECK(text.find("tuition_d_seconds_count{r=\"x\"} 3\n") != std::string::npos);
}

TEST_CASE("percentiles are estimated inside their bucket") {
  metrics::Histogram histogram;
  CHECK(histogram.percentile_us(99) == 0);
  for (int i = 0; i < 100; ++i) histogram.observe_us(1500);
  CHECK(histogram.percentile_us(50) == 1500);
  CHECK(histogram.percentile_us(100) == 2000);
  histogram.observe_us(90'000'000);
  CHECK(histogram.percentile_us(100) == 30'000'000);
}

TEST_CASE("JSON names every series and the percentiles of histograms") {
  Registry registry;
  registry.counter("tuition_c_total", "C.", {{"k", "v"}}).add(2);
  registry.gauge("tuition_g", "G.", {}, [] { return 0.0 / 0.0; });
  registry.histogram("tuition_h_seconds", "H.").observe_us(1000);
  CHECK(
      registry.json() ==
      R"([{"name":"tuition_c_total","type":"counter","labels":{"k":"v"},"value":2},)"
      R"({"name":"tuition_g","type":"gauge","labels":{},"value":null},)"
      R"({"name":"tuition_h_seconds","type":"histogram","labels":{},"count":1,"meanUs":1000,"p50Us":750,"p90Us":950,"p99Us":995}])");
}

TEST_CASE("one name with two types is a bug") {
  Registry registry;
  registry.counter("tuition_x", "X.");
  CHECK_THROWS_AS(registry.histogram("tuition_x", "X."), Bug);
}

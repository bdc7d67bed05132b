#include <charconv>
#include <cmath>

#include "platform/base/fields_json.h"
#include "platform/metrics/registry.h"

// Both ways out: the text format 0.0.4 of Prometheus, and JSON for people and scripts.

namespace tuition::metrics {
namespace {

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  char digits[400];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed);
  return std::string(digits, end);
}

std::string in_seconds(std::int64_t microseconds) { return number(static_cast<double>(microseconds) / 1e6); }

// What is asked at each scrape may be a number that only grows: its name says so.
std::string_view type_of(std::string_view name, Sort sort) {
  switch (sort) {
    case Sort::counter: return "counter";
    case Sort::gauge: return name.ends_with("_total") ? "counter" : "gauge";
    case Sort::histogram: return "histogram";
  }
  return {};
}

void append_escaped(std::string& out, std::string_view text, bool quote) {
  for (const char each : text) {
    if (each == '\\') {
      out += "\\\\";
    } else if (each == '\n') {
      out += "\\n";
    } else if (quote && each == '"') {
      out += "\\\"";
    } else {
      out += each;
    }
  }
}

void append_labels(std::string& out, const Labels& labels, std::string_view le = {}) {
  if (labels.empty() && le.empty()) return;
  out += '{';
  const char* separator = "";
  const auto put = [&](std::string_view name, std::string_view value) {
    out += separator;
    out += name;
    out += "=\"";
    append_escaped(out, value, true);
    out += '"';
    separator = ",";
  };
  for (const auto& [name, value] : labels) put(name, value);
  if (!le.empty()) put("le", le);
  out += '}';
}

void append_sample(std::string& out, std::string_view name, std::string_view suffix, const Labels& labels,
                   std::string_view value, std::string_view le = {}) {
  out += name;
  out += suffix;
  append_labels(out, labels, le);
  out += ' ';
  out += value;
  out += '\n';
}

void append_histogram(std::string& out, std::string_view name, const Labels& labels, const Histogram& histogram) {
  std::uint64_t so_far = 0;
  for (int i = 0; i < Histogram::bucket_count; ++i) {
    so_far += histogram.bucket(i);
    const std::string le = i == Histogram::bucket_count - 1 ? "+Inf" : in_seconds(Histogram::bounds_us[i]);
    append_sample(out, name, "_bucket", labels, std::to_string(so_far), le);
  }
  append_sample(out, name, "_sum", labels, in_seconds(histogram.sum_us()));
  // From the buckets, not from count(): a scrape in the middle of an observation must not disagree with itself.
  append_sample(out, name, "_count", labels, std::to_string(so_far));
}

}  // namespace

std::string Registry::prometheus() const {
  std::string out;
  const std::lock_guard lock(impl_->mutex);
  for (const auto& [name, family] : impl_->families) {
    out += "# HELP " + name + " ";
    append_escaped(out, family.help, false);
    out += "\n# TYPE " + name + " ";
    out += type_of(name, family.sort);
    out += '\n';
    for (const auto& [labels, series] : family.series) {
      switch (family.sort) {
        case Sort::counter: append_sample(out, name, "", labels, std::to_string(series->counter->value())); break;
        case Sort::gauge: append_sample(out, name, "", labels, number(series->read())); break;
        case Sort::histogram: append_histogram(out, name, labels, *series->histogram); break;
      }
    }
  }
  return out;
}

std::string Registry::json() const {
  std::string out = "[";
  const std::lock_guard lock(impl_->mutex);
  for (const auto& [name, family] : impl_->families)
    for (const auto& [labels, series] : family.series) {
      if (out.size() > 1) out += ',';
      out += R"({"name":)";
      append_json_text(out, name);
      out += R"(,"type":")";
      out += type_of(name, family.sort);
      out += R"(","labels":{)";
      const char* separator = "";
      for (const auto& [label, value] : labels) {
        out += separator;
        append_json_text(out, label);
        out += ':';
        append_json_text(out, value);
        separator = ",";
      }
      out += '}';
      switch (family.sort) {
        case Sort::counter: out += R"(,"value":)" + std::to_string(series->counter->value()); break;
        case Sort::gauge: {
          const double value = series->read();
          out += R"(,"value":)" + (std::isfinite(value) ? number(value) : std::string("null"));
          break;
        }
        case Sort::histogram: {
          const Histogram& histogram = *series->histogram;
          const std::uint64_t count = histogram.count();
          out += R"(,"count":)" + std::to_string(count) + R"(,"meanUs":)" +
                 std::to_string(count == 0 ? 0 : histogram.sum_us() / static_cast<std::int64_t>(count)) +
                 R"(,"p50Us":)" + std::to_string(histogram.percentile_us(50)) + R"(,"p90Us":)" +
                 std::to_string(histogram.percentile_us(90)) + R"(,"p99Us":)" +
                 std::to_string(histogram.percentile_us(99));
          break;
        }
      }
      out += '}';
    }
  return out + "]";
}

}  // namespace tuition::metrics

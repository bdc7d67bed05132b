#include "outreach/templates.h"

#include <array>
#include <kainjow/mustache.hpp>

#include "outreach/messages.h"
#include "platform/base/check.h"
#include "platform/base/text.h"

namespace tuition::outreach {
namespace {

namespace mustache = kainjow::mustache;

std::string long_form(Day day) {
  static constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  const std::string iso = to_text(day);  // 2026-11-20
  const auto month = static_cast<std::size_t>(parse_integer(iso.substr(5, 2)).value_or(1) - 1);
  return std::to_string(parse_integer(iso.substr(8, 2)).value_or(1)) + " " + months.at(month) + " " + iso.substr(0, 4);
}

std::string shown(const JsonNode& value, TypeInfo::Sort sort) {
  switch (value.sort) {
    case JsonNode::Sort::text:
      if (sort == TypeInfo::Sort::day)
        if (const auto day = parse_day(value.text)) return long_form(*day);
      return value.text;
    case JsonNode::Sort::integer: return std::to_string(value.integer);
    case JsonNode::Sort::boolean: return value.boolean ? "yes" : "";
    case JsonNode::Sort::null:
    case JsonNode::Sort::number:
    case JsonNode::Sort::list:
    case JsonNode::Sort::object: return {};
  }
  return {};
}

// An empty text counts as absent, so that {{#name}} {{name}}{{/name}} leaves no stray space.
void put(mustache::data& to, std::string_view name, std::string value) {
  if (value.empty()) {
    to.set(std::string(name), false);
  } else {
    to.set(std::string(name), std::move(value));
  }
}

std::string filled(std::string_view words, const mustache::data& data, bool html) {
  mustache::mustache made{std::string(words)};
  check(made.is_valid(), "a template parses");
  if (!html) made.set_custom_escape([](const std::string& text) { return text; });
  return made.render(data);
}

// One header line, whatever a field held.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return std::string(trim(text));
}

constexpr std::string_view subject_mark = "Subject: ";

}  // namespace

Templates::Templates(std::span<const EmbeddedText> files) : files_(files) {
  check(mustache::mustache{std::string(file("layout", ".html"))}.is_valid(), "the mail layout parses");
  for (const auto& each : catalogue()) {
    const auto text = file(each.kind->name, ".txt");
    check(text.starts_with(subject_mark) && text.find('\n') != std::string_view::npos,
          "a template begins with Subject:");
    check(mustache::mustache{std::string(text)}.is_valid(), "a text template parses");
    check(mustache::mustache{std::string(file(each.kind->name, ".html"))}.is_valid(), "an HTML template parses");
  }
}

std::string_view Templates::file(std::string_view kind, std::string_view ending) const {
  const std::string name = std::string(kind) + std::string(ending);
  for (const auto& each : files_)
    if (each.path == name) return each.bytes;
  throw Bug("there is no mail template " + name);
}

Rendered Templates::render(std::string_view kind, const Shape& shape, const JsonNode& fields, std::string_view site,
                           std::string_view base) const {
  mustache::data data{mustache::data::type::object};
  for (const auto& each : shape.fields) {
    const JsonNode* value = fields.find(each.name);
    put(data, each.name, value ? shown(*value, each.type.sort) : std::string());
  }
  put(data, "site", std::string(site));
  put(data, "base", std::string(base));

  const auto words = file(kind, ".txt");
  const auto line_end = words.find('\n');
  Rendered out;
  out.subject = one_line(filled(words.substr(subject_mark.size(), line_end - subject_mark.size()), data, false));
  out.text = filled(trim(words.substr(line_end)), data, false) + "\n";

  put(data, "subject", out.subject);
  put(data, "content", filled(file(kind, ".html"), data, true));
  out.html = filled(file("layout", ".html"), data, true);
  return out;
}

}  // namespace tuition::outreach

#include "platform/base/fields_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "platform/base/json.h"
#include "platform/base/text.h"

namespace tuition {

const JsonNode* JsonNode::find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

std::string JsonNode::to_json() const {
  switch (sort) {
    case Sort::null: return "null";
    case Sort::boolean: return boolean ? "true" : "false";
    case Sort::integer: return std::to_string(integer);
    case Sort::number: {
      std::string out;
      encode(out, number);
      return out;
    }
    case Sort::text: {
      std::string out;
      append_json_text(out, text);
      return out;
    }
    case Sort::list: {
      std::string out = "[";
      for (const auto& item : items) {
        if (out.size() > 1) out += ',';
        out += item.to_json();
      }
      return out + "]";
    }
    case Sort::object: {
      std::string out = "{";
      for (const auto& [name, value] : members) {
        if (out.size() > 1) out += ',';
        append_json_text(out, name);
        out += ':';
        out += value.to_json();
      }
      return out + "}";
    }
  }
  return "null";
}

namespace {

constexpr std::size_t depth_max = 64;

// Builds JsonNodes from parser events, and stops at the first thing we refuse.
class Builder {
 public:
  JsonNode root{};
  std::string complaint{};

  bool null() { return put({}); }
  bool boolean(bool value) {
    JsonNode node;
    node.sort = JsonNode::Sort::boolean;
    node.boolean = value;
    return put(std::move(node));
  }
  bool number_integer(std::int64_t value) {
    JsonNode node;
    node.sort = JsonNode::Sort::integer;
    node.integer = value;
    return put(std::move(node));
  }
  bool number_unsigned(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) return number_integer(static_cast<std::int64_t>(value));
    return number_float(static_cast<double>(value), {});
  }
  bool number_float(double value, const std::string&) {
    JsonNode node;
    node.sort = JsonNode::Sort::number;
    node.number = value == 0 ? 0 : value;  // no -0, which is written as it cannot be read again
    return put(std::move(node));
  }
  bool string(std::string& value) {
    JsonNode node;
    node.sort = JsonNode::Sort::text;
    node.text = std::move(value);
    return put(std::move(node));
  }
  bool binary(std::vector<std::uint8_t>&) { return false; }
  bool start_object(std::size_t) { return open(JsonNode::Sort::object); }
  bool start_array(std::size_t) { return open(JsonNode::Sort::list); }
  bool key(std::string& name) {
    if (!names_.back().insert(name).second) {
      complaint = "the name \"" + name.substr(0, 60) + "\" is given twice";
      return false;
    }
    key_ = std::move(name);
    return true;
  }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
    complaint = "it is not valid JSON at byte " + std::to_string(position);
    return false;
  }

 private:
  JsonNode* add(JsonNode node) {
    if (open_.empty()) {
      root = std::move(node);
      return &root;
    }
    JsonNode& parent = *open_.back();
    if (parent.sort == JsonNode::Sort::list) {
      parent.items.push_back(std::move(node));
      return &parent.items.back();
    }
    parent.members.emplace_back(std::move(key_), std::move(node));
    return &parent.members.back().second;
  }
  bool put(JsonNode node) {
    add(std::move(node));
    return true;
  }
  bool open(JsonNode::Sort sort) {
    if (open_.size() >= depth_max) {
      complaint = "it is nested too deeply";
      return false;
    }
    JsonNode node;
    node.sort = sort;
    // Only the innermost open node grows, so these pointers stay good.
    open_.push_back(add(std::move(node)));
    names_.emplace_back();
    return true;
  }
  bool close() {
    open_.pop_back();
    names_.pop_back();
    return true;
  }

  std::vector<JsonNode*> open_;
  std::vector<std::unordered_set<std::string>> names_;
  std::string key_;
};

}  // namespace

Result<JsonNode> parse_json(std::string_view text) {
  Builder builder;
  // The parser takes a zero for the end and would not look at what follows.
  const bool whole = text.find('\0') == std::string_view::npos;
  if (!whole || !nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    if (builder.complaint.empty()) builder.complaint = "it is not valid JSON";
    return Error{Kind::bad_json, "BAD_JSON", "The body could not be read: " + builder.complaint + "."};
  }
  return std::move(builder.root);
}

namespace {

// What stands in a JSON text as it is.
constexpr auto plain_in_json = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x20; c < 0x80; ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

}  // namespace

void append_member_name(std::string& out, bool first, std::string_view name) {
  const auto at = out.size();
  out.resize(at + name.size() + 4, ',');
  char* to = out.data() + at + (first ? 0 : 1);
  *to++ = '"';
  to = std::copy(name.begin(), name.end(), to);
  *to++ = '"';
  *to++ = ':';
  if (first) out.pop_back();
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain_from = 0;
  const auto flush = [&](std::size_t to) { out.append(text, plain_from, to - plain_from); };
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (plain_in_json[c]) {
      ++i;
      continue;
    }
    if (c >= 0x80) {
      // One well-formed sequence at a time, so that a broken byte costs only itself.
      const std::size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
      if (c >= 0xc2 && i + want <= text.size() && is_utf8(text.substr(i, want))) {
        i += want;
        continue;
      }
      flush(i);
      out += "\xef\xbf\xbd";
    } else {
      flush(i);
      switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default: {
          constexpr std::string_view digits = "0123456789abcdef";
          out += "\\u00";
          out += digits[c >> 4];
          out += digits[c & 15];
        }
      }
    }
    plain_from = ++i;
  }
  flush(text.size());
  out += '"';
}

namespace reading {
namespace {

std::string count_words(std::int64_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

bool is_http_url(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto name = text.substr(0, scheme);
  if (name != "https" && name != "http") return false;
  const auto rest = text.substr(scheme + 3);
  if (rest.empty() || rest.front() == '/' || rest.front() == '?' || rest.front() == '#') return false;
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == '\\' || c == '<' || c == '>' || c == '"';
  });
}

bool is_local_path(std::string_view text) {
  if (text.empty() || text.front() != '/' || text.starts_with("//")) return false;
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '\\'; });
}

std::string format_complaint(std::string_view text, Format format) {
  switch (format) {
    case Format::none: return {};
    case Format::email: return looks_like_email(text) ? "" : "must be an email address such as name@example.org";
    case Format::uuid: return is_uuid(text) ? "" : "must be an id (a UUID)";
    case Format::slug: return is_slug(text) ? "" : "may hold only small letters, digits and single hyphens";
    case Format::url: return is_http_url(text) ? "" : "must be a web address beginning with https:// or http://";
    case Format::path_or_url:
      return is_local_path(text) || is_http_url(text) ? "" : "must be a path on this site or a web address";
    case Format::word: return is_word(text) ? "" : "may hold only letters, digits, dots, hyphens and underscores";
  }
  return {};
}

bool complain(Context& context, const std::string& path, std::string reason) {
  context.problems.add(path, std::move(reason));
  return false;
}

bool within(std::int64_t value, const Bounds& bounds, const std::string& path, Context& context) {
  if (value < bounds.min) return complain(context, path, "must be at least " + std::to_string(bounds.min));
  if (value > bounds.max) return complain(context, path, "must be at most " + std::to_string(bounds.max));
  return true;
}

}  // namespace

bool read_text(const JsonNode& in, std::string& out, const Bounds& bounds, const std::string& path, Context& context) {
  if (in.sort != JsonNode::Sort::text) return complain(context, path, "must be text");
  const std::string_view text = bounds.verbatim ? std::string_view(in.text) : trim(in.text);
  if (context.loose && !is_utf8(text)) return complain(context, path, "must be valid UTF-8");
  if (has_control(text) ||
      (!bounds.multiline && !bounds.verbatim && text.find_first_of("\n\r\t") != std::string_view::npos))
    return complain(context, path, "must not contain control characters");
  const auto count = static_cast<std::int64_t>(count_code_points(text));
  if (count < bounds.min) {
    if (count == 0) return complain(context, path, "must not be empty");
    return complain(context, path, "must be at least " + count_words(bounds.min, "character", "characters") + " long");
  }
  if (count > bounds.max)
    return complain(context, path, "must be at most " + count_words(bounds.max, "character", "characters") + " long");
  if (auto reason = format_complaint(text, bounds.format); !reason.empty())
    return complain(context, path, std::move(reason));
  out = text;
  return true;
}

bool read_integer(const JsonNode& in, std::int64_t& out, const Bounds& bounds, const std::string& path,
                  Context& context) {
  constexpr double exact_max = 9007199254740992.0;  // 2^53: beyond it a double skips whole numbers
  std::int64_t value = 0;
  if (in.sort == JsonNode::Sort::integer) {
    value = in.integer;
  } else if (in.sort == JsonNode::Sort::number && std::trunc(in.number) == in.number &&
             std::abs(in.number) <= exact_max) {
    value = static_cast<std::int64_t>(in.number);
  } else if (const auto parsed = context.loose ? parse_integer(in.text) : std::nullopt) {
    value = *parsed;
  } else {
    return complain(context, path, "must be a whole number");
  }
  if (!within(value, bounds, path, context)) return false;
  out = value;
  return true;
}

bool read_number(const JsonNode& in, double& out, const Bounds& bounds, const std::string& path, Context& context) {
  double value = 0;
  if (in.sort == JsonNode::Sort::integer) {
    value = static_cast<double>(in.integer);
  } else if (in.sort == JsonNode::Sort::number) {
    value = in.number;
  } else if (context.loose && in.sort == JsonNode::Sort::text) {
    const auto* end = in.text.data() + in.text.size();
    const auto [stopped, error] = std::from_chars(in.text.data(), end, value);
    if (in.text.empty() || error != std::errc{} || stopped != end) return complain(context, path, "must be a number");
  } else {
    return complain(context, path, "must be a number");
  }
  if (!std::isfinite(value)) return complain(context, path, "must be a number");
  if (value < static_cast<double>(bounds.min))
    return complain(context, path, "must be at least " + std::to_string(bounds.min));
  if (value > static_cast<double>(bounds.max))
    return complain(context, path, "must be at most " + std::to_string(bounds.max));
  out = value;
  return true;
}

bool read_boolean(const JsonNode& in, bool& out, const std::string& path, Context& context) {
  if (in.sort == JsonNode::Sort::boolean) {
    out = in.boolean;
  } else if (context.loose && (in.text == "true" || in.text == "1")) {
    out = true;
  } else if (context.loose && (in.text == "false" || in.text == "0")) {
    out = false;
  } else {
    return complain(context, path, "must be true or false");
  }
  return true;
}

bool read_instant(const JsonNode& in, Instant& out, const std::string& path, Context& context) {
  const auto at = in.sort == JsonNode::Sort::text ? parse_instant(in.text) : std::nullopt;
  if (!at) return complain(context, path, "must be a time such as 2026-11-20T08:30:00Z");
  out = *at;
  return true;
}

bool read_day(const JsonNode& in, Day& out, const std::string& path, Context& context) {
  const auto day = in.sort == JsonNode::Sort::text ? parse_day(in.text) : std::nullopt;
  if (!day) return complain(context, path, "must be a day such as 2026-11-20");
  out = *day;
  return true;
}

bool read_currency(const JsonNode& in, Currency& out, const std::string& path, Context& context) {
  const auto currency = in.sort == JsonNode::Sort::text ? Currency::parse(in.text) : std::nullopt;
  if (!currency) return complain(context, path, "must be a currency code such as USD");
  out = *currency;
  return true;
}

bool read_raw(const JsonNode& in, std::string& out, const Bounds& bounds, const std::string& path, Context& context) {
  auto text = in.to_json();
  if (static_cast<std::int64_t>(text.size()) > bounds.max)
    return complain(context, path, "must take at most " + std::to_string(bounds.max) + " bytes");
  out = std::move(text);
  return true;
}

bool read_choice(const JsonNode& in, std::string& out, const std::string_view* names, std::size_t count,
                 const std::string& path, Context& context) {
  if (in.sort == JsonNode::Sort::text && std::find(names, names + count, in.text) != names + count) {
    out = in.text;
    return true;
  }
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) all += i + 1 == count ? " or " : ", ";
    all += names[i];
  }
  return complain(context, path, "must be " + all);
}

const std::vector<JsonNode>* read_list(const JsonNode& in, std::vector<JsonNode>& split_items, const Bounds& bounds,
                                       const std::string& path, Context& context) {
  const std::vector<JsonNode>* list = &in.items;
  if (context.loose && in.sort == JsonNode::Sort::text) {
    for (auto part : split(in.text, ',')) {
      if (part.empty()) continue;
      JsonNode item;
      item.sort = JsonNode::Sort::text;
      item.text = part;
      split_items.push_back(std::move(item));
    }
    list = &split_items;
  } else if (in.sort != JsonNode::Sort::list) {
    complain(context, path, "must be a list");
    return nullptr;
  }
  const auto count = static_cast<std::int64_t>(list->size());
  if (count < bounds.min) {
    complain(context, path, "must hold at least " + count_words(bounds.min, "item", "items"));
    return nullptr;
  }
  if (count > std::min<std::int64_t>(bounds.max, 1000)) {
    complain(context, path,
             "must hold at most " + count_words(std::min<std::int64_t>(bounds.max, 1000), "item", "items"));
    return nullptr;
  }
  return list;
}

bool expect_object(const JsonNode& in, const std::string& path, Context& context) {
  if (in.sort == JsonNode::Sort::object) return true;
  return complain(context, path.empty() ? "body" : path, "must be an object");
}

const JsonNode* find_member(const JsonNode& in, std::string_view name, bool required, const std::string& path,
                            std::string& inner, Context& context) {
  inner = path;
  if (!path.empty()) inner += '.';
  inner += name;
  const JsonNode* found = in.find(name);
  if (found && found->sort != JsonNode::Sort::null) return found;
  if (required && context.unknown == Unknown::refused) context.problems.add(inner, "is required");
  return nullptr;
}

void refuse_unknown(const JsonNode& in, const std::string_view* known, std::size_t count, const std::string& path,
                    Context& context) {
  for (const auto& [name, value] : in.members) {
    if (std::find(known, known + count, name) != known + count) continue;
    const auto shown = name.size() > 60 ? name.substr(0, 60) : name;
    context.problems.add(path.empty() ? shown : path + "." + shown, "is not a field we know");
    if (context.problems.found.size() >= 50) return;
  }
}

JsonNode node_of(const std::vector<std::pair<std::string, std::string>>& pairs, Problems& problems) {
  JsonNode node;
  node.sort = JsonNode::Sort::object;
  for (const auto& [name, value] : pairs) {
    if (node.find(name)) {
      problems.add(name, "is given more than once");
      continue;
    }
    JsonNode text;
    text.sort = JsonNode::Sort::text;
    text.text = value;
    node.members.emplace_back(name, std::move(text));
  }
  return node;
}

Error problems_error(Problems problems) {
  return Error{Kind::invalid, "VALIDATION_ERROR", "Please check the marked fields.", {}, std::move(problems.found)};
}

}  // namespace reading
}  // namespace tuition

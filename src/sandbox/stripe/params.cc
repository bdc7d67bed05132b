#include "sandbox/stripe/params.h"

#include <algorithm>

#include "platform/base/text.h"

namespace tuition::sandbox::stripe {
namespace {

constexpr std::size_t depth_max = 8;

// "a[b][c]" to its names; null when the brackets do not match.
std::optional<std::vector<std::string>> names_in(const std::string& key) {
  std::vector<std::string> names;
  const auto first = key.find('[');
  names.push_back(key.substr(0, first));
  std::size_t at = first;
  while (at != std::string::npos && at < key.size()) {
    const auto end = key.find(']', at);
    if (key[at] != '[' || end == std::string::npos) return std::nullopt;
    names.push_back(key.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  if (names.front().empty() || names.size() > depth_max) return std::nullopt;
  return names;
}

bool is_index(const std::string& name) {
  return !name.empty() && name.size() <= 3 && name.find_first_not_of("0123456789") == std::string::npos;
}

// Objects whose names are all numbers are lists.
void find_lists(Json& node) {
  if (!node.is_object()) return;
  bool all = !node.empty();
  for (auto& [name, value] : node.items()) {
    find_lists(value);
    all = all && is_index(name);
  }
  if (!all) return;
  Json list = Json::array();
  for (auto& [name, value] : node.items()) list.push_back(std::move(value));
  node = std::move(list);
}

std::string inside(const std::string& outer, std::string_view name) {
  return outer.empty() ? std::string(name) : outer + "[" + std::string(name) + "]";
}

Error invalid(const std::string& what, const std::string& given, const std::string& param) {
  return refusal(Kind::invalid, what == "integer" ? "parameter_invalid_integer" : "", "Invalid " + what + ": " + given,
                 param);
}

Result<Json> check_object(const Json& given, const Params& table, const std::string& path);

Result<Json> check_one(const Json& given, const Param& param, const std::string& path) {
  const bool text = given.is_string();
  if (param.sort == Param::Sort::known) return given;
  if (param.sort == Param::Sort::metadata || param.sort == Param::Sort::object) {
    if (text && given.get<std::string>().empty()) return given;
    if (!given.is_object()) return invalid("object", text ? given.get<std::string>() : "list", path);
    if (param.sort == Param::Sort::object) return check_object(given, param.inner, path);
    for (const auto& [name, value] : given.items()) {
      if (!value.is_string()) return refusal(Kind::invalid, "", "Metadata values must be strings", inside(path, name));
      if (name.size() > 40 || value.get<std::string>().size() > 500)
        return refusal(Kind::invalid, "", "Metadata keys have up to 40 characters, values up to 500",
                       inside(path, name));
    }
    return given;
  }
  if (param.sort == Param::Sort::list) {
    if (text && given.get<std::string>().empty()) return given;
    if (!given.is_array()) return refusal(Kind::invalid, "", "Invalid array", path);
    Json list = Json::array();
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string each = inside(path, std::to_string(i));
      if (param.inner.empty()) {
        if (!given[i].is_string()) return invalid("string", "object", each);
        list.push_back(given[i]);
      } else {
        if (!given[i].is_object()) return invalid("object", "text", each);
        list.push_back(TRY(check_object(given[i], param.inner, each)));
      }
    }
    return list;
  }
  if (!text) return invalid("string", given.is_object() ? "object" : "list", path);
  const auto value = given.get<std::string>();
  if (!param.choices.empty() && std::find(param.choices.begin(), param.choices.end(), value) == param.choices.end()) {
    std::string known;
    for (const auto each : param.choices) known += (known.empty() ? "" : ", ") + std::string(each);
    return refusal(Kind::invalid, "", "Invalid " + path + ": must be one of " + known, path);
  }
  if (param.sort == Param::Sort::text || value.empty()) return given;
  if (param.sort == Param::Sort::boolean) {
    if (value != "true" && value != "false") return invalid("boolean", value, path);
    return Json(value == "true");
  }
  const auto number = parse_integer(value);
  if (!number) return invalid("integer", value, path);
  return Json(*number);
}

Result<Json> check_object(const Json& given, const Params& table, const std::string& path) {
  Json out = Json::object();
  for (const auto& [name, value] : given.items()) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Param& each) { return each.name == name; });
    if (found != table.end()) {
      out[name] = TRY(check_one(value, *found, inside(path, name)));
    } else if (path.empty() && name == "expand") {
      out[name] = TRY(check_one(value, {"expand", Param::Sort::list}, name));
    } else {
      return refusal(Kind::invalid, "parameter_unknown", "Received unknown parameter: " + inside(path, name),
                     inside(path, name));
    }
  }
  for (const Param& each : table)
    if (each.required && (!out.contains(each.name) || out[std::string(each.name)] == ""))
      return refusal(Kind::invalid, "parameter_missing", "Missing required param: " + inside(path, each.name) + ".",
                     inside(path, each.name));
  return out;
}

}  // namespace

Error refusal(Kind kind, std::string code, std::string message, std::string param) {
  Error error{kind, std::move(code), std::move(message)};
  if (!param.empty()) error.fields.push_back({std::move(param), {}});
  return error;
}

Result<Json> read_form(std::string_view body) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (body.empty()) return Json::object();
  for (const auto pair : split(body, '&')) {
    const auto equals = pair.find('=');
    auto key = percent_decode(pair.substr(0, equals), Plus::space);
    auto value =
        percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), Plus::space);
    if (!key || !value) return refusal(Kind::invalid, "", "Invalid request: a parameter is not well encoded.");
    pairs.emplace_back(std::move(*key), std::move(*value));
  }
  return read_pairs(pairs);
}

Result<Json> read_pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json out = Json::object();
  for (const auto& [key, value] : pairs) {
    const auto names = names_in(key);
    if (!names || !is_utf8(key) || !is_utf8(value)) return refusal(Kind::invalid, "", "Invalid parameter.", key);
    Json* node = &out;
    for (std::size_t i = 0; i < names->size(); ++i) {
      if (!node->is_object()) return refusal(Kind::invalid, "", "A parameter is both a value and an object.", key);
      // "a[]=x" appends.
      const std::string name = (*names)[i].empty() ? std::to_string(node->size()) : (*names)[i];
      Json& next = (*node)[name];
      if (i + 1 == names->size()) {
        if (!next.is_null()) return refusal(Kind::invalid, "", "A parameter is given twice.", key);
        next = value;
      } else if (next.is_null()) {
        next = Json::object();
      }
      node = &next;
    }
  }
  find_lists(out);
  return out;
}

Result<Json> check_params(const Json& given, const Params& table) { return check_object(given, table, {}); }

}  // namespace tuition::sandbox::stripe

#include "platform/http/docs/openapi.h"

#include <algorithm>
#include <map>
#include <set>

#include "platform/base/check.h"
#include "platform/base/json.h"
#include "platform/base/text.h"
#include "platform/http/problem.h"

namespace tuition::http {
namespace {

enum class Use { form, view };

class Document {
 public:
  Document(const Routes& routes, const OpenApiInfo& info) : info_(info) {
    document_["openapi"] = "3.1.0";
    document_["info"] = {{"title", info.title},
                         {"version", info.version},
                         {"description",
                          "Answers are wrapped: `{success, data, message?, page?, timestamp}`, or `{success: false, "
                          "error: {code, message, details?}, timestamp}`. With `Accept: application/problem+json` "
                          "errors come as RFC 9457 problem details, whose `type` leads to the code's place at "
                          "/docs/errors. Every answer "
                          "carries `X-Request-Id`."},
                         {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}};
    document_["servers"] = Json::array({{{"url", info.server}, {"description", "This school."}}});
    document_["tags"] = Json::array();
    document_["paths"] = Json::object();
    for (const auto& route : routes) {
      add(route, route.path, std::string(route.operation));
      if (!route.alias.empty()) add(route, route.alias, std::string(route.operation) + "AtRoot");
    }
    for (const auto& tag : tags_)
      document_["tags"].push_back({{"name", tag}, {"description", "Paths of " + tag + "."}});
    add_components();
  }

  std::string text() const { return document_.dump(2) + "\n"; }

 private:
  void add(const Route& route, std::string_view path, std::string operation);
  Json parameters(const Route& route, std::string_view path);
  Json success(const Route& route);
  Json type(const TypeInfo& info, const Bounds& bounds, Use use);
  Json object(const Shape& shape, Use use);
  Json reference(const Shape& shape, Use use);
  std::string codes_of(int status) const;
  void add_components();

  const OpenApiInfo& info_;
  Json document_;
  std::set<std::string> tags_;
  std::map<int, bool> errors_;
  std::map<std::string, Json> schemas_;
  std::map<std::string, const Shape*> shapes_;
  bool paged_ = false;
};

void set_bounds(Json& schema, const Bounds& bounds, const char* min, const char* max, std::int64_t least) {
  constexpr Bounds none;
  if (bounds.min != none.min && bounds.min > least) schema[min] = bounds.min;
  if (bounds.max != none.max) schema[max] = bounds.max;
}

Json Document::type(const TypeInfo& info, const Bounds& bounds, Use use) {
  Json schema = Json::object();
  const auto named = [&](const char* name) {
    schema["type"] = info.nullable ? Json::array({name, "null"}) : Json(name);
  };
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  switch (info.sort) {
    case TypeInfo::Sort::text:
      named("string");
      if (!info.one_of.empty()) {
        schema["enum"] = Json::array();
        for (const auto name : info.one_of) schema["enum"].push_back(name);
        if (info.nullable) schema["enum"].push_back(nullptr);
        return schema;
      }
      switch (info.format) {
        case Format::none:
        case Format::path_or_url:
        case Format::word: break;
        case Format::email: schema["format"] = "email"; break;
        case Format::uuid: schema["format"] = "uuid"; return schema;
        case Format::slug: schema["pattern"] = "^[a-z0-9]+(-[a-z0-9]+)*$"; break;
        case Format::url: schema["format"] = "uri"; break;
      }
      if (info.write_only) {
        schema["format"] = "password";
        schema["writeOnly"] = true;
      }
      set_bounds(schema, bounds, "minLength", "maxLength", 0);
      return schema;
    case TypeInfo::Sort::integer:
      named("integer");
      schema["format"] = "int64";
      set_bounds(schema, bounds, "minimum", "maximum", lowest);
      return schema;
    case TypeInfo::Sort::number:
      named("number");
      set_bounds(schema, bounds, "minimum", "maximum", lowest);
      return schema;
    case TypeInfo::Sort::boolean: named("boolean"); return schema;
    case TypeInfo::Sort::instant:
      named("string");
      schema["format"] = "date-time";
      return schema;
    case TypeInfo::Sort::day:
      named("string");
      schema["format"] = "date";
      return schema;
    case TypeInfo::Sort::json: return schema;
    case TypeInfo::Sort::object:
      if (!info.nullable) return reference(*info.object, use);
      schema["anyOf"] = Json::array({reference(*info.object, use), {{"type", "null"}}});
      return schema;
    case TypeInfo::Sort::list: {
      named("array");
      const auto& item = info.item.front();
      schema["items"] = type(item, Bounds{}, use);
      set_bounds(schema, bounds, "minItems", "maxItems", 0);
      return schema;
    }
  }
  return schema;
}

Json Document::object(const Shape& shape, Use use) {
  Json schema = {{"type", "object"}};
  if (use == Use::form) schema["additionalProperties"] = false;
  Json required = Json::array();
  Json properties = Json::object();
  for (const auto& field : shape.fields) {
    const std::string name(field.name);
    properties[name] = type(field.type, field.bounds, use);
    // Beside a reference, so that the schema it names stays as it is.
    properties[name]["description"] = field.sentence;
    if (use == Use::view || field.required) required.push_back(name);
  }
  if (!required.empty()) schema["required"] = std::move(required);
  schema["properties"] = std::move(properties);
  return schema;
}

// Forms and views are different promises about the same fields: what must be sent, and what will always be there.
Json Document::reference(const Shape& shape, Use use) {
  std::string name(shape.name);
  if (use == Use::form && !name.ends_with("Form") && !name.ends_with("Query")) name += "Form";
  const auto [known, is_new] = shapes_.emplace(name, &shape);
  check(known->second == &shape, "no two shapes have the same name");
  if (is_new) {
    schemas_[name];  // its place, should it be asked for again from inside
    schemas_[name] = object(shape, use);
  }
  return {{"$ref", "#/components/schemas/" + name}};
}

Json Document::parameters(const Route& route, std::string_view path) {
  Json list = Json::array();
  for (const auto segment : split(path, '/'))
    if (segment.starts_with('{'))
      list.push_back({{"name", segment.substr(1, segment.size() - 2)},
                      {"in", "path"},
                      {"required", true},
                      {"schema", {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}}});
  const auto has = [&](std::string_view name) {
    return std::any_of(list.begin(), list.end(), [&](const Json& each) { return each["name"] == name; });
  };
  if (!form_is_body(route) && route.endpoint.form) {
    for (const auto& field : route.endpoint.form->fields) {
      auto schema = type(field.type, field.bounds, Use::form);
      if (schema.contains("type") && schema["type"].is_array()) schema["type"] = schema["type"][0];
      if (schema.contains("enum"))
        std::erase_if(schema["enum"].get_ref<Json::array_t&>(), [](const Json& each) { return each.is_null(); });
      Json parameter = {{"name", field.name},
                        {"in", "query"},
                        {"required", field.required},
                        {"description", field.sentence},
                        {"schema", std::move(schema)}};
      if (field.type.sort == TypeInfo::Sort::list) parameter["explode"] = false;
      list.push_back(std::move(parameter));
    }
  }
  if (route.method == Method::get && route.endpoint.view && !has("fields"))
    list.push_back({{"name", "fields"},
                    {"in", "query"},
                    {"description", "Only these members of `data`, separated by commas."},
                    {"schema", {{"type", "string"}}}});
  return list;
}

Json Document::success(const Route& route) {
  Json answer = {{"description", "Done."}};
  const auto& endpoint = route.endpoint;
  if (!endpoint.gives.empty()) answer["content"][std::string(endpoint.gives)]["schema"] = {{"type", "string"}};
  if (!endpoint.counts_call && !endpoint.view) return answer;  // not wrapped: a page, a document, a file
  Json data = {{"type", "null"}};
  if (endpoint.view) {
    data = reference(*endpoint.view, Use::view);
    if (endpoint.list) data = {{"type", "array"}, {"items", std::move(data)}};
    if (endpoint.nullable) data = {{"anyOf", Json::array({std::move(data), {{"type", "null"}}})}};
  }
  Json required = Json::array({"success", "data", "timestamp"});
  Json properties = {{"success", {{"type", "boolean"}, {"const", true}}},
                     {"data", std::move(data)},
                     {"message", {{"type", "string"}}},
                     {"timestamp", {{"type", "string"}, {"format", "date-time"}}}};
  if (endpoint.paged) {
    paged_ = true;
    required.push_back("page");
    properties["page"] = {{"$ref", "#/components/schemas/Page"}};
  }
  answer["content"]["application/json"]["schema"] = {
      {"type", "object"}, {"required", std::move(required)}, {"properties", std::move(properties)}};
  return answer;
}

void Document::add(const Route& route, std::string_view path, std::string operation) {
  Json row = Json::object();
  row["operationId"] = std::move(operation);
  row["summary"] = route.sentence;
  const std::string tag(group_of(path));
  tags_.insert(tag);
  row["tags"] = Json::array({tag});

  const Json session = {{"session", Json::array()}};
  const Json bearer = {{"bearer", Json::array()}};
  switch (route.access) {
    case Access::anyone: row["security"] = Json::array({Json::object(), session, bearer}); break;
    case Access::signed_body: row["security"] = Json::array(); break;
    case Access::member:
    case Access::instructor:
    case Access::admin: row["security"] = Json::array({session, bearer}); break;
    case Access::operations: row["security"] = Json::array({bearer, session, Json::object()}); break;
  }
  if (takes_keys(route)) row["security"].push_back({{"key", Json::array({route.scope})}});
  if (auto list = parameters(route, path); !list.empty()) row["parameters"] = std::move(list);

  const bool writes = has_body(route.method);
  const auto& form = route.endpoint.form;
  if (const auto file = file_of(route.endpoint); !file.empty()) {
    row["requestBody"] = {{"required", true}, {"content", {{std::string(file), Json::object()}}}};
  } else if (writes && form) {
    const bool needed =
        std::any_of(form->fields.begin(), form->fields.end(), [](const ShapeField& field) { return field.required; });
    row["requestBody"] = {{"required", needed},
                          {"content", {{"application/json", {{"schema", reference(*form, Use::form)}}}}}};
  } else if (const auto* also = route.endpoint.also) {
    row["requestBody"] = {{"required", false},
                          {"content", {{"application/json", {{"schema", reference(*also, Use::form)}}}}}};
  } else if (route.access == Access::signed_body) {
    row["requestBody"] = {{"required", true}, {"content", {{"application/json", {{"schema", {{"type", "object"}}}}}}}};
  }

  const auto statuses = failures_of(route);
  row["responses"] = Json::object();
  row["responses"][std::to_string(route.success)] = success(route);
  for (const int status : statuses) {
    if (status == route.success) continue;
    auto& answer = row["responses"][std::to_string(status)];
    if (status >= 400) {
      errors_[status] = true;
      answer = {{"$ref", "#/components/responses/Error" + std::to_string(status)}};
    } else if (status < 300) {
      answer = success(route);
    } else {
      answer = {{"description", "Elsewhere, or unchanged."}};
    }
  }
  auto method = to_lower_ascii(to_text(route.method));
  check(!document_["paths"][std::string(path)].contains(method), "no two routes have the same method and path");
  document_["paths"][std::string(path)][std::move(method)] = std::move(row);
}

}  // namespace

std::string_view meaning_of(int status) {
  switch (status) {
    case 400: return "A field fails its own rule, or the request is malformed.";
    case 401: return "Nobody is signed in, or the proof is not good.";
    case 402: return "Access must be bought.";
    case 403: return "Not allowed.";
    case 404: return "Not there, or not yours to know about.";
    case 409: return "The present state does not allow it.";
    case 413: return "The body is too large.";
    case 415: return "The body is of another type than expected.";
    case 416: return "There is no such part.";
    case 422: return "Well formed, but the combination cannot work.";
    case 429: return "Too many requests.";
    case 503: return "Too busy, shutting down, or not set up.";
    case 507: return "There is no room to save it. Reading goes on.";
    default: return status < 500 ? "Refused." : "Something went wrong here.";
  }
}

namespace {

// " `CONFLICT`, `EMAIL_TAKEN`."
std::string Document::codes_of(int status) const {
  std::vector<std::string> names;
  for (const auto& each : info_.codes)
    if (std::find(each.statuses.begin(), each.statuses.end(), status) != each.statuses.end())
      names.push_back("`" + std::string(each.code) + "`");
  return names.empty() ? "" : " " + join(names, ", ") + ".";
}

void Document::add_components() {
  const auto text_type = [] { return Json{{"type", "string"}}; };
  const Json instant = {{"type", "string"}, {"format", "date-time"}};
  if (!errors_.empty()) {
    auto& code = schemas_["ErrorCode"];
    code = {{"type", "string"}, {"description", "Stable. Each is explained at /docs/errors."}};
    // Those without a status stand in the data of an answer.
    for (const auto& each : info_.codes)
      if (!each.statuses.empty()) code["enum"].push_back(each.code);
    schemas_["Error"] = {
        {"type", "object"},
        {"required", {"success", "error", "timestamp"}},
        {"properties",
         {{"success", {{"type", "boolean"}, {"const", false}}},
          {"error",
           {{"type", "object"},
            {"required", {"code", "message"}},
            {"properties",
             {{"code", {{"$ref", "#/components/schemas/ErrorCode"}}},
              {"message", {{"type", "string"}, {"description", "For people."}}},
              {"details",
               {{"type", "array"},
                {"items",
                 {{"type", "object"},
                  {"required", {"field", "reason"}},
                  {"properties", {{"field", text_type()}, {"reason", text_type()}}}}}}},
              {"challenge",
               {{"type", "object"},
                {"description", "With MFA_REQUIRED alone: what goes with a code to POST /api/auth/mfa/verify."},
                {"required", {"token", "expiresAt", "methods"}},
                {"properties",
                 {{"token", text_type()},
                  {"expiresAt", instant},
                  {"methods", {{"type", "array"}, {"items", text_type()}}}}}}}}}}},
          {"timestamp", instant}}}};
    schemas_["Problem"] = {{"type", "object"},
                           {"description", "RFC 9457."},
                           {"required", {"type", "title", "status", "detail", "instance", "code"}},
                           {"properties",
                            {{"type", {{"type", "string"}, {"format", "uri-reference"}}},
                             {"title", text_type()},
                             {"status", {{"type", "integer"}}},
                             {"detail", text_type()},
                             {"instance", {{"type", "string"}, {"description", "The request's id."}}},
                             {"code", {{"$ref", "#/components/schemas/ErrorCode"}}},
                             {"errors",
                              {{"type", "array"},
                               {"items",
                                {{"type", "object"},
                                 {"required", {"pointer", "detail"}},
                                 {"properties", {{"pointer", text_type()}, {"detail", text_type()}}}}}}}}}};
  }
  if (paged_)
    schemas_["Page"] = {{"type", "object"},
                        {"required", {"limit", "nextCursor"}},
                        {"properties",
                         {{"limit", {{"type", "integer"}}},
                          {"nextCursor", {{"type", {"string", "null"}}, {"description", "Null on the last page."}}},
                          {"total", {{"type", "integer"}}}}}};
  auto& components = document_["components"];
  components["schemas"] = Json::object();
  for (auto& [name, schema] : schemas_) components["schemas"][name] = std::move(schema);
  components["responses"] = Json::object();
  for (const auto& [status, used] : errors_) {
    Json content;
    content["application/json"]["schema"]["$ref"] = "#/components/schemas/Error";
    content["application/problem+json"]["schema"]["$ref"] = "#/components/schemas/Problem";
    auto& answer = components["responses"]["Error" + std::to_string(status)];
    answer["description"] = std::string(meaning_of(status)) + codes_of(status);
    if (status == 429 || status == 503)
      answer["headers"]["Retry-After"] = {{"description", "Seconds to wait before the next try, where it is known."},
                                          {"schema", {{"type", "integer"}, {"minimum", 0}}}};
    answer["content"] = std::move(content);
  }
  components["securitySchemes"] = {
      {"session",
       {{"type", "apiKey"},
        {"in", "cookie"},
        {"name", "tuition_at"},
        {"description",
         "Set by signing in; named __Host-tuition_at on https. The token in it works for an hour; the cookie stays as "
         "long as the session may lie unused, so that signing out ends the session later, too."}}},
      {"bearer",
       {{"type", "http"}, {"scheme", "bearer"}, {"description", "An access token, from signing in with ?token=1."}}},
      {"key",
       {{"type", "http"},
        {"scheme", "bearer"},
        {"description",
         "An API key (tuk_...), made by a person for a program. It must carry the scope that is named; operations that "
         "name none take no keys."}}}};
}

}  // namespace

bool has_body(Method method) { return method == Method::post || method == Method::put || method == Method::patch; }

std::string_view file_of(const Endpoint& endpoint) {
  return endpoint.upload && endpoint.takes.empty() ? std::string_view("application/octet-stream") : endpoint.takes;
}

bool form_is_body(const Route& route) { return has_body(route.method) && file_of(route.endpoint).empty(); }

std::string_view group_of(std::string_view path) {
  path.remove_prefix(1);
  if (path.starts_with("api/")) path.remove_prefix(4);
  const auto group = path.substr(0, path.find_first_of("/."));
  return group.empty() ? "root" : group;
}

std::set<int> failures_of(const Route& route) {
  const bool writes = has_body(route.method);
  std::set<int> statuses{400, 500};
  statuses.insert(route.statuses.begin(), route.statuses.end());
  // A token that is not good is refused even where none is needed.
  if (route.access != Access::signed_body) statuses.insert(401);
  if (route.access != Access::anyone && route.access != Access::signed_body) statuses.insert(403);
  if (writes || route.method == Method::del) {
    if (route.access != Access::signed_body) statuses.insert(403);
    statuses.insert({413, 415, 507});
  }
  if (route.bucket != Bucket::none) statuses.insert(429);
  statuses.insert(503);  // too many connections, a database that does not answer, a server that winds down
  return statuses;
}

std::string openapi_document(const Routes& routes, const OpenApiInfo& info) { return Document(routes, info).text(); }

}  // namespace tuition::http

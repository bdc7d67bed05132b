#include "sandbox/stripe/lists.h"

#include <algorithm>
#include <functional>

#include "platform/base/text.h"
#include "sandbox/stripe/params.h"

namespace tuition::sandbox::stripe {
namespace {

using Sort = Param::Sort;

// Cuts a page out of what matches. The cursors name objects, which need not match themselves.
Result<Json> page_of(Account& account, std::string_view kind, const std::string& url, const Json& params,
                     const std::function<bool(const Json&)>& matches) {
  const std::int64_t limit = params.contains("limit") ? integer_at(params, "limit") : 10;
  if (limit < 1 || limit > 100)
    return refusal(Kind::invalid, "parameter_invalid_integer", "Invalid limit: must be between 1 and 100", "limit");
  std::vector<std::string> newest = account.ids(kind);
  std::reverse(newest.begin(), newest.end());
  const auto position = [&](const char* cursor) -> Result<std::size_t> {
    const std::string id = text_at(params, cursor);
    const auto found = std::find(newest.begin(), newest.end(), id);
    if (found == newest.end())
      return refusal(Kind::invalid, "resource_missing", "No such " + std::string(kind) + ": '" + id + "'", cursor);
    return static_cast<std::size_t>(found - newest.begin());
  };
  std::size_t begin = 0;
  std::size_t end = newest.size();
  const bool backwards = params.contains("ending_before");
  if (params.contains("starting_after")) begin = TRY(position("starting_after")) + 1;
  if (backwards) end = TRY(position("ending_before"));

  std::vector<const Json*> found;
  for (std::size_t i = begin; i < end; ++i)
    if (const Json* each = account.find(kind, newest[i]); each && !each->contains("deleted") && matches(*each))
      found.push_back(each);
  const auto wanted = static_cast<std::size_t>(limit);
  const bool more = found.size() > wanted;
  if (more && backwards) found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(wanted));
  if (more) found.resize(wanted);
  Json data = Json::array();
  for (const Json* each : found) data.push_back(*each);
  Json answer = list_of(std::move(data), url);
  answer["has_more"] = more;
  return answer;
}

Params with_cursors(Params table) {
  table.push_back({"limit", Sort::integer});
  table.push_back({"starting_after"});
  table.push_back({"ending_before"});
  table.push_back({"created",
                   Sort::object,
                   false,
                   {{"gt", Sort::integer}, {"gte", Sort::integer}, {"lt", Sort::integer}, {"lte", Sort::integer}}});
  return table;
}

bool created_within(const Json& object, const Json& params) {
  if (!params.contains("created")) return true;
  const Json& bounds = params["created"];
  const std::int64_t at = integer_at(object, "created");
  return (!bounds.contains("gt") || at > integer_at(bounds, "gt")) &&
         (!bounds.contains("gte") || at >= integer_at(bounds, "gte")) &&
         (!bounds.contains("lt") || at < integer_at(bounds, "lt")) &&
         (!bounds.contains("lte") || at <= integer_at(bounds, "lte"));
}

bool equals(const Json& value, const std::string& wanted) {
  if (value.is_string()) return value.get<std::string>() == wanted;
  if (value.is_boolean()) return wanted == (value.get<bool>() ? "true" : "false");
  return false;
}

// The subscription an invoice is for, which newer versions keep deeper.
Json member(const Json& object, const std::string& name) {
  if (object.contains(name)) return object[name];
  if (name == "subscription" && object.contains("parent") && object["parent"].is_object())
    return object["parent"]["subscription_details"].value("subscription", Json());
  return nullptr;
}

Json payments_of(Account& account, const std::string& invoice) {
  Json data = Json::array();
  for (const auto& id : account.ids("invoice_payment"))
    if (const Json* each = account.find("invoice_payment", id); text_at(*each, "invoice") == invoice)
      data.push_back(*each);
  return list_of(std::move(data), "/v1/invoice_payments?invoice=" + invoice);
}

Result<void> expand_at(Account& account, Json& node, const std::vector<std::string_view>& path, std::size_t step,
                       const std::string& whole) {
  if (step == path.size() || node.is_null()) return {};
  if (node.is_array()) {
    for (Json& each : node) TRY(expand_at(account, each, path, step, whole));
    return {};
  }
  const std::string name(path[step]);
  const std::string kind = text_at(node, "object");
  if (name == "payments" && kind == "invoice" && !node.contains(name)) {
    node[name] = payments_of(account, text_at(node, "id"));
  } else if (name == "line_items" && kind == "checkout.session") {
    const Json* memory = account.find("memory", text_at(node, "id"));
    node[name] = list_of(memory ? (*memory)["lines"] : Json::array(),
                         "/v1/checkout/sessions/" + text_at(node, "id") + "/line_items");
  }
  if (!node.is_object() || !node.contains(name))
    return refusal(Kind::invalid, "", "This property cannot be expanded (" + whole + ").", "expand");
  Json& next = node[name];
  if (next.is_string()) {
    const Json* found = account.find_any(next.get<std::string>());
    if (!found) return refusal(Kind::invalid, "", "This property cannot be expanded (" + whole + ").", "expand");
    next = *found;
  }
  return expand_at(account, next, path, step + 1, whole);
}

}  // namespace

Result<Json> list(Account& account, std::string_view kind, const std::string& url, const Json& given,
                  const std::vector<const char*>& filters) {
  Params table;
  for (const char* each : filters) table.push_back({each});
  if (kind == "price") table.push_back({"lookup_keys", Sort::list});
  const Json params = TRY(check_params(given, with_cursors(std::move(table))));
  const bool live_only = kind == "subscription" && !params.contains("status");
  return page_of(account, kind, url, params, [&](const Json& each) {
    if (live_only && each["status"] == "canceled") return false;
    for (const char* name : filters) {
      const std::string wanted = text_at(params, name);
      const bool any =
          wanted.empty() || (kind == "subscription" && std::string_view(name) == "status" && wanted == "all");
      if (!any && !equals(member(each, name), wanted)) return false;
    }
    if (params.contains("lookup_keys")) {
      const Json& keys = params["lookup_keys"];
      if (std::find(keys.begin(), keys.end(), each["lookup_key"]) == keys.end()) return false;
    }
    return created_within(each, params);
  });
}

Result<Json> list_invoice_payments(Account& account, const Json& given) {
  const Json params = TRY(check_params(
      given, with_cursors({{"invoice"},
                           {"status"},
                           {"payment", Sort::object, false, {{"type", Sort::text, true}, {"payment_intent"}}}})));
  return page_of(account, "invoice_payment", "/v1/invoice_payments", params, [&](const Json& each) {
    const std::string invoice = text_at(params, "invoice");
    const std::string status = text_at(params, "status");
    if (!invoice.empty() && text_at(each, "invoice") != invoice) return false;
    if (!status.empty() && text_at(each, "status") != status) return false;
    return !params.contains("payment") ||
           text_at(each["payment"], "payment_intent") == text_at(params["payment"], "payment_intent");
  });
}

Result<Json> list_events(Account& account, const Json& given) {
  const Json params =
      TRY(check_params(given, with_cursors({{"types", Sort::list}, {"type"}, {"delivery_success", Sort::boolean}})));
  if (params.contains("types") && params["types"].size() > 20)
    return refusal(Kind::invalid, "", "You can list up to 20 types.", "types");
  const std::int64_t oldest = account.now_s() - 30 * 86400;
  return page_of(account, "event", "/v1/events", params, [&](const Json& each) {
    const std::string type = text_at(params, "type");
    if (!type.empty() && text_at(each, "type") != type) return false;
    if (params.contains("types")) {
      const Json& types = params["types"];
      if (std::find(types.begin(), types.end(), each["type"]) == types.end()) return false;
    }
    return integer_at(each, "created") >= oldest && created_within(each, params);
  });
}

Result<void> expand(Account& account, Json& answer, const Json& paths) {
  if (!paths.is_array()) return {};
  for (const Json& each : paths) {
    const auto whole = each.get<std::string>();
    const auto path = split(whole, '.');
    if (path.size() > 4)
      return refusal(Kind::invalid, "", "You cannot expand more than 4 levels of a property.", "expand");
    TRY(expand_at(account, answer, path, 0, whole));
  }
  return {};
}

}  // namespace tuition::sandbox::stripe

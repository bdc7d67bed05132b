#include "sandbox/stripe/account.h"

#include <array>
#include <utility>

#include "sandbox/stripe/params.h"
#include "sandbox/stripe/shapes.h"

namespace tuition::sandbox::stripe {

std::string Account::new_id(std::string_view prefix, std::size_t length) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string id(prefix);
  std::array<std::uint8_t, 64> random{};
  entropy_.fill(random);
  for (std::size_t i = 0; i < length; ++i) id += alphabet[random[i % random.size()] % alphabet.size()];
  return id;
}

Json& Account::add(std::string_view kind, std::string id) {
  Json object = blank(kind);
  object["id"] = id;
  if (object.contains("created")) object["created"] = now_s();
  return keep(kind, std::move(id), std::move(object));
}

Json& Account::keep(std::string_view kind, std::string id, Json object) {
  ++revision_;
  auto& shelf = shelves_[std::string(kind)];
  const auto [place, is_new] = shelf.objects.insert_or_assign(std::move(id), std::move(object));
  if (is_new) shelf.order.push_back(place->first);
  return place->second;
}

Json* Account::find(std::string_view kind, std::string_view id) {
  const auto shelf = shelves_.find(kind);
  if (shelf == shelves_.end()) return nullptr;
  const auto found = shelf->second.objects.find(id);
  return found == shelf->second.objects.end() ? nullptr : &found->second;
}

Json* Account::find_any(std::string_view id) {
  for (auto& [kind, shelf] : shelves_)
    if (const auto found = shelf.objects.find(id); found != shelf.objects.end()) return &found->second;
  return nullptr;
}

Result<Json*> Account::need(std::string_view kind, const std::string& id, std::string param) {
  if (Json* found = find(kind, id)) return found;
  const Kind kind_of_refusal = param == "id" ? Kind::not_found : Kind::invalid;
  return refusal(kind_of_refusal, "resource_missing", "No such " + std::string(kind) + ": '" + id + "'",
                 std::move(param));
}

const std::vector<std::string>& Account::ids(std::string_view kind) const {
  static const std::vector<std::string> none;
  const auto shelf = shelves_.find(kind);
  return shelf == shelves_.end() ? none : shelf->second.order;
}

void Account::emit(std::string_view type, const Json& object, Json before) {
  Json event{{"id", new_id("evt_1", 23)},
             {"object", "event"},
             {"api_version", api_version},
             {"created", now_s()},
             {"data", {{"object", object}}},
             {"livemode", false},
             {"pending_webhooks", 1},
             {"request",
              {{"id", request_id.empty() ? Json() : Json(request_id)},
               {"idempotency_key", idempotency_key.empty() ? Json() : Json(idempotency_key)}}},
             {"type", type}};
  if (!before.is_null()) event["data"]["previous_attributes"] = std::move(before);
  keep("event", event["id"].get<std::string>(), event);
  events_.push_back(std::move(event));
}

std::vector<Json> Account::take_events() { return std::exchange(events_, {}); }

Json Account::document() const {
  // Pairs in lists: an object of thousands of members is slow to build.
  Json shelves = Json::object();
  for (const auto& [kind, shelf] : shelves_) {
    Json& pairs = shelves[kind] = Json::array();
    for (const auto& id : shelf.order) pairs.push_back(Json::array({id, shelf.objects.at(id)}));
  }
  return Json{{"cards_fail", cards_fail}, {"trials_told", trials_told}, {"shelves", std::move(shelves)}};
}

void Account::restore(const Json& document) {
  for (const auto& [kind, pairs] : document.at("shelves").items())
    for (const Json& pair : pairs) keep(kind, pair.at(0).get<std::string>(), pair.at(1));
  cards_fail = document.at("cards_fail").get<bool>();
  trials_told = document.at("trials_told").get<std::set<std::string>>();
}

std::string text_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t integer_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

void merge_metadata(Json& object, const Json& params) {
  const auto given = params.find("metadata");
  if (given == params.end()) return;
  if (given->is_string()) {
    object["metadata"] = Json::object();
    return;
  }
  for (const auto& [name, value] : given->items()) {
    if (value == "") {
      object["metadata"].erase(name);
    } else {
      object["metadata"][name] = value;
    }
  }
}

Json former(const Json& object, std::initializer_list<const char*> names) {
  Json before = Json::object();
  for (const char* name : names) before[name] = object.at(name);
  return before;
}

Json list_of(Json data, std::string url) {
  return Json{{"object", "list"}, {"data", std::move(data)}, {"has_more", false}, {"url", std::move(url)}};
}

}  // namespace tuition::sandbox::stripe

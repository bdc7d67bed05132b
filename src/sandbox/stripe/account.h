#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/base/json.h"
#include "platform/base/result.h"
#include "platform/base/time.h"

namespace tuition::sandbox::stripe {

inline constexpr std::string_view api_version = "2026-10-28.endive";

// What one test account holds, in memory. Not locked: its owner sees to that.
class Account {
 public:
  explicit Account(Entropy& entropy) : entropy_(entropy) {}

  // The moment of the act being played: the clock's, or a past one when a renewal is caught up with.
  Instant now{};
  std::int64_t now_s() const { return now.ms / 1000; }
  // The API request being served, named in the events it causes.
  std::string request_id{};
  std::string idempotency_key{};
  std::string base_url{};               // of the hosted pages
  bool cards_fail = false;              // renewals are declined
  std::set<std::string> trials_told{};  // subscriptions whose trial_will_end has been sent

  std::string new_id(std::string_view prefix, std::size_t length);
  // A new object of this kind with its blank shape, kept under the id.
  Json& add(std::string_view kind, std::string id);
  // The same for an object that has no blank shape.
  Json& keep(std::string_view kind, std::string id, Json object);
  Json* find(std::string_view kind, std::string_view id);
  Json* find_any(std::string_view id);
  // Error resource_missing: 404 when the path named it, else 400 with the parameter.
  Result<Json*> need(std::string_view kind, const std::string& id, std::string param);
  // Ids of one kind, oldest first.
  const std::vector<std::string>& ids(std::string_view kind) const;

  // Keeps an event about a copy of the object. `before` holds the former values of what changed.
  void emit(std::string_view type, const Json& object, Json before = nullptr);
  // The events since the last call, oldest first.
  std::vector<Json> take_events();

  // Grows with every change.
  std::uint64_t revision() const { return revision_; }
  // Everything but the moment and the address as one document, and an empty account from one. Throws what is no such
  // document.
  Json document() const;
  void restore(const Json& document);

 private:
  struct Shelf {
    std::vector<std::string> order;
    std::map<std::string, Json, std::less<>> objects;  // addresses stay
  };
  Entropy& entropy_;
  std::map<std::string, Shelf, std::less<>> shelves_;
  std::vector<Json> events_;
  std::uint64_t revision_ = 0;
};

// The text at a member; empty when it is absent, null or something else.
std::string text_at(const Json& object, const char* name);
std::int64_t integer_at(const Json& object, const char* name);
// Stripe's rule for metadata: an empty value removes the key, an empty text removes all.
void merge_metadata(Json& object, const Json& params);
// A copy of the members that `changes` touches: an event's previous_attributes.
Json former(const Json& object, std::initializer_list<const char*> names);
Json list_of(Json data, std::string url);

}  // namespace tuition::sandbox::stripe

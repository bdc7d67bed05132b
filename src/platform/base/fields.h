#pragma once

// Field tables: each form (what comes in) and view (what goes out) is a plain struct with one table that says, per
// member, its name on the wire, its bounds and a sentence about it. Decoding, validation, encoding, the OpenAPI
// document and the web app's types all come from the table.
//
//   struct LoginForm {
//     std::string email;
//     Secret password;
//     std::optional<std::string> totp;
//   };
//   constexpr auto fields_of(const LoginForm*) {
//     return table("LoginForm", field("email", &LoginForm::email, "The address used to sign up.", email_text()),
//                  field("password", &LoginForm::password, "The password.", length(1, 1024)),
//                  field("totp", &LoginForm::totp, "The code shown by the authenticator app.", length(6, 8)));
//   }
//
// A member may be: std::string, Secret, bool, std::int64_t, double, Instant, Day, Currency, Id<...>, an enum with
// names_of, JsonText, std::optional of those, another struct with a table, and std::vector of any of them. In a form, a
// member is required unless it is an optional or a vector; absent and null mean the same. In a view every member is
// always present.

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/base/id.h"
#include "platform/base/money.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"

namespace tuition {

enum class Format { none, email, uuid, slug, url, path_or_url, word };

// Bounds count code points for text, items for lists, and bound the value of numbers. Text is also refused when it
// holds control characters (tab and line breaks pass only with `multiline`) and is trimmed unless `verbatim`.
struct Bounds {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  Format format = Format::none;
  bool multiline = false;
  bool verbatim = false;
};

constexpr Bounds length(std::int64_t min, std::int64_t max) { return {min, max}; }
constexpr Bounds long_text(std::int64_t min, std::int64_t max) { return {min, max, Format::none, true}; }
constexpr Bounds range(std::int64_t min, std::int64_t max) { return {min, max}; }
constexpr Bounds items(std::int64_t min, std::int64_t max) { return {min, max}; }
constexpr Bounds email_text() { return {3, 255, Format::email}; }
constexpr Bounds password_text() { return {1, 1024, Format::none, false, true}; }
constexpr Bounds formatted(Format format, std::int64_t max = 255) { return {1, max, format}; }

// Any JSON value, kept as its text: preferences, metadata. Bounds limit its bytes.
struct JsonText {
  std::string text = "null";
};

template <class Struct, class Member>
struct Field {
  std::string_view name;
  Member Struct::*member;
  std::string_view sentence;
  Bounds bounds;
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member, std::string_view sentence,
                                      Bounds bounds = {}) {
  return {name, member, sentence, bounds};
}

// The fields of a table, side by side. A std::tuple would do, but for its constructors: the compiler asks each of them
// about every element (measured: a quarter of what it does before it makes code).
template <std::size_t At, class F>
struct FieldSlot {
  F field;
};
template <class Places, class... Fields>
struct FieldList;
template <std::size_t... At, class... Fields>
struct FieldList<std::index_sequence<At...>, Fields...> : FieldSlot<At, Fields>... {
  static constexpr std::size_t count = sizeof...(Fields);

  // What `act` makes of all of them together.
  template <class Act>
  constexpr auto apply(Act&& act) const {
    return act(static_cast<const FieldSlot<At, Fields>&>(*this).field...);
  }
};

template <class... S, class... M>
constexpr FieldList<std::index_sequence_for<M...>, Field<S, M>...> fields(Field<S, M>... each) {
  return {{each}...};
}
template <class First, class Second>
constexpr auto joined(const First& first, const Second& second) {
  return first.apply([&second](const auto&... before) {
    return second.apply([&](const auto&... after) { return fields(before..., after...); });
  });
}

template <class List>
struct Table {
  std::string_view name;
  List fields;
};

template <class... S, class... M>
constexpr auto table(std::string_view name, Field<S, M>... each) {
  auto list = fields(each...);
  return Table<decltype(list)>{name, list};
}
template <class Places, class... Fields>
constexpr auto table(std::string_view name, const FieldList<Places, Fields...>& list) {
  return Table<FieldList<Places, Fields...>>{name, list};
}

template <class T>
concept HasFields = requires {
  fields_of(static_cast<const T*>(nullptr));
};

template <class T>
concept Named = std::is_enum_v<T> && requires {
  names_of(T{});
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};

template <Named E>
std::string_view name_of(E value) {
  for (const auto& [each, name] : names_of(E{}))
    if (each == value) return name;
  return {};
}

template <Named E>
std::optional<E> named(std::string_view name) {
  for (const auto& [each, text] : names_of(E{}))
    if (text == name) return each;
  return std::nullopt;
}

// --- The same tables at run time, for documents and for query strings
// -------------------------------------------------

struct Shape;

struct TypeInfo {
  enum class Sort { text, integer, number, boolean, instant, day, json, object, list };
  Sort sort = Sort::text;
  bool nullable = false;
  bool write_only = false;
  std::vector<std::string_view> one_of{};
  const Shape* object = nullptr;
  std::vector<TypeInfo> item{};  // one entry for a list
  Format format = Format::none;
};

struct ShapeField {
  std::string_view name;
  std::string_view sentence;
  Bounds bounds;
  TypeInfo type;
  bool required = true;  // in a form
};

struct Shape {
  std::string_view name;
  std::vector<ShapeField> fields;

  void add(std::string_view field, std::string_view sentence, const Bounds& bounds, TypeInfo type, bool required);
};

template <HasFields T>
const Shape& shape_of();

TypeInfo or_null(TypeInfo type);
TypeInfo list_of(TypeInfo item);

// Asked once per type: cold, so that compiling it costs little.
template <class T>
[[gnu::cold]] TypeInfo type_info() {
  TypeInfo info;
  if constexpr (is_optional<T>::value) {
    return or_null(type_info<typename T::value_type>());
  } else if constexpr (is_vector<T>::value) {
    return list_of(type_info<typename T::value_type>());
  } else if constexpr (std::is_same_v<T, bool>) {
    info.sort = TypeInfo::Sort::boolean;
  } else if constexpr (std::is_integral_v<T>) {
    info.sort = TypeInfo::Sort::integer;
  } else if constexpr (std::is_floating_point_v<T>) {
    info.sort = TypeInfo::Sort::number;
  } else if constexpr (std::is_same_v<T, Instant>) {
    info.sort = TypeInfo::Sort::instant;
  } else if constexpr (std::is_same_v<T, Day>) {
    info.sort = TypeInfo::Sort::day;
  } else if constexpr (std::is_same_v<T, JsonText>) {
    info.sort = TypeInfo::Sort::json;
  } else if constexpr (std::is_same_v<T, Secret>) {
    info.write_only = true;
  } else if constexpr (Named<T>) {
    for (const auto& [value, name] : names_of(T{})) info.one_of.push_back(name);
  } else if constexpr (is_id<T>::value) {
    info.format = Format::uuid;
  } else if constexpr (HasFields<T>) {
    info.sort = TypeInfo::Sort::object;
    info.object = &shape_of<T>();
  } else {
    static_assert(std::is_same_v<T, std::string> || std::is_same_v<T, Currency>,
                  "this type cannot stand in a field table");
  }
  return info;
}

// Shapes live as long as the program, so their addresses may be kept. A struct may not contain itself.
template <HasFields T>
[[gnu::cold]] const Shape& shape_of() {
  static const Shape shape = [] {
    constexpr auto listed = fields_of(static_cast<const T*>(nullptr));
    Shape made{listed.name, {}};
    auto add = [&]<class S, class M>(const Field<S, M>& one) {
      made.add(one.name, one.sentence, one.bounds, type_info<M>(), !is_optional<M>::value && !is_vector<M>::value);
    };
    listed.fields.apply([&](const auto&... each) { (add(each), ...); });
    return made;
  }();
  return shape;
}

}  // namespace tuition

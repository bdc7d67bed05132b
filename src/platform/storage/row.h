#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/base/check.h"
#include "platform/base/fields.h"

namespace tuition {

// What an engine offers for one running statement. Parameters count from 1, columns from 0.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual void bind_null(int parameter) = 0;
  virtual void bind(int parameter, std::int64_t value) = 0;
  virtual void bind(int parameter, double value) = 0;
  virtual void bind(int parameter, std::string_view text) = 0;  // must outlive the statement's run
  virtual void bind_blob(int parameter, std::string_view bytes) = 0;
  virtual bool step() = 0;  // true when a row is there
  virtual void reset() = 0;
  virtual bool is_null(int column) = 0;
  virtual std::int64_t integer(int column) = 0;
  virtual double number(int column) = 0;
  virtual std::string_view text(int column) = 0;  // also blobs; valid until the next step
};

// Bytes rather than text, bound and read as a BLOB.
struct Blob {
  std::string bytes{};
};

namespace storage {

template <class T>
void bind_value(Statement& to, int at, const T& value) {
  if constexpr (is_optional<T>::value) {
    if (value) {
      bind_value(to, at, *value);
    } else {
      to.bind_null(at);
    }
  } else if constexpr (std::is_same_v<T, std::nullptr_t> || std::is_same_v<T, std::nullopt_t>) {
    to.bind_null(at);
  } else if constexpr (Named<T>) {
    to.bind(at, name_of(value));
  } else if constexpr (std::is_integral_v<T>) {
    to.bind(at, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    to.bind(at, static_cast<double>(value));
  } else if constexpr (std::is_same_v<T, Instant>) {
    to.bind(at, value.ms);
  } else if constexpr (std::is_same_v<T, Day>) {
    to.bind(at, static_cast<std::int64_t>(value.number));
  } else if constexpr (std::is_same_v<T, Currency>) {
    to.bind(at, std::string_view(value.code()));
  } else if constexpr (is_id<T>::value) {
    // An empty id is "none": it is stored as NULL, never as ''.
    if (value.empty()) {
      to.bind_null(at);
    } else {
      to.bind(at, std::string_view(value.text()));
    }
  } else if constexpr (std::is_same_v<T, JsonText>) {
    to.bind(at, std::string_view(value.text));
  } else if constexpr (std::is_same_v<T, Blob>) {
    to.bind_blob(at, value.bytes);
  } else {
    to.bind(at, std::string_view(value));
  }
}

template <class T>
void read_value(Statement& from, int at, T& out) {
  if constexpr (is_optional<T>::value) {
    if (from.is_null(at)) {
      out.reset();
    } else {
      out.emplace();
      read_value(from, at, *out);
    }
  } else if constexpr (Named<T>) {
    auto value = named<T>(from.text(at));
    check(value.has_value(), "a stored enum has a name we know");
    out = *value;
  } else if constexpr (std::is_same_v<T, bool>) {
    out = from.integer(at) != 0;
  } else if constexpr (std::is_integral_v<T>) {
    out = static_cast<T>(from.integer(at));
  } else if constexpr (std::is_floating_point_v<T>) {
    out = from.number(at);
  } else if constexpr (std::is_same_v<T, Instant>) {
    out.ms = from.integer(at);
  } else if constexpr (std::is_same_v<T, Day>) {
    out.number = static_cast<std::int32_t>(from.integer(at));
  } else if constexpr (std::is_same_v<T, Currency>) {
    auto currency = Currency::parse(from.text(at));
    check(currency.has_value(), "a stored currency is one we know");
    out = *currency;
  } else if constexpr (is_id<T>::value) {
    out = from.is_null(at) ? T{} : T(std::string(from.text(at)));
  } else if constexpr (std::is_same_v<T, JsonText>) {
    out.text = from.text(at);
  } else if constexpr (std::is_same_v<T, Blob>) {
    out.bytes = from.text(at);
  } else {
    static_assert(std::is_same_v<T, std::string>, "this type cannot be read from a column");
    out = from.text(at);
  }
}

// How many members a plain struct has, found by trying to build it.
struct Anything {
  template <class T>
  operator T&() const& noexcept;
  template <class T>
  operator T&&() const&& noexcept;
};
template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), Anything{})...}; };
}
// Halving: what a struct takes it takes with fewer initialisers, too. Between `Least`, which it takes, and `Most`.
template <class T, std::size_t Least = 0, std::size_t Most = 40>
constexpr std::size_t member_count() {
  if constexpr (Least == Most) {
    return Least;
  } else {
    constexpr std::size_t middle = (Least + Most + 1) / 2;
    if constexpr (takes<T>(std::make_index_sequence<middle>{}))
      return member_count<T, middle, Most>();
    else
      return member_count<T, Least, middle - 1>();
  }
}

template <class T>
inline constexpr bool is_scalar_column =
    is_optional<T>::value || Named<T> || std::is_arithmetic_v<T> || std::is_same_v<T, Instant> ||
    std::is_same_v<T, Day> || std::is_same_v<T, Currency> || is_id<T>::value || std::is_same_v<T, JsonText> ||
    std::is_same_v<T, Blob> || std::is_same_v<T, std::string>;

}  // namespace storage

// One row of a result. Columns are taken in the order selected, each by the type of the member it goes to.
class Row {
 public:
  explicit Row(Statement& statement) : statement_(statement) {}

  template <class T>
  T get() {
    T value{};
    storage::read_value(statement_, next_++, value);
    return value;
  }
  template <class... T>
  void take(T&... out) {
    (storage::read_value(statement_, next_++, out), ...);
  }

 private:
  Statement& statement_;
  int next_ = 0;
};

// A row as T: a scalar from one column, or a plain struct whose members are the columns in order. A struct with more
// than 24 members, or whose members are not all columns, provides `void take_row(Row&, T&)` beside it.
template <class T>
T row_as(Row& row) {
  T value{};
  if constexpr (requires { take_row(row, value); }) {
    take_row(row, value);
  } else if constexpr (storage::is_scalar_column<T>) {
    row.take(value);
  } else {
    constexpr auto n = storage::member_count<T>();
    static_assert(n >= 1 && n <= 24, "give this struct a take_row");
#define TUITION_ROW(N, ...)      \
  if constexpr (n == N) {        \
    auto& [__VA_ARGS__] = value; \
    row.take(__VA_ARGS__);       \
  } else
    TUITION_ROW(1, a)
    TUITION_ROW(2, a, b)
    TUITION_ROW(3, a, b, c)
    TUITION_ROW(4, a, b, c, d)
    TUITION_ROW(5, a, b, c, d, e)
    TUITION_ROW(6, a, b, c, d, e, f)
    TUITION_ROW(7, a, b, c, d, e, f, g)
    TUITION_ROW(8, a, b, c, d, e, f, g, h)
    TUITION_ROW(9, a, b, c, d, e, f, g, h, i)
    TUITION_ROW(10, a, b, c, d, e, f, g, h, i, j)
    TUITION_ROW(11, a, b, c, d, e, f, g, h, i, j, k)
    TUITION_ROW(12, a, b, c, d, e, f, g, h, i, j, k, l)
    TUITION_ROW(13, a, b, c, d, e, f, g, h, i, j, k, l, m)
    TUITION_ROW(14, a, b, c, d, e, f, g, h, i, j, k, l, m, o)
    TUITION_ROW(15, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p)
    TUITION_ROW(16, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q)
    TUITION_ROW(17, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r)
    TUITION_ROW(18, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s)
    TUITION_ROW(19, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t)
    TUITION_ROW(20, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u)
    TUITION_ROW(21, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u, v)
    TUITION_ROW(22, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u, v, w)
    TUITION_ROW(23, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u, v, w, x)
    TUITION_ROW(24, a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u, v, w, x, y) {}
#undef TUITION_ROW
  }
  return value;
}

}  // namespace tuition

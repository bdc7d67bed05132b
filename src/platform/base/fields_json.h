#pragma once

// JSON in and out through field tables. Only fields_json.cc knows the parser.

#include <charconv>
#include <functional>
#include <memory>
#include <utility>

#include "platform/base/fields.h"
#include "platform/base/result.h"

namespace tuition {

// One parsed JSON value. Parsing refuses: bad UTF-8, lone surrogates, NaN, duplicate keys, nesting over 64.
class JsonNode {
 public:
  enum class Sort { null, boolean, integer, number, text, list, object };

  Sort sort = Sort::null;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string text{};
  std::vector<JsonNode> items{};                            // of a list
  std::vector<std::pair<std::string, JsonNode>> members{};  // of an object, in the order written

  const JsonNode* find(std::string_view key) const;
  std::string to_json() const;
};

Result<JsonNode> parse_json(std::string_view text);

// What to do with members that the table does not list: ours are strict, other people's replies are not.
enum class Unknown { refused, ignored };

// --- Writing
// ----------------------------------------------------------------------------------------------------------

void append_json_text(std::string& out, std::string_view text);  // quoted and escaped; bad UTF-8 becomes U+FFFD
void append_member_name(std::string& out, bool first, std::string_view name);  // ,"name": where name needs no escapes

// Restricts the members written of the outermost object (or of the objects of an outermost list): ?fields=a,b.
struct FieldFilter {
  std::vector<std::string> names{};  // empty: all
  bool passes(std::string_view name) const {
    if (names.empty()) return true;
    for (const auto& each : names)
      if (each == name) return true;
    return false;
  }
};

template <class T>
void encode(std::string& out, const T& value, const FieldFilter* filter = nullptr) {
  if constexpr (is_optional<T>::value) {
    if (value) {
      encode(out, *value, filter);
    } else {
      out += "null";
    }
  } else if constexpr (is_vector<T>::value) {
    out += '[';
    bool first = true;
    for (const auto& each : value) {
      if (!first) out += ',';
      first = false;
      encode(out, static_cast<const typename T::value_type&>(each), filter);
    }
    out += ']';
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<T>) {
    char digits[32];
    auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, end);
  } else if constexpr (std::is_same_v<T, Instant>) {
    out += '"';
    append_text(out, value);
    out += '"';
  } else if constexpr (std::is_same_v<T, Day>) {
    out += '"';
    out += to_text(value);
    out += '"';
  } else if constexpr (std::is_same_v<T, JsonText>) {
    out += value.text.empty() ? "null" : value.text;
  } else if constexpr (std::is_same_v<T, Secret>) {
    out += "\"***\"";
  } else if constexpr (Named<T>) {
    append_json_text(out, name_of(value));
  } else if constexpr (is_id<T>::value) {
    append_json_text(out, value.text());
  } else if constexpr (std::is_same_v<T, Currency>) {
    append_json_text(out, value.code());
  } else if constexpr (HasFields<T>) {
    constexpr auto listed = fields_of(static_cast<const T*>(nullptr));
    out += '{';
    bool first = true;
    auto put = [&](const auto& one) {
      if (filter && !filter->passes(one.name)) return;
      append_member_name(out, std::exchange(first, false), one.name);
      encode(out, value.*(one.member));
    };
    listed.fields.apply([&](const auto&... each) { (put(each), ...); });
    out += '}';
  } else {
    append_json_text(out, value);
  }
}

template <class T>
std::string to_json(const T& value) {
  std::string out;
  encode(out, value);
  return out;
}

// A value beside its JSON, for what is written into many answers and never changes.
template <class T>
struct Encoded {
  explicit Encoded(T from) : value(std::move(from)), json(to_json(value)) {}
  const T value;
  const std::string json;
};

// --- Reading
// ----------------------------------------------------------------------------------------------------------

namespace reading {

struct Problems {
  std::vector<FieldProblem> found{};
  void add(const std::string& path, std::string reason) { found.push_back({path, std::move(reason)}); }
};

}  // namespace reading

// Where a form says what no bounds of a single field can: which fields go together, what a word must look like. The
// check is a pure function beside the form's table, found by its name, and its findings are answered together with
// those of the table:
//
//   inline void check_form(const SpanQuery& form, FormProblems& problems) {
//     if (problems.fine("from") && form.to < form.from) problems.add("to", "must not be before from");
//   }
class FormProblems {
 public:
  FormProblems(reading::Problems& into, std::string path) : into_(into), path_(std::move(path)) {}

  // A field that has been complained of already is left at that.
  void add(std::string_view field, std::string reason) {
    if (fine(field)) into_.add(path_of(field), std::move(reason));
  }
  // Nothing is wrong with it so far, so its value may be believed.
  bool fine(std::string_view field) const {
    if (into_.found.empty()) return true;
    const auto path = path_of(field);
    for (const auto& each : into_.found)
      if (each.field == path) return false;
    return true;
  }

 private:
  std::string path_of(std::string_view field) const {
    return path_.empty() ? std::string(field) : path_ + "." + std::string(field);
  }

  reading::Problems& into_;
  std::string path_;
};

template <class T>
concept HasCheck = requires(const T& form, FormProblems& problems) {
  check_form(form, problems);
};

// A check that needs more than the form: settings, the present moment.
template <class T>
using FormCheck = std::function<void(const T&, FormProblems&)>;

namespace reading {

// `loose` reads numbers, booleans and lists (comma separated) from text: query strings and form fields.
struct Context {
  Problems& problems;
  Unknown unknown;
  bool loose;
};

bool read_text(const JsonNode& in, std::string& out, const Bounds& bounds, const std::string& path, Context& context);
bool read_integer(const JsonNode& in, std::int64_t& out, const Bounds& bounds, const std::string& path,
                  Context& context);
bool read_number(const JsonNode& in, double& out, const Bounds& bounds, const std::string& path, Context& context);
bool read_boolean(const JsonNode& in, bool& out, const std::string& path, Context& context);
bool read_instant(const JsonNode& in, Instant& out, const std::string& path, Context& context);
bool read_day(const JsonNode& in, Day& out, const std::string& path, Context& context);
bool read_currency(const JsonNode& in, Currency& out, const std::string& path, Context& context);
bool read_raw(const JsonNode& in, std::string& out, const Bounds& bounds, const std::string& path, Context& context);
bool read_choice(const JsonNode& in, std::string& out, const std::string_view* names, std::size_t count,
                 const std::string& path, Context& context);
// Checks the count; false when `in` is no list. In a loose context a text is split at commas into `split`.
const std::vector<JsonNode>* read_list(const JsonNode& in, std::vector<JsonNode>& split, const Bounds& bounds,
                                       const std::string& path, Context& context);
bool expect_object(const JsonNode& in, const std::string& path, Context& context);
// The member, or null where it is missing or null; `inner` becomes its path.
const JsonNode* find_member(const JsonNode& in, std::string_view name, bool required, const std::string& path,
                            std::string& inner, Context& context);
void refuse_unknown(const JsonNode& in, const std::string_view* known, std::size_t count, const std::string& path,
                    Context& context);

template <class T>
void read(const JsonNode& in, T& out, const Bounds& bounds, const std::string& path, Context& context) {
  if constexpr (is_optional<T>::value) {
    typename T::value_type inner{};
    const auto before = context.problems.found.size();
    read(in, inner, bounds, path, context);
    if (context.problems.found.size() == before) out = std::move(inner);
  } else if constexpr (is_vector<T>::value) {
    std::vector<JsonNode> split;
    const auto* list = read_list(in, split, bounds, path, context);
    if (!list) return;
    out.clear();
    Bounds each_bounds = bounds;
    if constexpr (!is_vector<typename T::value_type>::value) {
      each_bounds.min = std::numeric_limits<std::int64_t>::min();
      each_bounds.max = std::numeric_limits<std::int64_t>::max();
      if constexpr (std::is_same_v<typename T::value_type, std::string>) each_bounds.max = 255;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      typename T::value_type item{};
      read((*list)[i], item, each_bounds, path + "[" + std::to_string(i) + "]", context);
      out.push_back(std::move(item));
    }
  } else if constexpr (std::is_same_v<T, bool>) {
    read_boolean(in, out, path, context);
  } else if constexpr (std::is_integral_v<T>) {
    std::int64_t wide = 0;
    Bounds narrow = bounds;
    if constexpr (sizeof(T) < 8) {
      narrow.min = std::max<std::int64_t>(narrow.min, std::numeric_limits<T>::min());
      narrow.max = std::min<std::int64_t>(narrow.max, std::numeric_limits<T>::max());
    }
    if (read_integer(in, wide, narrow, path, context)) out = static_cast<T>(wide);
  } else if constexpr (std::is_floating_point_v<T>) {
    read_number(in, out, bounds, path, context);
  } else if constexpr (std::is_same_v<T, Instant>) {
    read_instant(in, out, path, context);
  } else if constexpr (std::is_same_v<T, Day>) {
    read_day(in, out, path, context);
  } else if constexpr (std::is_same_v<T, Currency>) {
    read_currency(in, out, path, context);
  } else if constexpr (std::is_same_v<T, JsonText>) {
    read_raw(in, out.text, bounds, path, context);
  } else if constexpr (std::is_same_v<T, Secret>) {
    std::string text;
    if (read_text(in, text, bounds, path, context)) out = Secret(std::move(text));
  } else if constexpr (Named<T>) {
    constexpr auto names = names_of(T{});
    std::array<std::string_view, names.size()> texts;
    for (std::size_t i = 0; i < names.size(); ++i) texts[i] = names[i].second;
    std::string text;
    if (read_choice(in, text, texts.data(), texts.size(), path, context)) out = *named<T>(text);
  } else if constexpr (is_id<T>::value) {
    std::string text;
    Bounds uuid = bounds;
    uuid.format = Format::uuid;
    if (read_text(in, text, uuid, path, context)) out = T(std::move(text));
  } else if constexpr (HasFields<T>) {
    if (!expect_object(in, path, context)) return;
    constexpr auto listed = fields_of(static_cast<const T*>(nullptr));
    constexpr auto count = decltype(listed.fields)::count;
    std::array<std::string_view, count> names;
    std::size_t next = 0;
    std::string inner;
    auto take = [&]<class S, class M>(const Field<S, M>& one) {
      names[next++] = one.name;
      constexpr bool required = !is_optional<M>::value && !is_vector<M>::value;
      if (const JsonNode* found = find_member(in, one.name, required, path, inner, context))
        read(*found, out.*(one.member), one.bounds, inner, context);
    };
    listed.fields.apply([&](const auto&... each) { (take(each), ...); });
    if (context.unknown == Unknown::refused) refuse_unknown(in, names.data(), count, path, context);
    if constexpr (HasCheck<T>) {
      FormProblems more(context.problems, path);
      check_form(out, more);
    }
  } else {
    static_assert(std::is_same_v<T, std::string>, "this type cannot stand in a field table");
    read_text(in, out, bounds, path, context);
  }
}

Error problems_error(Problems problems);

}  // namespace reading

// The same checks for a form that was not decoded: made by a program, not sent.
template <HasFields T>
Result<void> checked(const T& form, const FormCheck<T>& check = {}) {
  reading::Problems problems;
  FormProblems more(problems, "");
  if constexpr (HasCheck<T>) check_form(form, more);
  if (check) check(form, more);
  if (!problems.found.empty()) return reading::problems_error(std::move(problems));
  return {};
}

namespace reading {

// An object of texts. A repeated name is a problem.
JsonNode node_of(const std::vector<std::pair<std::string, std::string>>& pairs, Problems& problems);

template <HasFields T>
Result<T> decode_node(const JsonNode& node, Problems& problems, Unknown unknown, bool loose,
                      const FormCheck<T>& check) {
  T out{};
  Context context{problems, unknown, loose};
  read(node, out, Bounds{}, "", context);
  if (check && node.sort == JsonNode::Sort::object) {
    FormProblems more(problems, "");
    check(out, more);
  }
  if (!problems.found.empty()) return problems_error(std::move(problems));
  return out;
}

}  // namespace reading

// Every problem at once, each with its path. With Unknown::ignored (replies of others) a missing member is left as it
// is.
template <HasFields T>
Result<T> decode(const JsonNode& node, Unknown unknown, const FormCheck<T>& check = {}) {
  reading::Problems problems;
  return reading::decode_node<T>(node, problems, unknown, false, check);
}

template <HasFields T>
Result<T> decode_json(std::string_view text, Unknown unknown) {
  return decode<T>(TRY(parse_json(text)), unknown);
}

// From name and value pairs, already decoded: a query string, path parameters, a form body. A repeated name is refused.
template <HasFields T>
Result<T> decode_pairs(const std::vector<std::pair<std::string, std::string>>& pairs, Unknown unknown,
                       const FormCheck<T>& check = {}) {
  reading::Problems problems;
  const JsonNode node = reading::node_of(pairs, problems);
  return reading::decode_node<T>(node, problems, unknown, true, check);
}

}  // namespace tuition

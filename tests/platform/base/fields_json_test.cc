#include "platform/base/fields_json.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/caller.h"

namespace tuition {
namespace {

struct Address {
  std::string city{};
  std::int64_t code = 0;
};
constexpr auto fields_of(const Address*) {
  return table("Address", field("city", &Address::city, "The town.", length(1, 20)),
               field("code", &Address::code, "The postal code.", range(1, 99999)));
}

struct Form {
  std::string email{};
  Secret password{};
  std::optional<std::int64_t> age{};
  std::vector<Address> addresses{};
  std::vector<std::vector<double>> ranges{};
  std::optional<Role> role{};
  std::optional<Instant> at{};
  std::optional<JsonText> extra{};
  std::optional<bool> agreed{};
};
constexpr auto fields_of(const Form*) {
  return table("Form", field("email", &Form::email, "Address.", email_text()),
               field("password", &Form::password, "Secret.", password_text()),
               field("age", &Form::age, "Years.", range(0, 150)),
               field("addresses", &Form::addresses, "Homes.", items(0, 3)),
               field("ranges", &Form::ranges, "Seen.", items(0, 10)), field("role", &Form::role, "Role."),
               field("at", &Form::at, "When."), field("extra", &Form::extra, "Anything.", length(0, 40)),
               field("agreed", &Form::agreed, "Yes or no."));
}

std::string reason_for(const Result<Form>& result, const std::string& field) {
  if (result) return "(accepted)";
  for (const auto& problem : result.error().fields)
    if (problem.field == field) return problem.reason;
  return "(no complaint)";
}

Result<Form> read(std::string_view json) { return decode_json<Form>(json, Unknown::refused); }

}  // namespace

TEST_CASE("a form with everything right is read as written") {
  const auto form = read(R"({"email":" ada@example.org ","password":" spaces stay ","age":36,
    "addresses":[{"city":"Ulm","code":89073}],"ranges":[[0,1.5],[3,4]],"role":"admin",
    "at":"2026-11-20T10:00:00+02:00","extra":{"a":[1,null]},"agreed":true})");
  REQUIRE(form);
  CHECK(form->email == "ada@example.org");
  CHECK(form->password.reveal() == " spaces stay ");
  CHECK(form->age == 36);
  CHECK(form->addresses.at(0).city == "Ulm");
  CHECK(form->ranges.at(0).at(1) == 1.5);
  CHECK(form->role == Role::admin);
  CHECK(to_text(*form->at) == "2026-11-20T08:00:00.000Z");
  CHECK(form->extra->text == R"({"a":[1,null]})");
}

TEST_CASE("every problem of a form is told at once, each with its path") {
  const auto form = read(R"({"email":"nobody","age":1.5,"addresses":[{"city":"","code":0},{"code":"7"}],
    "role":"king","at":"yesterday","agreed":"yes","colour":1})");
  REQUIRE_FALSE(form);
  CHECK(form.error().kind == Kind::invalid);
  CHECK(reason_for(form, "email") == "must be an email address such as name@example.org");
  CHECK(reason_for(form, "password") == "is required");
  CHECK(reason_for(form, "age") == "must be a whole number");
  CHECK(reason_for(form, "addresses[0].city") == "must not be empty");
  CHECK(reason_for(form, "addresses[0].code") == "must be at least 1");
  CHECK(reason_for(form, "addresses[1].city") == "is required");
  CHECK(reason_for(form, "addresses[1].code") == "must be a whole number");
  CHECK(reason_for(form, "role") == "must be user, instructor or admin");
  CHECK(reason_for(form, "at") == "must be a time such as 2026-11-20T08:30:00Z");
  CHECK(reason_for(form, "agreed") == "must be true or false");
  CHECK(reason_for(form, "colour") == "is not a field we know");
}

TEST_CASE("absent and null mean the same") {
  const auto form = read(R"({"email":"a@b.example","password":"x","age":null,"addresses":null})");
  REQUIRE(form);
  CHECK_FALSE(form->age);
  CHECK(form->addresses.empty());
  CHECK(reason_for(read(R"({"email":null,"password":"x"})"), "email") == "is required");
}

TEST_CASE("a negative zero is a zero") {
  for (const auto* text : {"-0e10", "-0.0", "-0"}) {
    const auto written = parse_json(text).value().to_json();
    CHECK(parse_json(written).value().to_json() == written);
    CHECK(written.front() != '-');
  }
}

TEST_CASE("nothing hides behind a zero") {
  for (const std::string_view text :
       {std::string_view("{}\0{", 4), std::string_view("7\0\xe2", 3), std::string_view("\0", 1)})
    CHECK(parse_json(text).error().code == "BAD_JSON");
}

TEST_CASE("what is not JSON is refused as such, quickly and without depth") {
  for (const std::string& text :
       {std::string(""), std::string("{"), std::string("{\"a\":NaN}"), std::string("{\"a\":1,\"a\":2}"),
        std::string("\"\\ud800\""), std::string("\"\xff\""), std::string(5'000'000, '['), std::string("{} x")}) {
    const auto node = parse_json(text);
    REQUIRE_FALSE(node);
    CHECK(node.error().kind == Kind::bad_json);
  }
}

TEST_CASE("text is written so that it reads back the same, and broken bytes become the replacement character") {
  std::string out;
  append_json_text(out, "quote \" back \\ line\n bell \x07 é 𝄞");
  const auto node = parse_json(out);
  REQUIRE(node);
  CHECK(node->text == "quote \" back \\ line\n bell \x07 é 𝄞");
  out.clear();
  append_json_text(out,
                   "a\xff"
                   "b\xc3");
  CHECK(out ==
        "\"a\xef\xbf\xbd"
        "b\xef\xbf\xbd\"");
}

TEST_CASE("a field filter keeps only the named members of the outermost objects") {
  const FieldFilter filter{{"city"}};
  std::string out;
  encode(out, std::vector<Address>{{"Ulm", 1}, {"Bonn", 2}}, &filter);
  CHECK(out == R"([{"city":"Ulm"},{"city":"Bonn"}])");
}

TEST_CASE("a query string is read by the same table, and a repeated name is refused") {
  const auto form = decode_pairs<Form>({{"email", "a@b.example"}, {"password", "x"}, {"age", "7"}, {"agreed", "true"}},
                                       Unknown::refused);
  REQUIRE(form);
  CHECK(form->age == 7);
  CHECK(form->agreed == true);
  const auto twice =
      decode_pairs<Form>({{"email", "a@b.example"}, {"email", "c@d.example"}, {"password", "x"}}, Unknown::refused);
  CHECK(reason_for(twice, "email") == "is given more than once");
}

TEST_CASE("other people's replies may hold more or less than we know") {
  const auto address = decode_json<Address>(R"({"city":"Ulm","planet":"Earth"})", Unknown::ignored);
  REQUIRE(address);
  CHECK(address->city == "Ulm");
  CHECK(address->code == 0);
}

namespace {

struct Span {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::string name{};
};
constexpr auto fields_of(const Span*) {
  return table("Span", field("from", &Span::from, "The beginning.", range(0, 100)),
               field("to", &Span::to, "The end.", range(0, 100)), field("name", &Span::name, "A name.", length(3, 9)));
}
void check_form(const Span& form, FormProblems& problems) {
  if (problems.fine("from") && problems.fine("to") && form.to < form.from)
    problems.add("to", "must not be before from");
  if (form.name == "root") problems.add("name", "is taken");
}

struct Spans {
  std::vector<Span> all{};
};
constexpr auto fields_of(const Spans*) { return table("Spans", field("all", &Spans::all, "Several.", items(0, 5))); }

template <class T>
std::vector<std::string> complaints(const Result<T>& result) {
  std::vector<std::string> all;
  for (const auto& each : result.error().fields) all.push_back(each.field + " " + each.reason);
  return all;
}
using Complaints = std::vector<std::string>;

}  // namespace

TEST_CASE("what a form itself finds is told together with what its fields find") {
  const auto read = [](std::string_view text) { return decode_json<Span>(text, Unknown::refused); };
  CHECK(read(R"({"from":1,"to":2,"name":"abc"})").ok());
  CHECK(complaints(read(R"({"from":5,"to":2,"name":"x","more":1})")) ==
        Complaints{"name must be at least 3 characters long", "more is not a field we know",
                   "to must not be before from"});
  // A field that could not be read says so once, and nothing follows from what stands in its place.
  CHECK(complaints(read(R"({"from":500,"to":2,"name":"root"})")) ==
        Complaints{"from must be at most 100", "name is taken"});
  CHECK(complaints(read(R"([])")) == Complaints{"body must be an object"});
}

TEST_CASE("a form inside another is checked at its place") {
  const auto spans = decode_json<Spans>(R"({"all":[{"from":1,"to":2,"name":"abc"},{"from":5,"to":2,"name":"abc"}]})",
                                        Unknown::refused);
  REQUIRE_FALSE(spans);
  CHECK(complaints(spans) == Complaints{"all[1].to must not be before from"});
}

TEST_CASE("a check that needs more than the form is told with the rest, for bodies and queries") {
  const FormCheck<Span> even = [](const Span& form, FormProblems& problems) {
    if (form.from % 2 != 0) problems.add("from", "must be even");
  };
  CHECK(complaints(decode<Span>(parse_json(R"({"from":5,"to":2,"name":"x"})").value(), Unknown::refused, even)) ==
        Complaints{"name must be at least 3 characters long", "to must not be before from", "from must be even"});
  CHECK(complaints(decode_pairs<Span>({{"from", "5"}, {"to", "2"}, {"name", "abc"}}, Unknown::refused, even)) ==
        Complaints{"to must not be before from", "from must be even"});
  CHECK(complaints(checked<Span>(Span{5, 2, "root"}, even)) ==
        Complaints{"to must not be before from", "name is taken", "from must be even"});
  CHECK(checked<Span>(Span{4, 4, "abc"}, even).ok());
}

}  // namespace tuition

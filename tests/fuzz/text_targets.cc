#include <map>

#include "fuzz.h"
#include "platform/base/csv.h"
#include "platform/base/fields_json.h"
#include "platform/base/money.h"
#include "platform/base/page.h"
#include "platform/base/text.h"
#include "platform/base/time.h"
#include "platform/base/zones.h"
#include "platform/config/file.h"

namespace tuition::fuzz {
namespace {

// A form with one of everything a field table can hold.
enum class Colour { red, green };
constexpr auto names_of(Colour) {
  return std::array{std::pair{Colour::red, std::string_view{"red"}},
                    std::pair{Colour::green, std::string_view{"green"}}};
}
struct Inner {
  std::string word{};
  std::optional<std::int64_t> number{};
};
constexpr auto fields_of(const Inner*) {
  return table("Inner", field("word", &Inner::word, "A word.", formatted(Format::word, 20)),
               field("number", &Inner::number, "A number.", range(-5, 5)));
}
struct Everything {
  std::string text{};
  Secret secret{};
  bool yes = false;
  std::int64_t number = 0;
  std::optional<std::int32_t> small{};
  std::optional<double> real{};
  std::optional<Instant> at{};
  std::optional<Day> day{};
  std::optional<Currency> currency{};
  std::optional<Id<struct ThingTag>> id{};
  std::optional<Colour> colour{};
  std::optional<JsonText> json{};
  std::optional<std::string> email{};
  std::optional<std::string> url{};
  std::optional<std::string> slug{};
  std::optional<Inner> inner{};
  std::vector<Inner> inners{};
  std::vector<std::vector<std::int64_t>> ranges{};
  std::vector<std::string> words{};
};
constexpr auto fields_of(const Everything*) {
  return table("Everything", field("text", &Everything::text, "Text.", long_text(1, 200)),
               field("secret", &Everything::secret, "A secret.", password_text()),
               field("yes", &Everything::yes, "Yes or no."), field("number", &Everything::number, "A number."),
               field("small", &Everything::small, "A small number."),
               field("real", &Everything::real, "A real number."), field("at", &Everything::at, "A moment."),
               field("day", &Everything::day, "A day."), field("currency", &Everything::currency, "A currency."),
               field("id", &Everything::id, "An id."), field("colour", &Everything::colour, "A colour."),
               field("json", &Everything::json, "Anything.", items(0, 500)),
               field("email", &Everything::email, "An address.", email_text()),
               field("url", &Everything::url, "A place.", formatted(Format::path_or_url)),
               field("slug", &Everything::slug, "A name.", formatted(Format::slug)),
               field("inner", &Everything::inner, "One inside."),
               field("inners", &Everything::inners, "Some inside.", items(0, 5)),
               field("ranges", &Everything::ranges, "Lists of lists.", items(0, 5)),
               field("words", &Everything::words, "Words.", items(0, 5)));
}
void check_form(const Everything& form, FormProblems& problems) {
  if (form.number == 13) problems.add("number", "must not be thirteen");
}

std::uint64_t read_json(std::string_view input) {
  Happened happened;
  const auto node = parse_json(input);
  if (!node) return happened.also(1).text(node.error().code);
  demand(is_utf8(input), "what was read as JSON is UTF-8");
  const auto written = node->to_json();
  const auto again = parse_json(written);
  demand(again.ok(), "what was read can be written and read");
  demand(again->to_json() == written, "and is the same then");
  return happened.also(2)
      .also(static_cast<std::uint64_t>(node->sort))
      .size(node->items.size())
      .size(node->members.size());
}

std::uint64_t read_form(std::string_view input) {
  Happened happened;
  const auto form = decode_json<Everything>(input, Unknown::refused);
  if (!form) {
    const auto& error = form.error();
    demand(error.kind == Kind::bad_json || !error.fields.empty(), "a refusal names a field");
    for (const auto& each : error.fields) {
      demand(!each.reason.empty(), "and says why");
      happened.text(each.reason.substr(0, 12));
    }
    return happened.also(1).size(error.fields.size());
  }
  demand(count_code_points(form->text) >= 1 && count_code_points(form->text) <= 200 && !has_control(form->text),
         "what is accepted keeps its bounds");
  demand(form->number != 13, "and the form's own check");
  // A secret is written as stars, so it is put back.
  auto written = to_json(form.value());
  const auto again = decode_json<Everything>(written, Unknown::refused);
  demand(again.ok(), "what was accepted can be written and is accepted again");
  demand(to_json(again.value()) == written, "and is the same then");
  return happened.also(2).size(written.size());
}

std::uint64_t read_query(std::string_view input) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto part : split(input, '&')) {
    const auto equals = part.find('=');
    const auto name = percent_decode(part.substr(0, equals), Plus::space);
    const auto value =
        equals == std::string_view::npos ? std::string() : percent_decode(part.substr(equals + 1), Plus::space);
    if (!name || !value) return Happened().also(1);
    demand(percent_decode(percent_encode(*value), Plus::literal) == value, "what is encoded is decoded to the same");
    pairs.emplace_back(*name, *value);
  }
  const auto form = decode_pairs<Everything>(pairs, Unknown::refused);
  Happened happened;
  if (!form)
    for (const auto& each : form.error().fields) happened.text(each.reason.substr(0, 12));
  return happened.also(form.ok()).size(pairs.size());
}

std::uint64_t read_money(std::string_view input) {
  Happened happened;
  for (const auto* code : {"USD", "JPY", "KWD"}) {
    const auto currency = *Currency::parse(code);
    const auto money = parse_money(input, currency);
    happened.also(money.has_value());
    if (!money) continue;
    const auto text = to_text(*money);
    demand(text.ends_with(code), "an amount is written with its currency");
    const auto again = parse_money(std::string_view(text).substr(0, text.size() - 4), currency);
    demand(again && again->minor == money->minor, "an amount reads the same as it is written");
    happened.size(static_cast<std::size_t>(money->minor < 0 ? -(money->minor + 1) : money->minor))
        .also(money->minor < 0);
    const auto doubled = add(*money, *money);
    if (doubled) demand(doubled->minor / 2 == money->minor, "a sum is one");
    if (const auto share = share_round_half_up(*money, 1, 3))
      demand((share->minor < 0) == (money->minor < 0) || share->minor == 0, "a share keeps its sign");
  }
  if (const auto currency = Currency::parse(input)) demand(currency->code().size() == 3, "a currency is three letters");
  return happened;
}

std::uint64_t read_times(std::string_view input) {
  Happened happened;
  if (const auto at = parse_instant(input)) {
    const auto again = parse_instant(to_text(*at));
    demand(again && *again == *at, "a moment reads the same as it is written");
    happened.also(1).also(at->ms < 0);
  }
  if (const auto day = parse_day(input)) {
    const auto again = parse_day(to_text(*day));
    demand(again && *again == *day, "a day reads the same as it is written");
    happened.also(2);
  }
  if (const auto duration = parse_duration(input)) happened.also(3).size(static_cast<std::size_t>(duration->ms));
  if (const auto number = parse_integer(input))
    demand(parse_integer(std::to_string(*number)) == number, "a number reads the same as it is written");
  happened.also(looks_like_email(input));
  if (const auto bytes = from_base64url(input))
    demand(from_base64url(to_base64url(*bytes)) == bytes, "bytes come back from base64url");
  if (const auto place = place_of(input, "-createdAt")) demand(!place->id.empty(), "a place in a list has an id");
  return happened;
}

std::uint64_t read_zones(std::string_view input) {
  Happened happened;
  const auto use = [&](const Zone& zone) {
    for (const std::int64_t year : {-2000, 0, 30, 57, 130, 8000}) {
      const auto offset = offset_at(zone, Instant{year * 31556952000});
      demand(offset > days(-1) && offset < days(1), "nobody is further than a day from Greenwich");
    }
    for (const auto& change : zone.changes)
      if (change.at_s > -1'000'000'000'000 && change.at_s < 1'000'000'000'000)
        offset_at(zone, Instant{change.at_s * 1000});
    happened.size(zone.changes.size()).also(zone.rule.has_value());
  };
  if (const auto zone = read_zone_file(input)) use(*zone);
  Zone ruled;
  ruled.rule = read_zone_rule(input);
  if (ruled.rule) use(ruled);
  // The packed table, with no folder of the host's.
  const Zones zones(input, "");
  for (const auto* name : {"UTC", "Europe/Berlin", "A"})
    if (zones.knows(name)) use(zones.named(name));
  return happened.size(zones.packed_count());
}

std::uint64_t read_settings(std::string_view input) {
  const auto contents = config::read_file_text(input);
  Happened happened;
  for (const auto& problem : contents.problems) happened.text(std::string_view(problem.reason).substr(0, 10));
  for (const auto& entry : contents.entries) {
    demand(entry.line > 0, "an entry has a line");
    if (!is_utf8(entry.text) || has_control(entry.text)) continue;
    const auto again = config::read_file_text("x = " + config::quote_for_file(entry.text) + "\n");
    demand(again.problems.empty() && again.entries.size() == 1 && again.entries[0].text == entry.text,
           "a value is read as it was quoted");
  }
  return happened.size(contents.entries.size()).size(contents.problems.size());
}

std::uint64_t read_table(std::string_view input) {
  const auto csv = read_csv(input);
  std::int64_t line = 0;
  std::size_t cells = 0;
  for (const auto& row : csv.rows) {
    demand(row.line > line, "rows are in their order");
    line = row.line;
    cells += row.cells.size();
  }
  return Happened().size(csv.rows.size()).size(cells).size(csv.problems.size());
}

// A zone file of one change, as bytes.
std::string small_zone() {
  std::string block = "TZif2" + std::string(39, '\0');
  block[35] = 1;
  block[39] = 2;
  return "TZif2" + std::string(39, '\0') + block + std::string("\0\0\0\0\x65\x53\xf1\x00\x01", 9) +
         std::string("\0\0\x0e\x10\0\0\0\0\x1c\x20\1\0", 12) + "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
}

}  // namespace

Targets text_targets() {
  const std::vector<std::string> json_words{"{",
                                            "}",
                                            "[",
                                            "]",
                                            "\"",
                                            ":",
                                            ",",
                                            "null",
                                            "true",
                                            "false",
                                            "1e400",
                                            "\\u0000",
                                            "\\ud800",
                                            "\\udc00",
                                            "\xed\xa0\x80",
                                            "\xc0\x80",
                                            "-0",
                                            "1.0",
                                            "9223372036854775807",
                                            "\"text\":",
                                            "\"secret\":\"x\"",
                                            "\"yes\":true",
                                            "\"number\":13",
                                            "\"inner\":{\"word\":\"a\"}",
                                            "\"inners\":[",
                                            "\"ranges\":[[",
                                            "\"at\":\"2026-11-20T08:30:00Z\"",
                                            "\"email\":\"a@b.example\"",
                                            "[[[[[[[["};
  const std::string whole_form =
      R"({"text":"a","secret":"s","yes":true,"number":1,"small":2,"real":1.5,"at":"2026-11-20T08:30:00Z","day":"2026-11-20",)"
      R"("currency":"USD","id":"01930a5c-7d2e-7c41-9b0f-3c8e5d1a2b4c","colour":"red","json":{"a":[1]},"email":"a@b.example",)"
      R"("url":"/x","slug":"a-b","inner":{"word":"w","number":1},"inners":[{"word":"v"}],"ranges":[[1,2]],"words":["a","b"]})";
  return {
      {.name = "json",
       .sentence = "JSON",
       .run = read_json,
       .seeds = {whole_form, "[1,2.5,-3e10,\"\\u00e9\\ud83c\\udfb5\",null,{}]", "\"\"", "[[[[[]]]]]",
                 "{\"a\":1,\"a\":2}", " 0 "},
       .dictionary = json_words},
      {.name = "form",
       .sentence = "a body through a field table",
       .run = read_form,
       .seeds = {whole_form, R"({"text":"a","secret":"s","yes":false,"number":13})", "{}", "[]", R"({"unknown":1})"},
       .dictionary = json_words},
      {.name = "query",
       .sentence = "a query string through a field table",
       .run = read_query,
       .seeds = {"text=a&secret=s&yes=1&number=2&words=a,b&real=1.5&colour=red", "text=%41+b&text=2",
                 "inner=1&ranges=1,2", "yes=true&number=-9223372036854775808", "=&&=", "%"},
       .dictionary = {"&", "=", "%00", "%ff", "%c3%a9", "text=", "number=", "yes=", "real=", "at=", "ranges=", "1e999",
                      ","}},
      {.name = "money",
       .sentence = "amounts as people type them",
       .run = read_money,
       .seeds = {"12.50", "-0.01", "92233720368547758.07", "0", "1e3", "007.5", ".5", "5.", "usd", ""},
       .dictionary = {".", "-", "9223372036854775807", "99999999999999999999", "0", " "}},
      {.name = "times",
       .sentence = "moments, days, durations, numbers, addresses, cursors",
       .run = read_times,
       .seeds = {"2026-11-20T08:30:00Z", "2026-02-29T23:59:60.123456+05:30", "2026-11-20", "P1Y2M3W4DT5H6M7S", "90",
                 "0001-01-01T00:00:00-23:59", "9999-12-31T23:59:59.999Z", "a@b.example", "LWNyZWF0ZWRBdCBpZCBrZXk"},
       .dictionary = {"T", "Z", "+", "-", ":", "P", "2026-", "-02-29", "23:59:60", "@", ".999999999"}},
      {.name = "zones",
       .sentence = "zone files, their rules, and the packed table",
       .run = read_zones,
       .seeds = {small_zone(), "CET-1CEST,M3.5.0,M10.5.0/3", "<+0330>-3:30", "AAA0BBB-1,J60/0,300/167",
                 "# version 2025b\nUTC 0 20\nEurope/Berlin 0 300\nA 1 2\n\n" + small_zone().substr(44)},
       .dictionary = {"TZif2", "\n", ",M", "/-167", "<", ">", "J365", std::string(8, '\xff'), std::string(4, '\0'),
                      "\x7f\xff\xff\xff"}},
      {.name = "settings",
       .sentence = "the configuration file",
       .run = read_settings,
       .seeds =
           {"# a comment\ndata = \"/var/lib/tuition\"\n[http]\nport = 8080\norigins = [\"a\", 'b']\nlimits = true\n",
            "a.b.c = \"\\u00e9\\n\\\"\"", "[x]\n[x]\ny=1\ny=2", "a = \"\"\"x\"\"\"", "= 1\n[\n]",
            "\xef\xbb\xbfx=1\r\n"},
       .dictionary = {"[", "]", "=", "\"", "'", "\\u0000", "\\", "#", "\n", "\r\n", "true", "1_000", "0x1f", "\"\"\"",
                      "."}},
      {.name = "csv",
       .sentence = "tables",
       .run = read_table,
       .seeds = {"email,fullName\na@b.example,\"Ada, \"\"Countess\"\"\"\r\n", "a;b\n1;2\n", "\xef\xbb\xbfx\n\n\ny",
                 "\"", "\"a\"b,c\n"},
       .dictionary = {",", ";", "\"", "\"\"", "\r\n", "\n", "\xef\xbb\xbf", "\xff"}},
  };
}

}  // namespace tuition::fuzz

#include "sandbox/paystack/words.h"

#include <algorithm>

#include "platform/base/text.h"
#include "platform/http/json.h"
#include "sandbox/html.h"

namespace tuition::sandbox::paystack {
namespace {

constexpr std::string_view banner = "<header>Pretend payments: no card is asked for and no money moves.</header>";

}  // namespace

http::Reply answer(int status, Json body) { return http::raw_json(status, body.dump()); }
http::Reply good(std::string_view message, Json data) {
  return answer(200, Json{{"status", true}, {"message", message}, {"data", std::move(data)}});
}
http::Reply refused(int status, std::string_view message, std::string_view code) {
  return answer(status, Json{{"status", false},
                             {"message", message},
                             {"meta", {{"nextStep", "Check the request and try again"}}},
                             {"type", "validation_error"},
                             {"code", code}});
}

std::string stranger_in(const Json& given, const std::vector<std::string_view>& known) {
  for (const auto& [name, value] : given.items())
    if (std::find(known.begin(), known.end(), name) == known.end()) return name;
  return {};
}

std::string text_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  return {};
}

std::int64_t integer_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return 0;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  if (found->is_string()) return parse_integer(found->get<std::string>()).value_or(0);
  return 0;
}

http::Reply notice(int status, std::string_view heading, std::string_view body) {
  return sandbox::page(status, heading,
                       std::string(banner) + "<main class=\"narrow\"><div class=\"card\"><h1>" + escape_html(heading) +
                           "</h1>" + std::string(body) + "</div></main>",
                       "/style.css");
}

std::string button(std::string_view outcome, std::string_view words, bool main) {
  return "<button name=\"outcome\" value=\"" + std::string(outcome) + "\"" + (main ? " class=\"main\"" : "") + ">" +
         std::string(words) + "</button>";
}

}  // namespace tuition::sandbox::paystack

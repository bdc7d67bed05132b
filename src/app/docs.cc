#include "app/docs.h"

#include <utility>

#include "app/embedded.h"
#include "app/error_codes.h"
#include "platform/base/text.h"
#include "platform/http/docs.h"
#include "platform/http/json.h"

namespace tuition::app {
namespace {

// Without the web app the words are there all the same.
constexpr std::string_view bare_frame =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>[[title]]</title></head><body><nav>"
    "<ul>[[contents]]</ul></nav><main>[[body]]</main></body></html>";

std::string_view frame() {
  for (const auto& file : embedded_site())
    if (file.path == docs_frame) return file.bytes;
  return bare_frame;
}

void put_in(std::string& page, std::string_view name, std::string_view with) {
  const std::string hole = "[[" + std::string(name) + "]]";
  for (auto at = page.find(hole); at != std::string::npos; at = page.find(hole, at + with.size()))
    page.replace(at, hole.size(), with);
}

http::Route page(std::string_view path, std::string_view operation, std::string text, const std::string& site_name,
                 const http::Article& article) {
  put_in(text, "current " + std::string(path), "page");
  for (const auto* other : {"/docs/api", "/docs/errors"}) put_in(text, "current " + std::string(other), "false");
  put_in(text, "title", article.title);
  put_in(text, "contents", article.contents);
  put_in(text, "body", article.body);
  put_in(text, "school", escape_html(site_name));
  return {.method = http::Method::get,
          .path = path,
          .operation = operation,
          .access = http::Access::anyone,
          .bucket = http::Bucket::api,
          .sentence = "A page about the API.",
          .endpoint = http::raw([text = std::move(text)](const http::Request& request) {
            auto filled = text;
            put_in(filled, "origin", escape_html((request.https ? "https://" : "http://") + request.host));
            auto reply = http::html(200, std::move(filled));
            http::detail::add_validator(request, reply);
            return reply;
          })};
}

}  // namespace

http::Routes docs_routes(const http::Routes& routes, const http::GuardSettings& limits, std::string site_name) {
  const std::string text(frame());
  return {page("/docs/api", "docsApi", text, site_name, http::api_article(routes, limits, "[[origin]]")),
          page("/docs/errors", "docsErrors", text, site_name, http::errors_article(error_codes()))};
}

}  // namespace tuition::app

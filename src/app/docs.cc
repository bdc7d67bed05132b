#include "app/docs.h"

#include <functional>
#include <utility>

#include "app/embedded.h"
#include "app/error_codes.h"
#include "app/version.h"
#include "platform/base/text.h"
#include "platform/http/docs/docs.h"
#include "platform/http/docs/openapi.h"
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

using Text = std::shared_ptr<const std::string>;

// But for the origin, which each reader has their own of.
Text page_text(std::string_view path, const std::string& site_name, const http::Article& article) {
  std::string text(frame());
  put_in(text, "current " + std::string(path), "page");
  for (const auto* other : {"/docs/api", "/docs/errors"}) put_in(text, "current " + std::string(other), "false");
  put_in(text, "title", article.title);
  put_in(text, "contents", article.contents);
  put_in(text, "body", article.body);
  put_in(text, "school", escape_html(site_name));
  return std::make_shared<const std::string>(std::move(text));
}

http::Route page(std::string_view path, std::string_view operation, std::function<Text()> text) {
  return {.method = http::Method::get,
          .path = path,
          .operation = operation,
          .access = http::Access::anyone,
          .bucket = http::Bucket::api,
          .sentence = "A page about the API.",
          .endpoint = http::raw([text = std::move(text)](const http::Request& request) {
            auto filled = *text();
            put_in(filled, "origin", escape_html((request.https ? "https://" : "http://") + request.host));
            auto reply = http::html(200, std::move(filled));
            http::detail::add_validator(request, reply);
            return reply;
          })};
}

}  // namespace

Docs::Docs(http::Routes routes, http::GuardSettings limits, std::string site_name)
    : about_(std::move(routes)), site_name_(std::move(site_name)), limits_(std::move(limits)) {}

http::Routes Docs::routes() {
  return {page("/docs/api", "docsApi", [this] { return api_page(); }), page("/docs/errors", "docsErrors", [this] {
            return page_text("/docs/errors", site_name_, http::errors_article(error_codes()));
          })};
}

Docs::Text Docs::api_page() {
  const std::lock_guard lock(mutex_);
  if (!api_) api_ = page_text("/docs/api", site_name_, http::api_article(about_, limits_, "[[origin]]"));
  return api_;
}

void Docs::change_limits(http::GuardSettings limits) {
  const std::lock_guard lock(mutex_);
  limits_ = std::move(limits);
  api_ = nullptr;
}

std::string openapi_of(const http::Routes& routes) {
  return http::openapi_document(routes, {.title = "tuition", .version = std::string(version), .codes = error_codes()});
}

}  // namespace tuition::app

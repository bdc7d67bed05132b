#include "platform/http/assets.h"

#include "platform/base/text.h"
#include "platform/http/front/gzip.h"

namespace tuition::http {

Reply Assets::serve(const EmbeddedFile& file, const Request& request) const {
  Reply reply;
  reply.content_type = file.mime;
  std::string etag(file.etag);
  if (!file.gzip.empty()) reply.with("Vary", "Accept-Encoding");
  if (!file.gzip.empty() && accepts_gzip(request.header("accept-encoding"))) {
    reply.fixed = file.gzip;
    reply.with("Content-Encoding", "gzip");
    etag = "W/" + etag;
  } else {
    reply.fixed = plain(file);
  }
  reply.with("ETag", std::move(etag));
  reply.with("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  return reply;
}

std::string_view Assets::plain(const EmbeddedFile& file) const {
  if (!file.bytes.empty() || file.gzip.empty()) return file.bytes;
  const std::lock_guard lock(mutex_);
  auto& text = unpacked_[&file];
  if (text.empty()) text = gunzip(file.gzip);
  return text;
}

Assets::Assets(std::span<const EmbeddedFile> files, std::string_view hidden) {
  for (const auto& file : files)
    if (file.path != hidden) files_.emplace(file.path, &file);
}

Reply Assets::file(std::string_view path, const Request& request) const { return serve(*files_.at(path), request); }

const EmbeddedFile* Assets::page_for(std::string_view path) const {
  auto found = files_.end();
  if (path == "/admin" || path.starts_with("/admin/")) found = files_.find("/admin.html");
  if (found == files_.end()) found = files_.find("/index.html");
  return found == files_.end() ? nullptr : found->second;
}

Reply Assets::page(const EmbeddedFile& page, const Request& request) const { return serve(page, request); }

bool prefers_html(std::string_view accept) {
  double html = 0, json = 0;
  for (const auto part : split(accept, ',')) {
    const auto semicolon = part.find(';');
    const auto media = trim(part.substr(0, semicolon));
    double weight = 1;
    if (semicolon != std::string_view::npos) {
      const auto q = part.find("q=", semicolon);
      if (q != std::string_view::npos) {
        // Three decimals at most, and never more than one: 0.875.
        const auto digits = part.substr(q + 2, 5);
        weight = digits.starts_with('1') ? 1 : 0;
        double place = 0.1;
        for (std::size_t i = 2; digits.starts_with("0.") && i < digits.size(); ++i, place /= 10) {
          if (digits[i] < '0' || digits[i] > '9') break;
          weight += place * (digits[i] - '0');
        }
      }
    }
    if (equals_ignoring_case(media, "text/html") || equals_ignoring_case(media, "application/xhtml+xml"))
      html = std::max(html, weight);
    if (equals_ignoring_case(media, "application/json") || equals_ignoring_case(media, "application/problem+json"))
      json = std::max(json, weight);
  }
  return html > json;
}

}  // namespace tuition::http

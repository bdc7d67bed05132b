#pragma once

#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/base/embedded.h"
#include "platform/http/reply.h"
#include "platform/http/request.h"

namespace tuition::http {

// The web app, packed into the binary. Replies point into it and into this, so both must outlive the front.
class Assets {
 public:
  // A file with `gzip` and no `bytes` is unpacked when somebody wants it plain. `hidden` is one the program fills in
  // before it serves it.
  explicit Assets(std::span<const EmbeddedFile> files, std::string_view hidden = {});

  bool has(std::string_view path) const { return files_.contains(path); }
  // The file at exactly this path.
  Reply file(std::string_view path, const Request& request) const;
  // The page of the web app that draws any path of its own. Null when none was packed.
  const EmbeddedFile* page_for(std::string_view path) const;
  Reply page(const EmbeddedFile& page, const Request& request) const;

 private:
  Reply serve(const EmbeddedFile& file, const Request& request) const;
  std::string_view plain(const EmbeddedFile& file) const;

  std::unordered_map<std::string_view, const EmbeddedFile*> files_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<const EmbeddedFile*, std::string> unpacked_;  // once somebody asked; behind the mutex
};

// The client would rather have a page than JSON: a browser's address bar, not its fetch().
bool prefers_html(std::string_view accept);

}  // namespace tuition::http

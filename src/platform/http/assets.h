#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/base/embedded.h"
#include "platform/http/reply.h"
#include "platform/http/request.h"

namespace tuition::http {

// The web app, packed into the binary. Replies point into it, so the files must live as long as the program.
class Assets {
 public:
  // `hidden` is a file the program fills in before it serves it.
  explicit Assets(std::span<const EmbeddedFile> files, std::string_view hidden = {});

  bool has(std::string_view path) const { return files_.contains(path); }
  // The file at exactly this path.
  Reply file(std::string_view path, const Request& request) const;
  // The page of the web app that draws any path of its own. Null when none was packed.
  const EmbeddedFile* page_for(std::string_view path) const;
  Reply page(const EmbeddedFile& page, const Request& request) const;

 private:
  std::unordered_map<std::string_view, const EmbeddedFile*> files_;
};

// The client would rather have a page than JSON: a browser's address bar, not its fetch().
bool prefers_html(std::string_view accept);

}  // namespace tuition::http

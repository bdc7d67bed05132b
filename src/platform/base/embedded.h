#pragma once

#include <string_view>

namespace tuition {

// A file of the web app as it is packed into the binary; everything points into read-only memory.
struct EmbeddedFile {
  std::string_view path;  // as in the URL: "/index.html"
  std::string_view mime;  // the whole Content-Type
  std::string_view etag;  // strong, with its quotes
  std::string_view bytes;
  std::string_view gzip;  // empty where it would not be smaller
  bool immutable;         // the name changes with the content
};

// A text the program reads: a migration, a mail template, a demo lesson.
struct EmbeddedText {
  std::string_view path;  // relative to the folder that was packed: "0001_jobs.sql"
  std::string_view bytes;
};

}  // namespace tuition

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/base/embedded.h"
#include "platform/base/fields.h"
#include "platform/base/fields_json.h"

namespace tuition::outreach {

// The words of every message. A kind has <kind>.txt (first line "Subject: ...", then the text) and <kind>.html (what
// goes into layout.html). The language is Mustache without code: {{field}} is escaped in HTML and plain in text,
// {{#field}}...{{/field}} stands when the field is neither empty nor absent, {{^field}} when it is.
struct Rendered {
  std::string subject{};
  std::string text{};
  std::string html{};
};

class Templates {
 public:
  // The files' bytes must outlive this. Throws Bug when a message of the catalogue lacks a file or one does not parse.
  explicit Templates(std::span<const EmbeddedText> files);

  // `fields` are those of the shape; beside them a template may use site and base (the site's name and address). Days
  // are written out: 20 November 2026. Safe from any thread.
  Rendered render(std::string_view kind, const Shape& shape, const JsonNode& fields, std::string_view site,
                  std::string_view base) const;

 private:
  std::string_view file(std::string_view kind, std::string_view ending) const;
  std::span<const EmbeddedText> files_;
};

}  // namespace tuition::outreach

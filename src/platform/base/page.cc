#include "platform/base/page.h"

#include "platform/base/text.h"

namespace tuition {

Error no_such_place() { return invalid_field("cursor", "is no place in this list: begin again without it"); }

std::string cursor_behind(std::string_view order, std::string_view id, std::string_view key) {
  return to_base64url(std::string(order) + " " + std::string(id) + " " + std::string(key));
}

Result<PagePlace> place_of(std::string_view cursor, std::string_view order) {
  const auto text = from_base64url(cursor);
  const auto head = std::string(order) + " ";
  if (!text || !is_utf8(*text) || !text->starts_with(head)) return no_such_place();
  const auto end = text->find(' ', head.size());
  if (end == std::string::npos || end == head.size()) return no_such_place();
  return PagePlace{text->substr(head.size(), end - head.size()), text->substr(end + 1)};
}

}  // namespace tuition

#include "platform/base/fields.h"

#include <utility>

namespace tuition {

TypeInfo or_null(TypeInfo type) {
  type.nullable = true;
  return type;
}

TypeInfo list_of(TypeInfo item) {
  TypeInfo list;
  list.sort = TypeInfo::Sort::list;
  list.item.push_back(std::move(item));
  return list;
}

void Shape::add(std::string_view field, std::string_view sentence, const Bounds& bounds, TypeInfo type, bool required) {
  if (bounds.format != Format::none) type.format = bounds.format;
  fields.push_back({field, sentence, bounds, std::move(type), required});
}

}  // namespace tuition

#pragma once

// The one place that pulls in the general JSON library, for documents whose shape no field table can state (the
// sandbox's objects, the OpenAPI document). Include it from .cc files only: it costs seconds per file.

#include <nlohmann/json.hpp>

namespace tuition {
using Json = nlohmann::ordered_json;
}  // namespace tuition

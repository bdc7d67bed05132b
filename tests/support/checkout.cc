#include "support/checkout.h"

namespace tuition::tests {

std::filesystem::path checkout() { return TUITION_SOURCE_DIR; }

}  // namespace tuition::tests

#pragma once

#include <cstdint>

#include "platform/storage/database.h"

// Read-only numbers.
namespace tuition::catalogue {

struct Counts {
  std::int64_t courses = 0;  // published
  std::int64_t lessons = 0;  // in them
};
Counts counts(ReadTx& tx);

}  // namespace tuition::catalogue

#pragma once

#include <string>

#include "platform/storage/fault.h"

namespace tuition::storage::sqlite {

// Throws what an SQLite error means to us: ConstraintViolation, Fault, or Bug for a statement that is wrong in itself.
// `code` is the extended result code, `system_error` the errno behind an I/O error (0 when there is none).
[[noreturn]] void raise(int code, int system_error, const std::string& message);

}  // namespace tuition::storage::sqlite

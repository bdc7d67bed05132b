#include "platform/storage/sqlite/errors.h"

#include <sqlite3.h>

#include <cerrno>

#include "platform/base/check.h"
#include "platform/storage/database.h"

namespace tuition::storage::sqlite {
namespace {

ConstraintViolation::Sort sort_of_constraint(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return ConstraintViolation::Sort::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return ConstraintViolation::Sort::foreign_key;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_DATATYPE: return ConstraintViolation::Sort::check;
    default: return ConstraintViolation::Sort::other;
  }
}

// A quota, a size limit or a remount is room that is missing, like a full disk: nothing is damaged, and it may come
// back.
bool is_lack_of_room(int system_error) {
  return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG || system_error == EROFS;
}

}  // namespace

void raise(int code, int system_error, const std::string& message) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: throw ConstraintViolation(sort_of_constraint(code), message);
    case SQLITE_BUSY:
    case SQLITE_NOMEM:
    case SQLITE_LOCKED: throw Fault(Fault::Sort::busy, message);
    case SQLITE_INTERRUPT: throw Fault(Fault::Sort::busy, "a read took too long and was ended");
    case SQLITE_FULL: throw Fault(Fault::Sort::disk_full, message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: throw Fault(Fault::Sort::corrupt, message);
    case SQLITE_IOERR:
      if (code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC && is_lack_of_room(system_error)) {
        throw Fault(Fault::Sort::disk_full, message);
      }
      throw Fault(Fault::Sort::io, message);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL: throw Fault(Fault::Sort::io, message);
    default: throw Bug(message);
  }
}

}  // namespace tuition::storage::sqlite

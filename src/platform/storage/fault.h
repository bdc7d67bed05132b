#pragma once

#include <stdexcept>
#include <string>

namespace tuition {

// The machine under us is broken or full. Thrown, logged once at the edge, answered 503 (507 when the disk is full);
// never used for anything a person did.
class Fault : public std::runtime_error {
 public:
  enum class Sort { busy, disk_full, io, corrupt, stopped };
  Fault(Sort sort, const std::string& what) : std::runtime_error(what), sort_(sort) {}
  Sort sort() const { return sort_; }

 private:
  Sort sort_;
};

}  // namespace tuition

#pragma once

namespace tuition {

// A statement's text. Can only be made from a literal: a string put together at run time does not compile. Parameters
// are numbered (?1, ?2); keywords upper case; columns listed.
class Sql {
 public:
  consteval Sql(const char* literal) : text_(literal) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

}  // namespace tuition

#pragma once

#include <cstddef>

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

// Literals that several statements share, joined while compiling: sql<people, "ORDER BY u.email">().
template <std::size_t N>
struct SqlText {
  char text[N]{};
  consteval SqlText(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
};

namespace storage {

template <std::size_t N>
struct JoinedText {
  char text[N]{};
};

template <SqlText... parts>
consteval auto join() {
  JoinedText<(sizeof(parts.text) + ...)> out;
  std::size_t at = 0;
  const auto add = [&](const auto& part) {
    if (at > 0) out.text[at++] = ' ';
    for (std::size_t i = 0; i + 1 < sizeof(part.text); ++i) out.text[at++] = part.text[i];
  };
  (add(parts), ...);
  return out;
}

template <SqlText... parts>
inline constexpr auto joined = join<parts...>();

}  // namespace storage

template <SqlText... parts>
consteval Sql sql() {
  return Sql(storage::joined<parts...>.text);
}

}  // namespace tuition

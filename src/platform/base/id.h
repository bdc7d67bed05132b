#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tuition {

class Clock;
class Entropy;

// An identifier that cannot be mixed up with another kind's: UUIDv7 text (RFC 9562), lower case. An empty id means
// "none yet" and is never stored.
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;

// A new UUIDv7: 48 bits of the clock's milliseconds, the rest random. Safe from any thread.
std::string new_uuid(const Clock& clock, Entropy& entropy);

// True for the canonical 36-character form of any UUID, either case.
bool is_uuid(std::string_view text);

template <class Tag>
Id<Tag> new_id(const Clock& clock, Entropy& entropy) {
  return Id<Tag>(new_uuid(clock, entropy));
}

}  // namespace tuition

template <class Tag>
struct std::hash<tuition::Id<Tag>> {
  std::size_t operator()(const tuition::Id<Tag>& id) const { return std::hash<std::string>{}(id.text()); }
};

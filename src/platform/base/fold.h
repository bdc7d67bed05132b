#pragma once

#include <string>
#include <string_view>

namespace tuition {

// Text as people look for it: without case, accents and compatibility forms, so that "müller", "MÜLLER" and "Muller"
// are one, and "Österberg" sorts beside "Osterberg". Letters of their own that have no accent to take off become what
// those write who lack them on the keyboard: ø o, ł l, ß ss, æ ae. Never empty unless the text is, or is accents alone.
// Not UTF-8: only ASCII letters are changed.
std::string folded(std::string_view text);

// Text as it is compared where accents count: without case, and each letter written one way. "ÉTUDE" and "étude" are
// one, "etude" is another. Not UTF-8: only ASCII letters are changed.
std::string without_case(std::string_view text);

}  // namespace tuition

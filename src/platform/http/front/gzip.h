#pragma once

#include <string>
#include <string_view>

namespace tuition::http {

// Fast rather than small.
std::string gzip(std::string_view bytes);
// What we packed ourselves; a Bug where it is anything else.
std::string gunzip(std::string_view packed);
// An Accept-Encoding that takes gzip.
bool accepts_gzip(std::string_view accept_encoding);
// Text that shrinks, by its Content-Type.
bool is_compressible(std::string_view content_type);

}  // namespace tuition::http

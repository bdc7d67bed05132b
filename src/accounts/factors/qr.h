#pragma once

#include <string>
#include <string_view>

namespace tuition::accounts {

// The text as a QR code: an SVG image without style or script, dark on light, with the margin that scanners want.
std::string qr_svg(std::string_view text);

}  // namespace tuition::accounts

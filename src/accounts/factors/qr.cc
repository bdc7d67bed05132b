#include "accounts/factors/qr.h"

#include <qrcodegen/qrcodegen.hpp>

namespace tuition::accounts {

std::string qr_svg(std::string_view text) {
  constexpr int margin = 4;
  const auto code = qrcodegen::QrCode::encodeText(std::string(text).c_str(), qrcodegen::QrCode::Ecc::MEDIUM);
  const auto side = std::to_string(code.getSize() + 2 * margin);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + "v" + side +
                    "H0z\"/><path fill=\"#000\" d=\"";
  for (int y = 0; y < code.getSize(); ++y) {
    for (int x = 0; x < code.getSize(); ++x) {
      if (!code.getModule(x, y)) continue;
      int run = 1;
      while (code.getModule(x + run, y)) ++run;  // outside it is light
      const auto width = std::to_string(run);
      svg += "M" + std::to_string(x + margin) + " " + std::to_string(y + margin) + "h" + width + "v1h-" + width + "z";
      x += run;
    }
  }
  return svg + "\"/></svg>";
}

}  // namespace tuition::accounts

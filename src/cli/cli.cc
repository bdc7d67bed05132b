#include "cli/cli.h"

#include <iostream>
#include <string_view>

#include "app/version.h"

namespace tuition::cli {

int run(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "version") {
    std::cout << "tuition " << app::version << " (" << app::commit << ", " << app::build_date << ")\n";
    return 0;
  }
  std::cerr << "usage: tuition version\n";
  return 2;
}

}  // namespace tuition::cli

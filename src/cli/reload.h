#pragma once

#include "cli/command_line.h"
#include "cli/server.h"

namespace tuition::cli {

// Reads the settings again for a server that runs, and gives its parts those that may change meanwhile. Where anything
// is wrong, everything stays as it was. One line in the log says what came of it. `loaded` is what was taken last.
void reload(CommandLine& line, config::Loaded& loaded, Server& server);

}  // namespace tuition::cli

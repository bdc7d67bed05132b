#pragma once

namespace tuition::cli {

// Runs the verb that argv names and returns the exit code: 0 done, 2 the command line is wrong.
int run(int argc, char** argv);

}  // namespace tuition::cli

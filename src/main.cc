#include "cli/cli.h"

int main(int argc, char** argv) { return tuition::cli::run(argc, argv); }

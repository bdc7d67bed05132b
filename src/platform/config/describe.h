#pragma once

#include <string>

#include "platform/config/load.h"

namespace tuition::config {

// The option table as people meet it. Secrets are never printed, only whether they are set.

std::string help_text(const Options& options);           // flags with sentence and default
std::string sample_file(const Options& options);         // a whole tuition.toml, everything commented out
std::string reference_markdown(const Options& options);  // golden: a change of options is a change of this document

// Every value with where it comes from, as lines of a configuration file or as JSON.
std::string show(const Loaded& loaded);
std::string show_json(const Loaded& loaded);

}  // namespace tuition::config

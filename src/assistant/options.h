#pragma once

#include <string>

#include "platform/base/secret.h"
#include "platform/config/option.h"

namespace tuition::assistant {

// The language model an operator names: any server that speaks OpenAI's protocol, one on the same machine included.
struct AssistantOptions {
  Secret key{};                                        // empty: there is none
  std::string base_url = "https://api.openai.com/v1";  // without a slash at the end
};

// The rows an operator may set; they store into `settings`, which must outlive them.
config::Options option_table(AssistantOptions& settings);

}  // namespace tuition::assistant

#include "assistant/options.h"

#include <algorithm>

#include "platform/base/text.h"
#include "platform/config/forms.h"

namespace tuition::assistant {

config::Options option_table(AssistantOptions& settings) {
  using config::Sort;
  return {
      {.name = "openai.api_key",
       .sort = Sort::secret,
       .fallback = "",
       .sentence = "The key of the language model's provider (sk-..., or what another server takes).",
       .set = [&settings](const std::string& text) -> std::string {
         const auto key = trim(text);
         // It travels in a header.
         if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
           return "must be one word, without spaces";
         settings.key = Secret(std::string(key));
         return {};
       },
       .env_alias = "OPENAI_API_KEY"},
      {.name = "openai.base_url",
       .sort = Sort::text,
       .fallback = "https://api.openai.com/v1",
       .sentence = "Where the language model is called, up to and with /v1: OpenAI, or any server that speaks its "
                   "protocol, such as http://127.0.0.1:11434/v1.",
       .set = config::into_web_address(settings.base_url),
       .env_alias = "OPENAI_BASE_URL"},
  };
}

}  // namespace tuition::assistant

#include "platform/config/describe.h"

#include <algorithm>

#include "platform/base/fields_json.h"
#include "platform/config/file.h"

namespace tuition::config {
namespace {

// A name without a dot stands before the first section.
std::string_view section_of(const Option& option) {
  const auto dot = option.name.find('.');
  return dot == std::string_view::npos ? std::string_view() : option.name.substr(0, dot);
}

std::string_view word_for(Sort sort) {
  switch (sort) {
    case Sort::text: return "text";
    case Sort::integer: return "number";
    case Sort::boolean: return "true or false";
    case Sort::choice: return "choice";
    case Sort::list: return "list";
    case Sort::secret: return "secret";
    case Sort::path: return "path";
    case Sort::duration_s: return "duration";
    case Sort::bytes: return "size";
  }
  return {};
}

std::string choices_of(const Option& option) {
  std::string out;
  for (const auto each : option.choices) out += (out.empty() ? "" : ", ") + std::string(each);
  return out;
}

std::string file_value(const Option& option, std::string_view text) {
  const bool bare = !text.empty() && ((option.sort == Sort::boolean && (text == "true" || text == "false")) ||
                                      (option.sort != Sort::text && option.sort != Sort::path &&
                                       text.find_first_not_of("0123456789") == std::string_view::npos));
  return bare ? std::string(text) : quote_for_file(text);
}

std::string place_of(const Origin& origin) {
  switch (origin.source) {
    case Source::fallback: return "default";
    case Source::dev_fallback: return "default of dev";
    case Source::system_file:
    case Source::file: return origin.place;
    case Source::credential: return "credential " + origin.place;
    case Source::environment: return "environment " + origin.place;
    case Source::flag: return "flag " + origin.place;
  }
  return {};
}

std::string shown(const Value& value) {
  if (value.option->sort != Sort::secret) return value.text;
  return value.text.empty() ? "" : "***";
}

// In a table of Markdown a bar would end the cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char each : text) {
    if (each == '|') out += '\\';
    out += each;
  }
  return out;
}
std::string code_cell(std::string_view text) { return text.empty() ? std::string() : "`" + cell(text) + "`"; }

}  // namespace

std::string help_text(const Options& options) {
  std::size_t width = 0;
  for (const Option& option : options) width = std::max(width, flag_name(option).size());
  std::string out;
  std::string_view section;
  for (const Option& option : options) {
    if (section_of(option) != section) {
      section = section_of(option);
      out += (out.empty() ? "" : "\n") + std::string(section) + ":\n";
    }
    const std::string flag = flag_name(option);
    out += "  " + flag + std::string(width - flag.size() + 2, ' ') + std::string(option.sentence);
    if (!option.choices.empty()) out += " One of " + choices_of(option) + ".";
    if (!option.fallback.empty() && option.sort != Sort::secret) out += " [" + std::string(option.fallback) + "]";
    out += '\n';
  }
  return out;
}

std::string sample_file(const Options& options) {
  std::string out =
      "# Settings of tuition. Every line below shows a default; remove the # to change one.\n"
      "# A flag wins over an environment variable, and that over this file.\n";
  std::string_view section;
  for (const Option& option : options) {
    if (section_of(option) != section) {
      section = section_of(option);
      out += "\n[" + std::string(section) + "]\n";
    }
    out += "\n# " + std::string(option.sentence) + "\n";
    if (!option.choices.empty()) out += "# One of " + choices_of(option) + ".\n";
    if (option.reloadable) out += "# Read again on SIGHUP.\n";
    if (option.sort == Sort::secret) out += "# Better kept outside this file: " + environment_name(option) + "_FILE.\n";
    const auto name = section.empty() ? option.name : option.name.substr(section.size() + 1);
    out += "#" + std::string(name) + " = " + file_value(option, option.fallback) + "\n";
  }
  return out;
}

std::string reference_markdown(const Options& options) {
  std::string out =
      "# Settings\n\n"
      "A flag wins over the environment, that over systemd credentials, those over the file named by `--config`, that\n"
      "over `/etc/tuition/tuition.toml`, and that over the default. A secret is also read from the file that its\n"
      "variable with `_FILE` added names.\n";
  std::string_view section = ".";
  for (const Option& option : options) {
    if (section_of(option) != section) {
      section = section_of(option);
      out += "\n## " + std::string(section.empty() ? "Above all sections" : section) +
             "\n\n| Name | Flag | Environment | Sort | Default | Meaning |\n|---|---|---|---|---|---|\n";
    }
    std::string variables = code_cell(environment_name(option));
    if (!option.env_alias.empty()) variables += ", " + code_cell(option.env_alias);
    std::string fallback = code_cell(option.fallback);
    if (!option.dev_fallback.empty())
      fallback += (fallback.empty() ? "" : ", ") + ("in dev " + code_cell(option.dev_fallback));
    std::string sort(word_for(option.sort));
    if (!option.choices.empty()) sort += ": " + choices_of(option);
    out += "| " + code_cell(option.name) + " | " + code_cell(flag_name(option)) + " | " + variables + " | " +
           cell(sort) + " | " + fallback + " | " + cell(option.sentence) +
           (option.reloadable ? " Read again on SIGHUP." : "") + " |\n";
  }
  return out;
}

std::string show(const Loaded& loaded) {
  std::vector<std::string> left;
  std::size_t width = 0;
  for (const Value& value : loaded.values) {
    left.push_back(std::string(value.option->name) + " = " + file_value(*value.option, shown(value)));
    if (left.back().size() <= 60) width = std::max(width, left.back().size());
  }
  std::string out;
  for (std::size_t i = 0; i < left.size(); ++i) {
    left[i].resize(std::max(left[i].size(), width), ' ');
    out += left[i] + "  # " + place_of(loaded.values[i].origin);
    if (loaded.values[i].option->reloadable) out += "; read again on SIGHUP";
    out += '\n';
  }
  return out;
}

std::string show_json(const Loaded& loaded) {
  std::string out = "[";
  for (const Value& value : loaded.values) {
    if (out.size() > 1) out += ',';
    out += R"({"name":)";
    append_json_text(out, value.option->name);
    out += R"(,"value":)";
    append_json_text(out, shown(value));
    out += R"(,"origin":)";
    append_json_text(out, place_of(value.origin));
    out += value.option->reloadable ? ",\"reloadable\":true}" : ",\"reloadable\":false}";
  }
  return out + "]";
}

}  // namespace tuition::config

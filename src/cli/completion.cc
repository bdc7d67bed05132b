#include <algorithm>
#include <iostream>
#include <set>

#include "cli/command_line.h"
#include "cli/verbs.h"

namespace tuition::cli {

// Words are completed from the command table; flags are asked of the verb's own help, so that they are never stale.
int completion(const Invocation& call) {
  CommandLine line(call);
  if (const auto code = line.parse()) return *code;

  std::set<std::string> first;
  std::set<std::string> groups;
  std::string cases;
  for (const Verb& verb : verbs()) first.insert(std::string(verb.name.substr(0, verb.name.find(' '))));
  for (const std::string& group : first) {
    std::string second;
    for (const Verb& verb : verbs()) {
      if (verb.name.starts_with(group + " "))
        second += (second.empty() ? "" : " ") + std::string(verb.name.substr(group.size() + 1));
    }
    if (!second.empty()) cases += "    " + group + ") second='" + second + "' ;;\n";
  }
  std::string names;
  for (const std::string& name : first) names += (names.empty() ? "" : " ") + name;

  std::cout << "# Completions of tuition for bash.\n"
               "_tuition() {\n"
               "  local word=${COMP_WORDS[COMP_CWORD]} second='' verb\n"
               "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
               "    COMPREPLY=($(compgen -W '"
            << names
            << "' -- \"$word\"))\n"
               "    return\n"
               "  fi\n"
               "  verb=(\"${COMP_WORDS[1]}\")\n"
               "  case ${verb[0]} in\n"
            << cases
            << "  esac\n"
               "  if [ -n \"$second\" ]; then\n"
               "    if [ \"$COMP_CWORD\" -eq 2 ]; then\n"
               "      COMPREPLY=($(compgen -W \"$second\" -- \"$word\"))\n"
               "      return\n"
               "    fi\n"
               "    verb+=(\"${COMP_WORDS[2]}\")\n"
               "  fi\n"
               "  case $word in\n"
               "    -*) COMPREPLY=($(compgen -W \"$(\"${COMP_WORDS[0]}\" \"${verb[@]}\" --help 2>/dev/null |\n"
               "          grep -oE -e '--[a-z][a-z0-9-]*')\" -- \"$word\")) ;;\n"
               "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
               "  esac\n"
               "}\n"
               "complete -F _tuition tuition\n";
  return exit_code::done;
}

}  // namespace tuition::cli

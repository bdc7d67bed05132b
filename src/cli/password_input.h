#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/base/entropy.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"

namespace tuition::cli {

enum class PasswordFrom {
  terminal,  // asked for twice without showing it; from standard input when that is no terminal
  input,     // the first line of standard input
  chance,    // made here
};

// Why there is none: a sentence; or that Ctrl-C was pressed.
struct NoPassword {
  bool interrupted = false;
  std::string why{};
};

struct PasswordRead {
  std::optional<Secret> password{};
  NoPassword missing{};
};

PasswordRead read_password(PasswordFrom from, Entropy& entropy);

// 100 random bits in groups that can be read aloud.
Secret make_password(Entropy& entropy);

}  // namespace tuition::cli

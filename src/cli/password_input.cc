#include "cli/password_input.h"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <iostream>

namespace tuition::cli {
namespace {

// No echo, and Ctrl-C comes as a byte: a signal would leave the terminal mute.
class Muted {
 public:
  Muted() : changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG | ICANON);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Muted() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Muted(const Muted&) = delete;
  Muted& operator=(const Muted&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

// A line from the terminal, byte by byte. Null on Ctrl-C.
std::optional<std::string> ask(std::string_view prompt) {
  std::cerr << prompt << std::flush;
  const Muted muted;
  std::string line;
  for (;;) {
    char byte = 0;
    const auto n = ::read(STDIN_FILENO, &byte, 1);
    if (n <= 0 || byte == '\n' || byte == '\r') break;
    if (byte == 3) {
      std::cerr << '\n';
      return std::nullopt;
    }
    const bool erase = byte == 127 || byte == 8;
    if (!erase) {
      line += byte;
      continue;
    }
    // The last character, which may be several bytes.
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
    if (!line.empty()) line.pop_back();
  }
  std::cerr << '\n';
  return line;
}

}  // namespace

PasswordRead read_password(PasswordFrom from, Entropy& entropy) {
  PasswordRead read;
  if (from == PasswordFrom::chance) {
    read.password = make_password(entropy);
    return read;
  }
  if (from == PasswordFrom::input || ::isatty(STDIN_FILENO) == 0) {
    std::string line;
    if (!std::getline(std::cin, line) || line.empty()) {
      read.missing.why = "no password came on standard input; --generate makes one";
    } else {
      if (line.ends_with('\r')) line.pop_back();
      read.password = Secret(std::move(line));
    }
    return read;
  }
  const auto first = ask("Password: ");
  const auto second = first ? ask("Again: ") : std::nullopt;
  if (!first || !second) {
    read.missing.interrupted = true;
  } else if (*first != *second) {
    read.missing.why = "the two passwords differ";
  } else {
    read.password = Secret(*first);
  }
  return read;
}

Secret make_password(Entropy& entropy) {
  // 32 letters and digits, none of which looks like another: five bits each.
  constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789A";
  static_assert(alphabet.size() == 32);
  std::array<std::uint8_t, 20> bytes{};
  entropy.fill(bytes);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % 5 == 0) text += '-';
    text += alphabet[bytes[i] % alphabet.size()];
  }
  return Secret(std::move(text));
}

}  // namespace tuition::cli

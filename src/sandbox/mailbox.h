#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/base/result.h"
#include "platform/base/time.h"
#include "sandbox/letter.h"

namespace tuition::sandbox {

// A mail server on loopback that takes everything and sends nothing on. One thread, plain text (RFC 5321 with SIZE,
// 8BITMIME, SMTPUTF8 and PIPELINING). Keeps the newest mails in memory, and in a folder when it is given one: a mail
// that was acknowledged is there after a crash. Safe from any thread.
//
// A recipient whose local part is a reply code of 4xx or 5xx ("550@example.org") is answered with that code.
class Mailbox {
 public:
  Mailbox(const Clock& clock, Entropy& entropy, std::size_t letters_max = 500, std::filesystem::path folder = {});
  ~Mailbox();  // stops

  Result<void> start(const std::string& listen);  // "127.0.0.1:0"
  void stop();
  int port() const;

  std::vector<Letter> list() const;  // newest first
  std::optional<Letter> get(const std::string& id) const;
  void clear();
  // The newest letter to this address, when it comes within `patience`.
  std::optional<Letter> wait_for(const std::string& address, Duration patience) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tuition::sandbox

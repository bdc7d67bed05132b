#pragma once

#include <string>
#include <utility>

namespace tuition::storage {

// Statements whose text is no literal: a migration. Only migrate.cc can make one.
class Script {
 public:
  const std::string& text() const { return text_; }

 private:
  friend struct ScriptMaker;
  explicit Script(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace tuition::storage

#include "platform/config/file.h"

#include <algorithm>
#include <optional>

#include "platform/base/text.h"

// Written by hand, although CLI11 has a reader: that one cuts a value at '#' even inside quotes (which shortens
// passwords silently), splits it at spaces, and knows no line numbers.

namespace tuition::config {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

void append_code_point(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<std::uint8_t>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  FileContents run() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    while (!at_end()) {
      const int line = line_;
      if (!statement()) {
        contents_.problems.push_back({line, complaint_.empty() ? "cannot be read" : complaint_});
        complaint_.clear();
        while (!at_end() && peek() != '\n') ++at_;
      }
      if (!at_end()) take();
    }
    return std::move(contents_);
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  char take() {
    if (peek() == '\n') ++line_;
    return text_[at_++];
  }
  bool fail(std::string why) {
    if (complaint_.empty()) complaint_ = std::move(why);
    return false;
  }

  void skip_spaces() {
    while (peek() == ' ' || peek() == '\t' || (peek() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n'))
      ++at_;
  }
  // A comment reaches to the end of its line.
  void skip_comment() {
    if (peek() == '#')
      while (!at_end() && peek() != '\n') ++at_;
  }
  void skip_lines() {
    for (;;) {
      skip_spaces();
      skip_comment();
      if (peek() != '\n') return;
      take();
    }
  }

  bool statement() {
    skip_spaces();
    if (peek() == '[') return section();
    if (peek() != '#' && peek() != '\n' && !at_end() && !assignment()) return false;
    skip_spaces();
    skip_comment();
    return at_end() || peek() == '\n' || fail("has something after the value");
  }

  bool section() {
    take();
    if (peek() == '[') return fail("arrays of tables are not used here");
    std::string name;
    if (!dotted(name)) return false;
    if (peek() != ']') return fail("a [section] must end with ]");
    take();
    section_ = name + ".";
    skip_spaces();
    skip_comment();
    return at_end() || peek() == '\n' || fail("has something after the [section]");
  }

  bool dotted(std::string& name) {
    for (;;) {
      skip_spaces();
      const auto begin = at_;
      while (is_name(peek())) ++at_;
      if (at_ == begin) return fail("must begin with a name such as http.port");
      name += text_.substr(begin, at_ - begin);
      skip_spaces();
      if (peek() != '.') return true;
      take();
      name += '.';
    }
  }

  bool assignment() {
    FileEntry entry;
    entry.line = line_;
    std::string name;
    if (!dotted(name)) return false;
    entry.name = section_ + name;
    if (peek() != '=') return fail("needs = between name and value");
    take();
    skip_spaces();
    if (!value(entry.text)) return false;
    const auto same = [&](const FileEntry& each) { return each.name == entry.name; };
    const auto before = std::find_if(contents_.entries.begin(), contents_.entries.end(), same);
    if (before != contents_.entries.end())
      return fail(entry.name + " is set twice; the first time in line " + std::to_string(before->line));
    contents_.entries.push_back(std::move(entry));
    return true;
  }

  bool value(std::string& out) {
    if (peek() == '[') return array(out);
    if (peek() == '"') return basic_string(out);
    if (peek() == '\'') return literal_string(out);
    return bare(out);
  }

  bool bare(std::string& out) {
    const auto begin = at_;
    while (is_name(peek()) || peek() == '+') ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "true" || word == "false") {
      out = word;
      return true;
    }
    std::string digits(word);
    std::erase(digits, '_');
    if (digits.starts_with('+')) digits.erase(0, 1);
    const bool ends = at_end() || std::string_view(" \t\r\n,]#").find(peek()) != std::string_view::npos;
    if (!ends || !parse_integer(digits)) return fail("text values need quotes: name = \"value\"");
    out = digits;
    return true;
  }

  bool literal_string(std::string& out) {
    take();
    const auto begin = at_;
    while (!at_end() && peek() != '\'' && peek() != '\n') ++at_;
    if (peek() != '\'') return fail("a quoted value must end on its line");
    out = text_.substr(begin, at_ - begin);
    take();
    return true;
  }

  bool basic_string(std::string& out) {
    take();
    while (peek() != '"') {
      if (at_end() || peek() == '\n') return fail("a quoted value must end on its line");
      const char each = take();
      if (each != '\\') {
        out += each;
      } else if (!escape(out)) {
        return fail("has an unknown \\ escape; use '...' for text with backslashes");
      }
    }
    take();
    return true;
  }

  bool escape(std::string& out) {
    if (at_end() || peek() == '\n') return false;
    const char kind = take();
    constexpr std::string_view from = "btnfr\"\\";
    constexpr std::string_view to = "\b\t\n\f\r\"\\";
    if (const auto found = from.find(kind); found != std::string_view::npos) {
      out += to[found];
      return true;
    }
    if (kind != 'u' && kind != 'U') return false;
    std::uint32_t code = 0;
    for (int left = kind == 'u' ? 4 : 8; left > 0; --left) {
      constexpr std::string_view hex = "0123456789abcdef";
      const char digit = at_end() ? '\0' : text_[at_];
      const auto found = hex.find(static_cast<char>(digit >= 'A' && digit <= 'F' ? digit + 32 : digit));
      if (digit == '\0' || found == std::string_view::npos) return false;
      code = code << 4 | static_cast<std::uint32_t>(found);
      ++at_;
    }
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    append_code_point(out, code);
    return true;
  }

  bool array(std::string& out) {
    take();
    bool first = true;
    for (;;) {
      skip_lines();
      if (peek() == ']') break;
      std::string item;
      if (peek() == '[' || !value(item)) return fail("an array holds plain values: [\"a\", \"b\"]");
      if (item.find(',') != std::string::npos) return fail("a value of an array may not hold a comma");
      if (!first) out += ',';
      first = false;
      out += item;
      skip_lines();
      if (peek() == ',') {
        take();
      } else if (peek() != ']') {
        return fail("an array must end with ]");
      }
    }
    take();
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string section_;
  std::string complaint_;
  FileContents contents_;
};

}  // namespace

FileContents read_file_text(std::string_view text) { return Reader(text).run(); }

std::string quote_for_file(std::string_view text) {
  std::string out = "\"";
  for (const char each : text) {
    switch (each) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += each;
    }
  }
  return out + "\"";
}

}  // namespace tuition::config

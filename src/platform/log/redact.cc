#include "platform/log/redact.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "platform/base/text.h"

namespace tuition::log {
namespace {

constexpr std::string_view hidden = "***";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool is_credential(char c) { return is_word(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '='; }
bool is_address(char c) { return is_word(c) || c == '.' || c == '+' || c == '%' || c == '\'' || (c & '\x80') != 0; }

// Names whose values are secrets however they look.
bool hides_everything(std::string_view name) {
  constexpr std::array<std::string_view, 12> whole{"authorization", "cookie", "set-cookie",   "set_cookie",
                                                   "password",      "passwd", "secret",       "token",
                                                   "api_key",       "apikey", "access_token", "refresh_token"};
  const std::string lower = to_lower_ascii(name);
  return std::find(whole.begin(), whole.end(), lower) != whole.end() || lower.ends_with("_secret") ||
         lower.ends_with("_password") || lower.ends_with("_token");
}

// A scan from left to right; `at` is where a shape may begin, and only at the beginning of a word.
class Redactor {
 public:
  explicit Redactor(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      const bool word_begins = at_ == 0 || !is_word(text_[at_ - 1]);
      if (word_begins && (key() || credentials() || web_token() || parameter())) continue;
      if (text_[at_] == '@' && (address() || url_password())) continue;
      out_ += text_[at_++];
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  void hide(std::size_t keep, std::size_t length) {
    out_ += rest().substr(0, keep);
    out_ += hidden;
    at_ += keep + length;
  }

  template <class Belongs>
  std::size_t run_of(std::size_t from, Belongs belongs) const {
    std::size_t end = at_ + from;
    while (end < text_.size() && belongs(text_[end])) ++end;
    return end - at_ - from;
  }

  bool key() {
    constexpr std::array<std::string_view, 8> prefixes{"sk_", "rk_", "pk_", "whsec_", "tuk_", "SG.", "sk-", "xkeysib-"};
    for (const auto prefix : prefixes) {
      if (!rest().starts_with(prefix)) continue;
      const auto length = run_of(prefix.size(), is_credential);
      if (length < 8) continue;
      hide(prefix.size(), length);
      return true;
    }
    return false;
  }

  bool credentials() {
    constexpr std::array<std::string_view, 2> schemes{"bearer ", "basic "};
    for (const auto scheme : schemes) {
      if (!equals_ignoring_case(rest().substr(0, scheme.size()), scheme)) continue;
      const auto length = run_of(scheme.size(), is_credential);
      if (length < 8) continue;
      hide(scheme.size(), length);
      return true;
    }
    return false;
  }

  bool web_token() {
    if (!rest().starts_with("eyJ")) return false;
    const auto length = run_of(0, is_credential);
    if (std::count(rest().begin(), rest().begin() + static_cast<std::ptrdiff_t>(length), '.') < 2) return false;
    hide(0, length);
    return true;
  }

  // In a query: ?token=..., &code=...
  bool parameter() {
    if (at_ == 0 || (text_[at_ - 1] != '?' && text_[at_ - 1] != '&')) return false;
    constexpr std::array<std::string_view, 7> names{
        "token=", "code=", "signature=", "sig=", "key=", "secret=", "password="};
    for (const auto name : names) {
      if (!rest().starts_with(name)) continue;
      hide(name.size(), run_of(name.size(), [](char c) { return c != '&' && c != ' ' && c != '"' && c != '#'; }));
      return true;
    }
    return false;
  }

  // someone@example.org: what has been written of the local part is taken back.
  bool address() {
    const auto domain = run_of(1, is_address);
    if (domain < 3 || rest().substr(1, domain).find('.') == std::string_view::npos) return false;
    std::size_t begin = out_.size();
    while (begin > 0 && is_address(out_[begin - 1])) --begin;
    if (begin == out_.size() || (begin > 0 && (out_[begin - 1] == ':' || out_[begin - 1] == '/'))) return false;
    out_.resize(begin);
    out_ += hidden;
    out_ += text_[at_++];
    return true;
  }

  // scheme://user:password@host
  bool url_password() {
    const auto scheme = out_.rfind("://");
    if (scheme == std::string::npos) return false;
    if (out_.find_first_of(" \"<>", scheme) != std::string::npos) return false;
    out_.resize(scheme + 3);
    out_ += hidden;
    out_ += text_[at_++];
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string redact(std::string_view name, std::string_view text) {
  if (hides_everything(name)) return std::string(text.empty() ? "" : hidden);
  return Redactor(text).run();
}

}  // namespace tuition::log

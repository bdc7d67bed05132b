#include "catalogue/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "platform/base/text.h"

// md4c parses and calls back per block, span and piece of text. What is written goes to `out`; a heading is gathered
// apart, because its id is known only at its end.

namespace tuition::catalogue {
namespace {

// Deeper nesting than this is written flat: browsers stop there too, and a page of a hundred thousand block quotes
// helps nobody.
constexpr int depth_max = 64;

void append_escaped(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string_view with;
    switch (text[i]) {
      case '&': with = "&amp;"; break;
      case '<': with = "&lt;"; break;
      case '>': with = "&gt;"; break;
      case '"': with = "&quot;"; break;
      case '\'': with = "&#39;"; break;
      default: continue;
    }
    out.append(text, from, i - from);
    out += with;
    from = i + 1;
  }
  out.append(text, from, text.size() - from);
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3f));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

// &#65; and &#x41; and the few names that HTML itself needs; false for every other name.
bool append_decoded(std::string& out, std::string_view entity) {
  if (entity.starts_with("&#") && entity.size() > 3) {
    auto digits = entity.substr(2, entity.size() - 3);
    int base = 10;
    if (digits.front() == 'x' || digits.front() == 'X') {
      digits.remove_prefix(1);
      base = 16;
    }
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, base);
    append_utf8(out, error == std::errc{} && end == digits.data() + digits.size() ? code : 0xfffd);
    return true;
  }
  if (entity == "&amp;")
    out += '&';
  else if (entity == "&lt;")
    out += '<';
  else if (entity == "&gt;")
    out += '>';
  else if (entity == "&quot;")
    out += '"';
  else if (entity == "&apos;")
    out += '\'';
  else
    return false;
  return true;
}

// An attribute with its entities decoded. A name we do not know stays letter for letter, and is escaped when written:
// the browser must never decode what was not looked at here (&colon;).
std::string decoded(const MD_ATTRIBUTE& attribute) {
  std::string out;
  for (std::size_t i = 0; attribute.size > 0 && attribute.substr_offsets[i] < attribute.size; ++i) {
    const auto from = attribute.substr_offsets[i];
    const std::string_view part(attribute.text + from, attribute.substr_offsets[i + 1] - from);
    if (attribute.substr_types[i] == MD_TEXT_NULLCHAR) {
      append_utf8(out, 0xfffd);
    } else if (attribute.substr_types[i] != MD_TEXT_ENTITY || !append_decoded(out, part)) {
      out += part;
    }
  }
  return out;
}

// Empty unless the address may be linked; otherwise ready for an attribute. What browsers skip when they look for a
// scheme (spaces, controls) is percent-encoded, so it cannot hide one.
std::string safe_address(std::string_view address) {
  const auto stop = address.find_first_of(":/?#");
  if (stop != std::string_view::npos && address[stop] == ':') {
    const auto scheme = to_lower_ascii(address.substr(0, stop));
    if (scheme != "http" && scheme != "https" && scheme != "mailto") return {};
  }
  std::string out;
  out.reserve(address.size() + 8);
  for (const char each : address) {
    const auto c = static_cast<unsigned char>(each);
    if (c <= 0x20 || c >= 0x7f || each == '"' || each == '<' || each == '>' || each == '\\' || each == '`' ||
        each == '{' || each == '}' || each == '|' || each == '^') {
      constexpr std::string_view digits = "0123456789ABCDEF";
      out += '%';
      out += digits[c >> 4];
      out += digits[c & 15];
    } else if (each == '&') {
      out += "&amp;";
    } else if (each == '\'') {
      out += "&#39;";
    } else {
      out += each;
    }
  }
  return out;
}

// "Bars, metre & dots" -> "bars-metre-dots". Letters beyond ASCII stay.
std::string slug_of(std::string_view words) {
  std::string out;
  for (const char each : words.substr(0, 80)) {
    const auto c = static_cast<unsigned char>(each);
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c + 32);
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) {
      out += each;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  while (!out.empty() && !is_utf8(out)) out.pop_back();  // cut within a letter
  return out;
}

struct Renderer {
  Renderer(std::size_t limit, const Addresses& own) : max(limit), addresses(own) {}

  std::string out{};
  std::size_t max;
  const Addresses& addresses;
  std::string heading{};        // the open heading's HTML
  std::string heading_words{};  // and its text
  bool in_heading = false;
  int images = 0;  // inside an image only its words count
  int blocks = 0;  // nesting
  int spans = 0;
  std::vector<bool> link_open{};
  std::unordered_map<std::string, int> ids{};

  std::string address_of(const std::string& written) const {
    if (addresses)
      if (auto own = addresses(written)) return safe_address(*own);
    return safe_address(written);
  }

  std::string& to() { return in_heading ? heading : out; }
  int go_on() const { return out.size() + heading.size() > max ? 1 : 0; }

  bool too_deep(int depth) const { return depth > depth_max; }

  static const char* container(MD_BLOCKTYPE type) {
    switch (type) {
      case MD_BLOCK_QUOTE: return "blockquote";
      case MD_BLOCK_UL: return "ul";
      case MD_BLOCK_OL: return "ol";
      case MD_BLOCK_LI: return "li";
      default: return nullptr;
    }
  }

  void open(std::string_view tag) {
    out += '<';
    out += tag;
    out += '>';
  }
  void close(std::string_view tag, std::string_view after = "\n") {
    out += "</";
    out += tag;
    out += '>';
    out += after;
  }

  void enter(MD_BLOCKTYPE type, void* detail) {
    if (const auto* tag = container(type)) {
      if (too_deep(++blocks)) return;
      if (type == MD_BLOCK_OL && static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start != 1) {
        out += "<ol start=\"" + std::to_string(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start) + "\">\n";
        return;
      }
      open(tag);
      if (type != MD_BLOCK_LI) out += '\n';
      return;
    }
    switch (type) {
      case MD_BLOCK_HR: out += "<hr>\n"; break;
      case MD_BLOCK_H:
        in_heading = true;
        heading.clear();
        heading_words.clear();
        break;
      case MD_BLOCK_CODE: enter_code(*static_cast<MD_BLOCK_CODE_DETAIL*>(detail)); break;
      case MD_BLOCK_P: out += "<p>"; break;
      case MD_BLOCK_TABLE: out += "<table>\n"; break;
      case MD_BLOCK_THEAD: out += "<thead>\n"; break;
      case MD_BLOCK_TBODY: out += "<tbody>\n"; break;
      case MD_BLOCK_TR: out += "<tr>"; break;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD: enter_cell(type, static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align); break;
      default: break;
    }
  }

  void enter_cell(MD_BLOCKTYPE type, MD_ALIGN align) {
    cell_at = out.size();
    out += type == MD_BLOCK_TH ? head_cell : plain_cell;
    if (align == MD_ALIGN_RIGHT) out += " class=\"align-right\"";
    if (align == MD_ALIGN_CENTER) out += " class=\"align-center\"";
    out += '>';
    cell_text_at = out.size();
  }

  // A header without words heads nothing: screen readers would announce it all the same.
  void leave_header() {
    if (out.size() > cell_text_at) {
      close("th", "");
      return;
    }
    out.replace(cell_at, head_cell.size(), plain_cell);
    close("td", "");
  }

  static constexpr std::string_view head_cell = "<th scope=\"col\"";
  static constexpr std::string_view plain_cell = "<td";
  std::size_t cell_at = 0;
  std::size_t cell_text_at = 0;

  bool music = false;
  std::optional<std::size_t> practice_from{};  // where the exercises of a practice lesson would stand
  void enter_code(const MD_BLOCK_CODE_DETAIL& detail) {
    const auto info = detail.fence_char != 0 ? decoded(detail.info) : std::string();
    music = info == "abc";
    practice_from = info == "practice" ? std::optional(out.size()) : std::nullopt;
    if (music) {
      out += "<pre class=\"abc\" data-abc>";
      return;
    }
    out += "<pre><code";
    if (const auto lang = detail.fence_char != 0 ? decoded(detail.lang) : std::string(); !lang.empty()) {
      out += " class=\"language-";
      append_escaped(out, lang);
      out += '"';
    }
    out += '>';
  }

  void leave_code() {
    out += music ? "</pre>\n" : "</code></pre>\n";
    if (practice_from) out.resize(*practice_from);
  }

  void leave(MD_BLOCKTYPE type, void* detail) {
    if (const auto* tag = container(type)) {
      if (!too_deep(blocks--)) close(tag);
      return;
    }
    switch (type) {
      case MD_BLOCK_H: leave_heading(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level); break;
      case MD_BLOCK_CODE: leave_code(); break;
      case MD_BLOCK_P: close("p"); break;
      case MD_BLOCK_TABLE: close("table"); break;
      case MD_BLOCK_THEAD: close("thead"); break;
      case MD_BLOCK_TBODY: close("tbody"); break;
      case MD_BLOCK_TR: close("tr"); break;
      case MD_BLOCK_TH: leave_header(); break;
      case MD_BLOCK_TD: close("td", ""); break;
      default: break;
    }
  }

  void leave_heading(unsigned level) {
    in_heading = false;
    const auto tag = std::string("h") + static_cast<char>('0' + std::clamp(level, 2U, 6U));
    auto id = slug_of(heading_words);
    if (id.empty()) id = "section";
    // A second "Steps" is steps--2: two hyphens, which no slug holds, so it meets no other heading's id.
    if (const auto times = ++ids[id]; times > 1) id += "--" + std::to_string(times);
    out += "<" + tag + " id=\"h-" + id + "\">" + heading + "</" + tag + ">\n";
    heading.clear();
  }

  void enter(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_IMG && images++ == 0) {
      const auto& image = *static_cast<MD_SPAN_IMG_DETAIL*>(detail);
      image_address = address_of(decoded(image.src));
      image_title = decoded(image.title);
      image_words.clear();
      return;
    }
    if (type == MD_SPAN_IMG || images > 0) {
      if (type == MD_SPAN_A) link_open.push_back(false);
      return;
    }
    if (type == MD_SPAN_A) {
      const auto& link = *static_cast<MD_SPAN_A_DETAIL*>(detail);
      auto address = address_of(decoded(link.href));
      link_open.push_back(!address.empty());
      if (address.empty()) return;
      to() += "<a href=\"" + address + '"';
      if (const auto title = decoded(link.title); !title.empty()) {
        to() += " title=\"";
        append_escaped(to(), title);
        to() += '"';
      }
      to() += address.find("://") != std::string::npos ? " rel=\"noopener noreferrer\">" : ">";
      return;
    }
    if (too_deep(++spans)) return;
    if (type == MD_SPAN_EM) to() += "<em>";
    if (type == MD_SPAN_STRONG) to() += "<strong>";
    if (type == MD_SPAN_CODE) to() += "<code>";
  }

  std::string image_address{};
  std::string image_title{};
  std::string image_words{};

  void leave(MD_SPANTYPE type) {
    if (type == MD_SPAN_IMG) {
      if (--images == 0) leave_image();
      return;
    }
    if (type == MD_SPAN_A) {
      if (link_open.back()) to() += "</a>";
      link_open.pop_back();
      return;
    }
    if (images > 0) return;
    if (too_deep(spans--)) return;
    if (type == MD_SPAN_EM) to() += "</em>";
    if (type == MD_SPAN_STRONG) to() += "</strong>";
    if (type == MD_SPAN_CODE) to() += "</code>";
  }

  void leave_image() {
    if (image_address.empty() || image_address.starts_with("mailto:")) {
      append_escaped(to(), image_words);
      return;
    }
    to() += "<img src=\"" + image_address + "\" alt=\"";
    append_escaped(to(), image_words);
    to() += '"';
    if (!image_title.empty()) {
      to() += " title=\"";
      append_escaped(to(), image_title);
      to() += '"';
    }
    to() += " loading=\"lazy\">";
  }

  void text(MD_TEXTTYPE type, std::string_view part) {
    if (images > 0) {
      if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
        image_words += ' ';
      else if (type != MD_TEXT_ENTITY || !append_decoded(image_words, part))
        image_words += part;
      return;
    }
    if (in_heading) heading_words += type == MD_TEXT_ENTITY ? std::string_view(" ") : part;
    switch (type) {
      case MD_TEXT_NULLCHAR: append_utf8(to(), 0xfffd); break;
      case MD_TEXT_BR: to() += "<br>\n"; break;
      case MD_TEXT_SOFTBR: to() += '\n'; break;
      case MD_TEXT_ENTITY:
        // md4c passes only &name; and &#number; here, which are harmless between tags.
        to() += part;
        break;
      default: append_escaped(to(), part);
    }
  }
};

struct Words {
  std::string out{};
};

template <class T>
T& self(void* userdata) {
  return *static_cast<T*>(userdata);
}

}  // namespace

Result<std::string> to_html(std::string_view markdown, std::size_t max) { return to_html(markdown, Addresses{}, max); }

Result<std::string> to_html(std::string_view markdown, const Addresses& addresses, std::size_t max) {
  const Error too_long = unprocessable("This text is too long to be shown.");
  if (markdown.size() > max) return too_long;
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES | MD_FLAG_NOHTML;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    self<Renderer>(user).enter(type, detail);
    return self<Renderer>(user).go_on();
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    self<Renderer>(user).leave(type, detail);
    return self<Renderer>(user).go_on();
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
    self<Renderer>(user).enter(type, detail);
    return self<Renderer>(user).go_on();
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
    self<Renderer>(user).leave(type);
    return self<Renderer>(user).go_on();
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
    self<Renderer>(user).text(type, {text, size});
    return self<Renderer>(user).go_on();
  };
  Renderer renderer(max, addresses);
  // md4c looks for the end of a line with strcspn(), which goes on until there is a zero.
  const std::string ended(markdown);
  if (md_parse(ended.data(), static_cast<MD_SIZE>(ended.size()), &parser, &renderer) != 0) return too_long;
  return std::move(renderer.out);
}

std::string to_plain(std::string_view markdown) {
  MD_PARSER parser{};
  parser.flags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;
  parser.enter_block = [](MD_BLOCKTYPE, void*, void* user) {
    auto& out = self<Words>(user).out;
    if (!out.empty() && out.back() != ' ') out += ' ';
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE, void*, void*) { return 0; };
  parser.enter_span = [](MD_SPANTYPE, void*, void*) { return 0; };
  parser.leave_span = [](MD_SPANTYPE, void*, void*) { return 0; };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
    auto& out = self<Words>(user).out;
    const std::string_view part(text, size);
    if (type == MD_TEXT_NULLCHAR)
      append_utf8(out, 0xfffd);
    else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
      out += ' ';
    else if (type != MD_TEXT_ENTITY || !append_decoded(out, part))
      out += part;
    return 0;
  };
  // A full stop in front, taken off again, keeps "1. e4" and "- 3" from becoming lists.
  const auto line = "." + std::string(markdown);
  Words words;
  md_parse(line.data(), static_cast<MD_SIZE>(line.size()), &parser, &words);
  return words.out.empty() ? words.out : words.out.substr(1);
}

}  // namespace tuition::catalogue

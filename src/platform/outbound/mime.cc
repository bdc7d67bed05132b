#include "platform/outbound/mime.h"

#include <algorithm>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::outbound {
namespace {

constexpr std::size_t line_soft_max = 76;

Error refused(std::string detail) {
  return Error{Kind::rejected, "MAIL_REFUSED", "This mail cannot be sent.", std::move(detail)};
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & '\x80') == 0; });
}

bool fits_a_header(std::string_view text) {
  return is_utf8(text) && !has_control(text) && text.find_first_of("\t\r\n") == std::string_view::npos;
}

// A display name (RFC 5322 phrase).
std::string phrase(std::string_view name, std::size_t column) {
  if (!is_ascii(name) || name.find("=?") != std::string_view::npos) return encode_words(name, column);
  std::string quoted = "\"";
  for (const char each : name) {
    if (each == '"' || each == '\\') quoted += '\\';
    quoted += each;
  }
  return quoted + '"';
}

std::string mailbox_header(std::string_view header, const Mailbox& mailbox) {
  std::string out(header);
  out += ": ";
  if (mailbox.name.empty()) return out + mailbox.address + "\r\n";
  out += phrase(mailbox.name, out.size());
  out += out.size() - (out.rfind('\n') + 1) + mailbox.address.size() + 3 > line_soft_max ? "\r\n <" : " <";
  return out + mailbox.address + ">\r\n";
}

// Unstructured text: folded at spaces while it is ASCII, else encoded.
std::string text_header(std::string_view header, std::string_view text) {
  std::string out(header);
  out += ": ";
  const bool has_long_word = [&] {
    for (const auto word : split(text, ' '))
      if (word.size() > line_soft_max - 4) return true;
    return false;
  }();
  const bool odd_spaces = text.find("  ") != std::string_view::npos || text.starts_with(' ') || text.ends_with(' ');
  if (!is_ascii(text) || has_long_word || odd_spaces || text.find("=?") != std::string_view::npos)
    return out + encode_words(text, out.size()) + "\r\n";
  std::size_t column = out.size();
  bool first = true;
  for (const auto word : split(text, ' ')) {
    if (!first) {
      const bool fold = column + 1 + word.size() > line_soft_max;
      out += fold ? "\r\n " : " ";
      column = fold ? 1 : column + 1;
    }
    first = false;
    out += word;
    column += word.size();
  }
  return out + "\r\n";
}

std::string part(std::string_view type, std::string_view text) {
  return "Content-Type: " + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(text);
}

bool is_message_id(std::string_view id) {
  const auto at = id.find('@');
  return fits_a_header(id) && at != 0 && at != std::string_view::npos && at + 1 < id.size() &&
         id.find('@', at + 1) == std::string_view::npos && id.size() <= 250 && is_ascii(id) &&
         id.find_first_of(" <>()[]\\,;:\"") == std::string_view::npos;
}

}  // namespace

Result<Mailbox> parse_mailbox(std::string_view text) {
  if (!fits_a_header(text)) return refused("an address holds a line break, a control or broken UTF-8");
  Mailbox mailbox;
  std::string_view rest = trim(text);
  if (rest.ends_with('>')) {
    const auto open = rest.rfind('<');
    if (open == std::string_view::npos) return refused("an address has > without <");
    mailbox.address = trim(rest.substr(open + 1, rest.size() - open - 2));
    std::string_view name = trim(rest.substr(0, open));
    if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) {
      name = name.substr(1, name.size() - 2);
      for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '\\' && i + 1 < name.size()) ++i;
        mailbox.name += name[i];
      }
    } else {
      mailbox.name = name;
    }
  } else {
    mailbox.address = rest;
  }
  if (!looks_like_email(mailbox.address) || mailbox.address.find_first_of("<>()[],;:\\\"") != std::string::npos)
    return refused("not one mail address");
  return mailbox;
}

// At most 75 characters per encoded word, each with whole characters, each on a line of its own after the first.
std::string encode_words(std::string_view text, std::size_t first_column) {
  constexpr std::string_view prefix = "=?UTF-8?B?";
  constexpr std::string_view suffix = "?=";
  std::string out;
  std::size_t column = first_column;
  while (!text.empty()) {
    const std::size_t free = line_soft_max - std::min(column, line_soft_max - 20) - prefix.size() - suffix.size();
    std::size_t take = std::min(text.size(), std::min<std::size_t>(free / 4 * 3, 45));
    while (take < text.size() && take > 0 && (text[take] & '\xc0') == '\x80') --take;
    if (take == 0) take = std::min<std::size_t>(text.size(), 4);
    if (!out.empty()) out += "\r\n ";
    out += prefix;
    out += to_base64(text.substr(0, take));
    out += suffix;
    text.remove_prefix(take);
    column = 1;
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  std::size_t column = 0;
  const auto put = [&](std::string_view piece) {
    if (column + piece.size() > line_soft_max - 1) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char each = text[i];
    const bool breaks = each == '\n' || each == '\r';
    if (breaks) {
      if (each == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool line_ends = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    const bool blank = each == ' ' || each == '\t';
    // A dot that begins a line means something to SMTP; encoded, no relay can get it wrong.
    const bool literal =
        (blank && !line_ends) || (each > ' ' && each <= '~' && each != '=' && !(each == '.' && column == 0));
    if (literal) {
      put({&each, 1});
    } else {
      const auto byte = static_cast<std::uint8_t>(each);
      const char escaped[] = {'=', hex[byte >> 4], hex[byte & 15]};
      put({escaped, sizeof escaped});
    }
  }
  if (column > 0) out += "\r\n";
  return out;
}

Result<std::string> compose(const Mail& mail) {
  const Mailbox from = TRY(parse_mailbox(mail.from));
  const Mailbox to = TRY(parse_mailbox(mail.to));
  if (!fits_a_header(mail.subject)) return refused("the subject holds a line break, a control or broken UTF-8");
  if (!is_message_id(mail.message_id)) return refused("the message id is not of the form left@right");
  if (!is_utf8(mail.text) || !is_utf8(mail.html)) return refused("the body is not UTF-8");

  std::string out = "Date: " + mail_date(mail.date) + "\r\n";
  out += mailbox_header("From", from);
  out += mailbox_header("To", to);
  if (!mail.reply_to.empty()) out += mailbox_header("Reply-To", TRY(parse_mailbox(mail.reply_to)));
  out += text_header("Subject", mail.subject);
  out += "Message-ID: <" + mail.message_id + ">\r\n";
  for (const auto& [name, value] : mail.headers) {
    const bool named =
        !name.empty() &&
        name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-0123456789") == std::string::npos;
    if (!named || !fits_a_header(value) || !is_ascii(value) || value.size() > 900)
      return refused("the header " + name + " cannot be sent");
    out += name + ": " + value + "\r\n";
  }
  out += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
  if (mail.html.empty()) return out + part("text/plain", mail.text);
  // "=_" cannot occur in quoted-printable text.
  const std::string boundary = "=_" + to_hex(bytes_of(crypto::sha256(mail.message_id))).substr(0, 32);
  out += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
  out += "--" + boundary + "\r\n" + part("text/plain", mail.text);
  out += "\r\n--" + boundary + "\r\n" + part("text/html", mail.html);
  return out + "\r\n--" + boundary + "--\r\n";
}

}  // namespace tuition::outbound

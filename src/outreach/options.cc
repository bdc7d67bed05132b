#include "outreach/options.h"

#include "platform/base/text.h"

namespace tuition::outreach {

std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  if (url.starts_with('[')) return std::string(url.substr(0, url.find(']') + 1));
  return std::string(url.substr(0, url.find_first_of(":/?#")));
}

namespace {

std::string bare_address(std::string_view sender) {
  const auto open = sender.rfind('<');
  if (open == std::string_view::npos) return std::string(trim(sender));
  return std::string(trim(sender.substr(open + 1, sender.rfind('>') - open - 1)));
}

std::string set_base_url(OutreachOptions& options, std::string text) {
  while (!text.empty() && text.back() == '/') text.pop_back();
  if (!text.starts_with("http://") && !text.starts_with("https://")) return "must begin with http:// or https://";
  if (host_of(text).empty() || has_control(text) || text.find_first_of(" \"'<>?#") != std::string::npos)
    return "must be a web address such as https://school.example, without a query";
  options.base_url = std::move(text);
  return {};
}

std::string set_address(std::string& target, const std::string& text) {
  if (!text.empty() && (has_control(text) || !looks_like_email(bare_address(text))))
    return "must be an address such as school@example.org or School <school@example.org>";
  target = text;
  return {};
}

}  // namespace

std::string OutreachOptions::sender() const {
  const std::string address = from.empty() ? "no-reply@" + host_of(base_url) : from;
  if (address.find('<') != std::string::npos) return address;
  std::string quoted;
  for (const char c : site_name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return "\"" + quoted + "\" <" + address + ">";
}

std::string OutreachOptions::mail_domain() const {
  const std::string address = bare_address(sender());
  return address.substr(address.rfind('@') + 1);
}

config::Options option_table(OutreachOptions& options) {
  using config::Sort;
  return {
      {.name = "site.name",
       .sort = Sort::text,
       .fallback = "Tuition",
       .sentence = "The school's name, as people see it on pages and in mail.",
       .set = config::into(options.site_name)},
      {.name = "site.base_url",
       .sort = Sort::text,
       .fallback = "http://localhost:8080",
       .sentence = "The address people type to reach the school. Every link in mail begins with it.",
       .set = [&options](const std::string& text) { return set_base_url(options, text); }},
      {.name = "mail.smtp_url",
       .sort = Sort::secret,
       .fallback = "",
       .sentence = "The mail server: smtps://user:password@host:465 or smtp://user:password@host:587 (which must offer "
                   "STARTTLS). Without it mail waits in the queue.",
       .set =
           [&options](const std::string& text) {
             if (!text.empty() && !text.starts_with("smtp://") && !text.starts_with("smtps://"))
               return std::string("must begin with smtp:// or smtps://");
             options.smtp_url = Secret(text);
             return std::string();
           },
       .env_alias = "SMTP_URL",
       .reloadable = true},
      {.name = "mail.from",
       .sort = Sort::text,
       .fallback = "",
       .sentence = "The sender of all mail: an address, or Name <address>. Left empty: no-reply at the host of "
                   "site.base_url, where that has a dot; mail waits while there is no sender.",
       .set = [&options](const std::string& text) { return set_address(options.from, text); },
       .reloadable = true},
      {.name = "mail.reply_to",
       .sort = Sort::text,
       .fallback = "",
       .sentence = "Where answers to our mail go, if not to the sender.",
       .set = [&options](const std::string& text) { return set_address(options.reply_to, text); },
       .reloadable = true},
  };
}

}  // namespace tuition::outreach

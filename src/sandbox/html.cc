#include "sandbox/html.h"

#include "platform/base/money.h"
#include "platform/base/text.h"
#include "platform/http/json.h"

namespace tuition::sandbox {
namespace {

constexpr const char* style = R"(
:root { color-scheme: light dark; --ink: #1d2433; --dim: #556; --paper: #f4f5f9; --card: #fff; --line: #d5d9e4;
  --accent: #4338ca; --on-accent: #fff; --bad: #a3162d; --bad-paper: #fdecef; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf2; --dim: #aab0c4; --paper: #12141c; --card: #1b1f2b;
  --line: #333a4d; --accent: #a5b4fc; --on-accent: #12141c; --bad: #ffb3bf; --bad-paper: #3a1820; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
main.narrow { max-width: 27rem; }
header { padding: .6rem 1rem; background: #fde68a; color: #3b2f05; text-align: center; font-size: .9rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
a { color: var(--accent); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.4rem; }
.amount { font-size: 2rem; font-weight: 650; margin: 0; }
.dim { color: var(--dim); }
.alert { background: var(--bad-paper); color: var(--bad); border-radius: 8px; padding: .7rem 1rem; margin: 1rem 0; }
form { margin: .5rem 0; }
button { display: block; width: 100%; min-height: 44px; margin: .5rem 0; padding: .6rem 1rem; border-radius: 8px;
  border: 1px solid var(--dim); background: transparent; color: var(--ink); font: inherit; cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.small { width: auto; display: inline-block; margin: 0 .4rem .4rem 0; }
button:focus-visible, a:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
label { display: block; font-weight: 600; margin: .6rem 0 .2rem; }
input { font: inherit; width: 100%; min-height: 44px; padding: .5rem .7rem; border: 1px solid var(--dim); border-radius: 8px;
  background: var(--card); color: var(--ink); }
fieldset { border: 0; border-top: 1px solid var(--line); margin: 1.2rem 0 0; padding: .9rem 0 0; }
legend { font-size: .9rem; color: var(--dim); padding-right: .6rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .45rem 1rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
thead th, time { white-space: nowrap; }
time { font-variant-numeric: tabular-nums; }
@media (max-width: 38rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr { display: block; }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { display: inline-block; padding: 0; margin-right: 1rem; border: 0; }
  tbody th:first-child, td:first-child { display: block; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--dim); }
}
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0; }
iframe { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
code { font-size: .92em; }
)";

}  // namespace

http::Reply page(int status, std::string_view title, std::string_view body, std::string_view stylesheet,
                 std::string policy) {
  std::string text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape_html(title) +
                     "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">" +
                     "<link rel=\"stylesheet\" href=\"" + std::string(stylesheet) + "\"></head><body>\n";
  text += body;
  text += "\n</body></html>\n";
  http::Reply reply = http::html(status, std::move(text));
  // No form-action: a form's answer may lead back to the school, which is another origin.
  if (policy.empty()) policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
  reply.with("Content-Security-Policy", std::move(policy)).with("Cache-Control", "no-store");
  return reply;
}

http::Reply stylesheet() {
  http::Reply reply = http::text(200, style);
  reply.content_type = "text/css; charset=utf-8";
  return reply;
}

std::string price_text(std::int64_t minor, std::string_view currency) {
  const auto known = Currency::parse(currency);
  return known ? to_text(Money{minor, *known}) : std::to_string(minor) + " " + std::string(currency);
}

http::Route page_row(http::Method method, std::string_view path, std::string_view operation, std::string_view sentence,
                     std::function<http::Reply(const http::Request&)> act) {
  return {.method = method,
          .path = path,
          .operation = operation,
          .access = http::Access::anyone,
          .bucket = http::Bucket::none,
          .sentence = sentence,
          .endpoint = http::raw(std::move(act))};
}

}  // namespace tuition::sandbox

#include "catalogue/folders/package_text.h"

#include <algorithm>

#include "catalogue/quizzes/answer_keys.h"
#include "platform/base/check.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"

namespace tuition::catalogue::package {
namespace {

bool is_key(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// Takes the first line off; the text that is left, or nothing at the end.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

struct Line {
  std::string_view text{};
  std::int64_t number = 0;
  bool fenced = false;  // inside a fence, or one of its two marks
};

std::vector<Line> lines_of(std::string_view body, std::int64_t number) {
  std::vector<Line> lines;
  std::size_t fence = 0;  // how many backticks opened the present one
  while (!body.empty()) {
    const auto text = take_line(body);
    const auto ticks = std::min(text.find_first_not_of('`'), text.size());
    const bool was_open = fence > 0;
    if (!was_open && ticks >= 3) {
      fence = ticks;
    } else if (was_open && ticks >= fence && ticks == text.size()) {
      fence = 0;
    }
    lines.push_back({text, number++, was_open || fence > 0});
  }
  return lines;
}

bool begins(const Line& line, std::string_view with) { return !line.fenced && line.text.starts_with(with); }
bool is_option(const Line& line) { return begins(line, "- [ ] ") || begins(line, "- [x] "); }
// "- [2] second" of an ordering, "- [=] left => right" of a matching: the text between the brackets.
std::string_view mark_of(const Line& line) {
  if (!begins(line, "- [")) return {};
  const auto close = line.text.find("] ");
  return close == std::string_view::npos || close > 6 ? std::string_view{} : line.text.substr(3, close - 3);
}
bool is_blank(const Line& line) { return trim(line.text).empty(); }

// Reads one question: the lines from its heading to before the next.
class QuestionReader {
 public:
  QuestionReader(const Line* begin, const Line* end, std::vector<Problem>& problems)
      : at_(begin), end_(end), heading_line_(begin->number), problems_(problems) {}

  QuestionDraft read() {
    auto heading = trim(at_->text.substr(3));
    if (heading.empty()) complain(at_->number, "the question has no text");
    made_.question = heading;
    ++at_;
    read_attributes();
    read_blocks();
    read_answer();
    skip_blank();
    read_explanation();
    skip_blank();
    if (at_ != end_) complain(at_->number, "is not a part of a question: answer and explanation are complete above");
    return std::move(made_);
  }
  std::int64_t file_line() const { return file_line_; }

 private:
  void complain(std::int64_t line, std::string what) { problems_.push_back({line, std::move(what)}); }
  void skip_blank() {
    while (at_ != end_ && is_blank(*at_)) ++at_;
  }

  void read_attributes() {
    bool has_points = false;
    for (; at_ != end_; ++at_) {
      if (begins(*at_, "kind: ")) {
        const auto kind = named<QuestionKind>(at_->text.substr(6));
        if (!kind)
          complain(at_->number, "kind must be single, multiple, true_false, number, text, ordering or matching");
        if (kind_) complain(at_->number, "kind is there twice");
        kind_ = kind ? kind : QuestionKind::single;
      } else if (begins(*at_, "points: ")) {
        const auto points = parse_integer(at_->text.substr(8));
        if (!points || *points < 1 || *points > 100) complain(at_->number, "points must be 1 to 100");
        if (has_points) complain(at_->number, "points is there twice");
        has_points = true;
        made_.points = points.value_or(1);
      } else if (begins(*at_, "file: media/")) {
        if (file_line_) complain(at_->number, "file is there twice");
        file_line_ = at_->number;
        made_.file = at_->text.substr(6);
      } else {
        return;
      }
    }
  }

  // Only in questions that say they are of these kinds: elsewhere a list may begin so.
  bool is_item(const Line& line) const {
    return (kind_ == QuestionKind::ordering && parse_integer(mark_of(line)).has_value()) ||
           (kind_ == QuestionKind::matching && mark_of(line) == "=");
  }

  void read_blocks() {
    const auto* from = at_;
    while (at_ != end_ && !is_option(*at_) && !is_item(*at_) && !begins(*at_, "= ")) ++at_;
    const auto* to = at_;
    while (from != to && is_blank(*from)) ++from;
    while (from != to && is_blank(*(to - 1))) --to;
    if (from == to) return;
    made_.question += "\n";
    for (; from != to; ++from) {
      made_.question += '\n';
      made_.question += from->text;
    }
  }

  void read_answer() {
    if (at_ == end_) {
      complain(heading_line_, "the question has no answer: lines beginning with \"- [ ] \", \"- [x] \" or \"= \"");
      return;
    }
    if (is_item(*at_)) {
      kind_ == QuestionKind::ordering ? read_order() : read_pairs();
    } else if (is_option(*at_)) {
      read_options();
    } else {
      read_line();
    }
  }

  void read_options() {
    const auto line = at_->number;
    std::vector<std::int64_t> right;
    for (; at_ != end_ && is_option(*at_); ++at_) {
      if (at_->text[3] == 'x') right.push_back(static_cast<std::int64_t>(made_.options.size()));
      made_.options.emplace_back(trim(at_->text.substr(6)));
      if (made_.options.back().empty()) complain(at_->number, "the option has no text");
    }
    made_.kind = kind_.value_or(right.size() > 1 ? QuestionKind::multiple : QuestionKind::single);
    const auto count = made_.options.size();
    if (count < 2 || count > 20) complain(line, "a question has two to twenty options");
    switch (made_.kind) {
      case QuestionKind::single:
        if (right.size() != 1) complain(line, "exactly one option of a single choice is right");
        break;
      case QuestionKind::multiple:
        if (right.empty()) complain(line, "at least one option of a multiple choice is right");
        break;
      case QuestionKind::true_false:
        if (made_.options != std::vector<std::string>{"True", "False"})
          complain(line, "the options of true_false are True and False, in this order");
        if (right.size() != 1) complain(line, "exactly one of True and False is right");
        break;
      case QuestionKind::number:
      case QuestionKind::text: complain(line, "this kind is answered by one line beginning with \"= \""); break;
      case QuestionKind::ordering:
      case QuestionKind::matching:
        complain(line, "this kind is answered by lines \"- [1] first\" or \"- [=] a => b\"");
        break;
    }
    made_.correct_json =
        made_.kind == QuestionKind::multiple ? to_json(right) : std::to_string(right.empty() ? 0 : right.front());
  }

  void read_order() {
    const auto line = at_->number;
    std::vector<std::string> items;
    for (; at_ != end_ && is_item(*at_); ++at_) {
      const auto mark = mark_of(*at_);
      if (mark != std::to_string(items.size() + 1)) complain(at_->number, "items are numbered 1, 2, 3 ...");
      items.emplace_back(trim(at_->text.substr(5 + mark.size())));
      if (items.back().empty()) complain(at_->number, "the item has no text");
    }
    if (items.size() < 2 || items.size() > 20) complain(line, "an ordering has two to twenty items");
    made_.kind = QuestionKind::ordering;
    keep_order(items, made_);
  }

  void read_pairs() {
    const auto line = at_->number;
    std::vector<PairForm> pairs;
    for (; at_ != end_ && is_item(*at_); ++at_) {
      const auto text = at_->text.substr(6);
      const auto arrow = text.find(" => ");
      PairForm pair{std::string(trim(text.substr(0, arrow))),
                    arrow == std::string_view::npos ? std::string() : std::string(trim(text.substr(arrow + 4)))};
      if (pair.left.empty() || pair.right.empty()) complain(at_->number, "must be \"- [=] left => right\"");
      pairs.push_back(std::move(pair));
    }
    if (pairs.size() < 2 || pairs.size() > 20) complain(line, "a matching has two to twenty pairs");
    made_.kind = QuestionKind::matching;
    keep_pairs(pairs, made_);
  }

  void read_line() {
    const auto line = at_->number;
    const auto value = at_->text.substr(2);
    ++at_;
    if (kind_ == QuestionKind::number) {
      read_number(value, line);
    } else if (kind_ == QuestionKind::text) {
      read_accepted(value, line);
    } else {
      complain(line, "an answer after \"= \" needs \"kind: number\" or \"kind: text\" under the heading");
    }
  }

  void read_number(std::string_view value, std::int64_t line) {
    constexpr std::string_view sign = " ± ";
    const auto cut = value.find(sign);
    const auto number = value.substr(0, cut);
    const auto tolerance = cut == std::string_view::npos ? "0" : value.substr(cut + sign.size());
    if (!is_decimal(number) || !is_decimal(tolerance) || tolerance.starts_with('-'))
      complain(line, "must be \"= VALUE\" or \"= VALUE ± TOLERANCE\" in decimal digits");
    made_.kind = QuestionKind::number;
    made_.correct_json = "{\"value\":";
    append_json_text(made_.correct_json, number);
    made_.correct_json += ",\"tolerance\":";
    append_json_text(made_.correct_json, tolerance);
    made_.correct_json += '}';
  }

  void read_accepted(std::string_view value, std::int64_t line) {
    std::vector<std::string> accepted;
    for (const auto part : split(value, '|')) {
      accepted.emplace_back(trim(part));
      if (accepted.back().empty()) complain(line, "an accepted answer is empty");
    }
    made_.kind = QuestionKind::text;
    made_.correct_json = to_json(accepted);
  }

  void read_explanation() {
    for (; at_ != end_ && begins(*at_, ">"); ++at_) {
      auto text = at_->text.substr(1);
      if (text.starts_with(' ')) text.remove_prefix(1);
      if (!made_.explanation.empty()) made_.explanation += '\n';
      made_.explanation += text;
    }
  }

  const Line* at_;
  const Line* end_;
  std::int64_t heading_line_;
  std::vector<Problem>& problems_;
  std::optional<QuestionKind> kind_{};
  std::int64_t file_line_ = 0;
  QuestionDraft made_{};
};

}  // namespace

const FrontMatter::Entry* FrontMatter::find(std::string_view key) const {
  for (const auto& each : entries)
    if (each.key == key) return &each;
  return nullptr;
}

void check_text(std::string_view bytes, std::vector<Problem>& problems) {
  if (bytes.starts_with("\xef\xbb\xbf")) problems.push_back({1, "begins with a byte order mark"});
  std::int64_t number = 1;
  for (auto rest = bytes; !rest.empty(); ++number) {
    const auto line = take_line(rest);
    if (!is_utf8(line)) problems.push_back({number, "is not UTF-8"});
    if (line.find('\r') != std::string_view::npos)
      problems.push_back({number, "ends in a carriage return"});
    else if (has_control(line))
      problems.push_back({number, "holds a control character"});
    if (problems.size() > 20) return;
  }
  if (!bytes.ends_with('\n'))
    problems.push_back({std::max<std::int64_t>(number - 1, 1), "does not end in a newline"});
  else if (bytes.ends_with("\n\n"))
    problems.push_back({number - 1, "ends in more than one newline"});
}

std::optional<FrontMatter> read_front_matter(std::string_view bytes, std::vector<Problem>& problems) {
  FrontMatter made;
  auto rest = bytes;
  if (take_line(rest) != "---") {
    problems.push_back({1, "must be ---"});
    return std::nullopt;
  }
  for (std::int64_t number = 2;; ++number) {
    if (rest.empty()) {
      problems.push_back({number, "the line --- that ends the front matter is missing"});
      return std::nullopt;
    }
    const auto line = take_line(rest);
    if (line == "---") {
      made.body = rest;
      made.body_line = number + 1;
      return made;
    }
    const auto colon = line.find(": ");
    const auto key = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_key(key)) {
      problems.push_back({number, "must be \"key: value\""});
      continue;
    }
    const auto value = line.substr(colon + 2);
    if (value.empty() || value.front() == ' ' || value.back() == ' ')
      problems.push_back({number, std::string(key) + " has an empty value, or one that begins or ends with a space"});
    if (made.find(key)) problems.push_back({number, std::string(key) + " is there twice"});
    made.entries.push_back({key, value, number});
  }
}

QuizText read_quiz(std::string_view body, std::int64_t first_line, std::vector<Problem>& problems) {
  const auto lines = lines_of(body, first_line);
  QuizText made;
  const auto* at = lines.data();
  const auto* const end = at + lines.size();
  const auto next_heading = [end](const Line* from) {
    while (from != end && !begins(*from, "## ")) ++from;
    return from;
  };
  const auto* first = next_heading(at);
  for (; at != first; ++at) {
    made.introduction += at->text;
    made.introduction += '\n';
  }
  if (at == end) problems.push_back({first_line, "a quiz has at least one question, a line beginning with \"## \""});
  while (at != end) {
    const auto* const next = next_heading(at + 1);
    QuestionReader reader(at, next, problems);
    made.questions.push_back(reader.read());
    made.file_lines.push_back(reader.file_line());
    at = next;
  }
  return made;
}

namespace {

void write_options(std::string& out, const QuestionDraft& question) {
  QuestionSource view;
  show_key(question, view);
  for (const auto& each : view.choices) out += (each.right ? "- [x] " : "- [ ] ") + each.text + "\n";
}

void write_answer(std::string& out, const QuestionDraft& question) {
  switch (question.kind) {
    case QuestionKind::single:
    case QuestionKind::multiple:
    case QuestionKind::true_false: write_options(out, question); break;
    case QuestionKind::number: {
      QuestionSource view;
      show_key(question, view);
      out += "= " + *view.number + " \xc2\xb1 " + *view.tolerance + "\n";
      break;
    }
    case QuestionKind::text: {
      QuestionSource view;
      show_key(question, view);
      out += "= " + join(view.accepted, " | ") + "\n";
      break;
    }
    case QuestionKind::ordering: {
      std::size_t number = 0;
      for (const auto& each : order_of(question)) out += "- [" + std::to_string(++number) + "] " + each + "\n";
      break;
    }
    case QuestionKind::matching:
      for (const auto& each : pairs_of(question)) out += "- [=] " + each.left + " => " + each.right + "\n";
      break;
  }
}

}  // namespace

std::string write_question(const QuestionDraft& question) {
  const std::string_view text = question.question;
  const auto end = text.find('\n');
  std::string out = "## " + std::string(text.substr(0, end)) + "\nkind: " + std::string(name_of(question.kind)) + "\n";
  if (question.points != 1) out += "points: " + std::to_string(question.points) + "\n";
  if (!question.file.empty()) out += "file: " + question.file + "\n";
  if (end != std::string_view::npos) {
    auto blocks = text.substr(end);
    while (blocks.starts_with('\n')) blocks.remove_prefix(1);
    out += "\n" + std::string(blocks) + "\n\n";
  }
  write_answer(out, question);
  if (!question.explanation.empty())
    for (const auto line : split(question.explanation, '\n'))
      out += line.empty() ? std::string(">\n") : "> " + std::string(line) + "\n";
  return out;
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.size() <= 9 &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return digits(text.substr(0, point)) && (point == std::string_view::npos || digits(text.substr(point + 1)));
}

}  // namespace tuition::catalogue::package

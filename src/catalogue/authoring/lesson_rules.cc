#include "catalogue/authoring/lesson_rules.h"

#include <algorithm>

#include "platform/base/check.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

bool is_recording(LessonKind kind) {
  return kind == LessonKind::audio || kind == LessonKind::video || kind == LessonKind::embed;
}

bool is_video_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

// The text up to the first of the characters.
std::string_view until(std::string_view text, std::string_view any) { return text.substr(0, text.find_first_of(any)); }

}  // namespace

Result<void> check_rules(LessonKind kind, const LessonRules& rules) {
  std::vector<FieldProblem> wrong;
  const auto complain = [&](std::string_view field, std::string reason) {
    wrong.push_back({"rules." + std::string(field), std::move(reason)});
  };
  if (rules.completion == Completion::watched && !is_recording(kind))
    complain("completion", "watched is for audio, video and embed lessons");
  if (rules.completion == Completion::passed && kind != LessonKind::quiz)
    complain("completion", "passed is for quizzes");
  if (kind == LessonKind::quiz && rules.completion && rules.completion != Completion::passed)
    complain("completion", "a quiz is completed by passing it");
  if ((rules.completion == Completion::watched) != rules.watched_percent.has_value())
    complain("watchedPercent", "is given with completion watched, and only then");
  if ((rules.completion == Completion::dwell) != rules.dwell_seconds.has_value())
    complain("dwellSeconds", "is given with completion dwell, and only then");
  auto sorted = rules.prerequisites;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    complain("prerequisites", "names a lesson twice");
  if (wrong.empty()) return {};
  return Error{Kind::invalid, "VALIDATION_ERROR", "Please check the marked fields.", {}, std::move(wrong)};
}

std::string kept_rules(const LessonRules& rules) { return rules == LessonRules{} ? "{}" : to_json(rules); }

LessonRules rules_of(std::string_view kept) {
  if (kept == "{}") return {};
  auto rules = decode_json<LessonRules>(kept, Unknown::ignored);
  check(rules.ok(), "stored rules are rules");
  return std::move(rules).value();
}

bool is_embeddable(std::string_view url) {
  if (!url.starts_with("https://www.youtube-nocookie.com/") && !url.starts_with("https://player.vimeo.com/"))
    return false;
  return std::all_of(url.begin(), url.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\'; });
}

std::string embed_address(std::string_view url) {
  auto rest = url;
  for (const std::string_view scheme : {"https://", "http://"})
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  for (const std::string_view host : {"www.", "m."})
    if (rest.starts_with(host)) rest.remove_prefix(host.size());
  std::string_view video;
  if (rest.starts_with("youtube.com/watch?")) {
    for (const auto part : split(until(rest.substr(18), "#"), '&'))
      if (part.starts_with("v=")) video = part.substr(2);
  } else if (rest.starts_with("youtube.com/embed/")) {
    video = until(rest.substr(18), "?#&/");
  } else if (rest.starts_with("youtu.be/")) {
    video = until(rest.substr(9), "?#&/");
  }
  if (is_video_name(video)) return "https://www.youtube-nocookie.com/embed/" + std::string(video);
  if (rest.starts_with("vimeo.com/")) {
    const auto number = until(rest.substr(10), "?#/");
    const bool digits =
        !number.empty() && std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits && number.size() <= 20) return "https://player.vimeo.com/video/" + std::string(number);
  }
  return std::string(url);
}

}  // namespace tuition::catalogue

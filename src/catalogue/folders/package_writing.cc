#include <algorithm>

#include "catalogue/authoring/author_text.h"
#include "catalogue/folders/package.h"
#include "catalogue/folders/package_text.h"
#include "platform/base/fields.h"
#include "platform/base/text.h"

// The writing half of package.h.
namespace tuition::catalogue {
namespace {

// Front matter: "key: value" lines between two "---".
class Front {
 public:
  Front& line(std::string_view key, std::string_view value) {
    if (!value.empty()) text_ += std::string(key) + ": " + std::string(value) + "\n";
    return *this;
  }
  Front& number(std::string_view key, const std::optional<std::int64_t>& value) {
    return value ? line(key, std::to_string(*value)) : *this;
  }
  Front& flag(std::string_view key, bool value) { return line(key, value ? "true" : "false"); }
  Front& flag_if(std::string_view key, bool value) { return value ? flag(key, true) : *this; }
  Front& time(std::string_view key, const std::optional<Instant>& value) {
    return value ? line(key, to_text(*value)) : *this;
  }
  std::string with(std::string_view body) const { return "---\n" + text_ + "---\n" + std::string(body); }

 private:
  std::string text_{};
};

std::string lesson_text(const LessonDraft& lesson) {
  Front front;
  front.line("title", lesson.title).line("kind", name_of(lesson.kind)).flag("preview", lesson.preview);
  if (lesson.duration_seconds && *lesson.duration_seconds % 60 == 0 && *lesson.duration_seconds <= 36000)
    front.number("minutes", *lesson.duration_seconds / 60);
  else
    front.number("seconds", lesson.duration_seconds);
  front.line("embed_url", lesson.embed_url.value_or("")).line("file", lesson.file);
  if (lesson.quiz) {
    front.number("pass_percent", lesson.quiz->pass_percent)
        .number("max_attempts", lesson.quiz->attempts_max)
        .number("time_limit", lesson.quiz->time_limit_s)
        .flag_if("shuffle", lesson.quiz->shuffle)
        .line("feedback",
              lesson.quiz->feedback == Feedback::immediate ? std::string_view{} : name_of(lesson.quiz->feedback))
        .flag_if("negative_marks", lesson.quiz->negative_marks)
        .number("draw", lesson.quiz->draw);
  }
  front.flag_if("downloadable", lesson.downloadable)
      .line("completion", lesson.rules.completion ? name_of(*lesson.rules.completion) : std::string_view{})
      .number("watched_percent", lesson.rules.watched_percent)
      .number("dwell_seconds", lesson.rules.dwell_seconds)
      .number("drip_days", lesson.rules.drip_days)
      .time("drip_at", lesson.rules.drip_at)
      .line("requires", join(lesson.waits_for, ", "));
  auto body = lesson.body_md;
  if (lesson.quiz) {
    if (!body.empty() && !lesson.quiz->questions.empty()) body += '\n';
    for (std::size_t i = 0; i < lesson.quiz->questions.size(); ++i)
      body += (i == 0 ? "" : "\n") + package::write_question(lesson.quiz->questions[i]);
  }
  return front.with(body);
}

}  // namespace

std::vector<WrittenFile> write_course(const CourseDraft& course) {
  std::vector<WrittenFile> files;
  files.push_back({course.slug + "/course.md", Front{}
                                                   .line("slug", course.slug)
                                                   .line("title", course.title)
                                                   .line("summary", course.summary)
                                                   .line("access", name_of(course.access))
                                                   .line("accent", name_of(course.accent))
                                                   .line("instructor", course.instructor)
                                                   .flag("level_gate", course.level_gate)
                                                   .line("category", course.category)
                                                   .flag_if("certificate", course.certificate)
                                                   .number("certificate_months", course.certificate_months)
                                                   .line("requires", join(course.waits_for, ", "))
                                                   .with(course.body_md)});
  for (const auto& module : course.modules) {
    const auto folder = course.slug + "/" + file_name_of(module.file_name, module.order_index, module.slug, "");
    files.push_back({folder + "/module.md", Front{}
                                                .line("title", module.title)
                                                .number("level", module.level)
                                                .flag("preview", module.preview)
                                                .number("drip_days", module.drip_days)
                                                .time("drip_at", module.drip_at)
                                                .with(module.body_md)});
    for (const auto& lesson : module.lessons)
      files.push_back(
          {folder + "/" + file_name_of(lesson.file_name, lesson.order_index, lesson.slug, ".md"), lesson_text(lesson)});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace tuition::catalogue

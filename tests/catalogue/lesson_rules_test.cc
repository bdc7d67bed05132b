#include "catalogue/authoring/lesson_rules.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::catalogue {

TEST_CASE("addresses that people copy are embedded from the host without cookies, and no other is") {
  const std::string tube = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ";
  for (const char* url :
       {"https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://youtube.com/watch?t=3&v=dQw4w9WgXcQ#x",
        "http://m.youtube.com/watch?v=dQw4w9WgXcQ&list=1", "https://youtu.be/dQw4w9WgXcQ?si=a",
        "https://www.youtube.com/embed/dQw4w9WgXcQ"}) {
    INFO(url);
    CHECK(embed_address(url) == tube);
    CHECK(is_embeddable(embed_address(url)));
  }
  CHECK(embed_address("https://vimeo.com/76979871") == "https://player.vimeo.com/video/76979871");
  CHECK(embed_address(tube) == tube);
  for (const char* url : {"https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "javascript:alert(1)",
                          "https://www.youtube-nocookie.com.evil.example/embed/x", "https://vimeo.com/about",
                          "https://www.youtube-nocookie.com/embed/x\" onload=\"y", "http://player.vimeo.com/video/1",
                          "https://youtu.be/a\"b"}) {
    INFO(url);
    CHECK_FALSE(is_embeddable(embed_address(url)));
  }
}

TEST_CASE("rules that do not go together are refused at their fields") {
  const auto fields = [](LessonKind kind, const LessonRules& rules) {
    std::string all;
    if (const auto fits = check_rules(kind, rules); !fits)
      for (const auto& each : fits.error().fields) all += each.field + " ";
    return all;
  };
  CHECK(fields(LessonKind::text, {}).empty());
  CHECK(fields(LessonKind::text, {.completion = Completion::read}).empty());
  CHECK(fields(LessonKind::video, {.completion = Completion::watched, .watched_percent = 90}).empty());
  CHECK(fields(LessonKind::quiz, {.completion = Completion::passed}).empty());
  CHECK(fields(LessonKind::text, {.completion = Completion::watched, .watched_percent = 90}) == "rules.completion ");
  CHECK(fields(LessonKind::video, {.completion = Completion::watched}) == "rules.watchedPercent ");
  CHECK(fields(LessonKind::text, {.dwell_seconds = 3}) == "rules.dwellSeconds ");
  CHECK(fields(LessonKind::quiz, {.completion = Completion::read}) == "rules.completion ");
  const LessonId id("018f0000-0000-7000-8000-000000000001");
  CHECK(fields(LessonKind::text, {.prerequisites = {id, id}}) == "rules.prerequisites ");
}

TEST_CASE("rules are kept and read again") {
  const LessonRules rules{.completion = Completion::dwell,
                          .dwell_seconds = 60,
                          .drip_days = 0,
                          .drip_at = parse_instant("2026-09-01T08:00:00Z").value(),
                          .prerequisites = {LessonId("018f0000-0000-7000-8000-000000000001")}};
  CHECK(rules_of(kept_rules(rules)) == rules);
  CHECK(kept_rules({}) == "{}");
  CHECK(rules_of("{}") == LessonRules{});
}

}  // namespace tuition::catalogue

#pragma once

#include <vector>

#include "catalogue/types.h"

// Pure: the rows of the catalogue to the outline that everybody reads.
namespace tuition::catalogue {

// Courses by title, their modules by number, their lessons by module and number. Each list comes so ordered, the lower
// ones grouped by parent.
struct CourseRow {
  CourseId id{};
  std::string slug{};
  std::string title{};
  std::string summary{};
  CourseAccess access = CourseAccess::paid;
  std::optional<std::string> category{};
  Accent accent = Accent::violet;
  std::optional<std::string> instructor{};
  bool level_gate = false;
  std::int64_t revision = 0;
};

struct ModuleRow {
  ModuleId id{};
  CourseId course{};
  std::string title{};
  std::int64_t level = 1;
  std::int64_t order_index = 0;
  bool preview = false;
  std::optional<std::int64_t> drip_days{};
  std::optional<Instant> drip_at{};
};

struct LessonRow {
  LessonId id{};
  ModuleId module{};
  LessonKind kind = LessonKind::text;
  std::string title{};
  bool preview = false;
  std::optional<std::int64_t> duration_seconds{};
  std::optional<std::string> embed_url{};
  std::optional<std::string> media{};
  bool downloadable = false;
  std::string rules = "{}";  // as kept (lesson_rules.h)
  QuizId quiz{};
};

Shelf make_shelf(std::vector<CourseRow> courses, std::vector<ModuleRow> modules, std::vector<LessonRow> lessons);

}  // namespace tuition::catalogue

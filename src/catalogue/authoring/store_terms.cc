#include "catalogue/authoring/store_terms.h"

#include "catalogue/authoring/course_terms.h"

namespace tuition::catalogue::store {
namespace {

struct TermsRow {
  CourseId id{};
  bool certificate = false;
  std::optional<UserId> teacher{};
  std::string rules{};
};

CourseTerms terms_of(TermsRow row) {
  CourseTerms terms{.certificate = row.certificate, .teacher = std::move(row.teacher).value_or(UserId{})};
  read_course_rules(row.rules, terms);
  return terms;
}

}  // namespace

std::optional<CourseTerms> course_terms(ReadTx& tx, const CourseId& id) {
  auto row =
      tx.one<TermsRow>("SELECT id, certificate_enabled, instructor_id, rules_json FROM courses WHERE id = ?1", id);
  if (!row) return std::nullopt;
  return terms_of(std::move(*row));
}

void set_course_rules(WriteTx& tx, const CourseId& id, const std::string& rules_json) {
  tx.execute("UPDATE courses SET rules_json = ?2 WHERE id = ?1", id, rules_json);
}

std::unordered_map<std::string, CourseTerms> published_terms(ReadTx& tx) {
  std::unordered_map<std::string, CourseTerms> all;
  for (auto& row : tx.many<TermsRow>(
           "SELECT id, certificate_enabled, instructor_id, rules_json FROM courses WHERE status = 'published'")) {
    const auto id = row.id.text();
    all.emplace(id, terms_of(std::move(row)));
  }
  return all;
}

std::optional<std::string> practice_body(ReadTx& tx, const LessonId& lesson) {
  return tx.one<std::string>("SELECT body_md FROM lessons WHERE id = ?1 AND kind = 'practice'", lesson);
}

}  // namespace tuition::catalogue::store

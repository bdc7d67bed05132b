#include "catalogue/authoring/authoring.h"

#include <algorithm>
#include <limits>

#include "accounts/figures.h"
#include "audit/audit.h"
#include "catalogue/authoring/author_text.h"
#include "catalogue/authoring/course_terms.h"
#include "catalogue/catalogue.h"
#include "catalogue/markdown.h"
#include "catalogue/store.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

std::string cursor_after(const StudioCourse& course) {
  return to_base64url(std::to_string(course.updated_at.ms) + " " + course.id.text());
}

Result<store::StudioPlace> place_of(const std::optional<std::string>& cursor) {
  if (!cursor) return store::StudioPlace{Instant{std::numeric_limits<std::int64_t>::max()}, ""};
  const auto text = from_base64url(*cursor).value_or("");
  const auto space = text.find(' ');
  const auto at = parse_integer(std::string_view(text).substr(0, space));
  if (space == std::string::npos || !at || !is_uuid(text.substr(space + 1)))
    return invalid_field("cursor", "is no place in this list: begin again without it");
  return store::StudioPlace{Instant{*at}, text.substr(space + 1)};
}

Result<CourseId> course_named(ReadTx& tx, const std::string& id_or_slug) {
  if (const auto key = store::course_key(tx, id_or_slug)) return key->id;
  return CourseId(id_or_slug);
}

Error slug_taken() {
  return Error{Kind::conflict,
               "SLUG_TAKEN",
               "Another course has this name in addresses already.",
               {},
               {{"slug", "belongs to another course"}}};
}

// What must be finished before: courses that are published, or the caller's own.
Result<void> check_courses_before(ReadTx& tx, const Caller& caller, const CourseId& course,
                                  const std::vector<CourseId>& before) {
  const auto wrong = [](std::string reason) { return invalid_field("prerequisites", std::move(reason)); };
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (std::find(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(i), before[i]) !=
        before.begin() + static_cast<std::ptrdiff_t>(i))
      return wrong("names a course twice");
    const auto there = store::course_edit(tx, before[i]);
    if (!there || (there->status != Status::published && !own(tx, caller, before[i], there_is_no_course)))
      return wrong("names no course that you can see");
  }
  if (waits_for_itself(tx, course, before)) return wrong("would have the course wait for itself");
  return {};
}

// What the form says, put over the course.
Result<void> apply(store::CourseEdit& course, const Caller& caller, ReadTx& tx, const CourseForm& form) {
  course.title = form.title;
  course.summary = form.summary.value_or("");
  course.body_md = kept_markdown(form.body_markdown.value_or(""));
  course.body_html = TRY(to_html(course.body_md, file_addresses(tx, course.id.text())));
  course.access = form.access.value_or(CourseAccess::paid);
  course.accent = form.accent.value_or(Accent::violet);
  course.category = form.category;
  course.level_gate = form.level_gate.value_or(false);
  course.certificate = form.certificate.value_or(false);
  TRY(check_courses_before(tx, caller, course.id, form.prerequisites));
  course.rules = kept_course_rules(form.certificate_months, form.prerequisites);
  if (form.instructor && *form.instructor != course.instructor) {
    if (!caller.is_admin()) return invalid_field("instructorId", "is changed by administrators only");
    const auto person = accounts::person(tx, *form.instructor);
    if (!person || person->role == Role::user || person->status != accounts::UserStatus::active)
      return invalid_field("instructorId", "is nobody who teaches here");
    course.instructor = *form.instructor;
    if (!form.instructor_name) course.instructor_name = person->full_name;
  }
  if (form.instructor_name) course.instructor_name = form.instructor_name;
  return {};
}

// What learners would stumble over.
std::vector<FieldProblem> unfinished(ReadTx& tx, const CourseSource& course) {
  std::vector<FieldProblem> missing;
  if (course.summary.empty()) missing.push_back({"summary", "is missing: it is what the catalogue shows"});
  std::size_t lessons = 0;
  for (std::size_t i = 0; i < course.modules.size(); ++i) {
    const auto at = "modules[" + std::to_string(i) + "]";
    const auto& module = course.modules[i];
    if (module.lessons.empty()) missing.push_back({at, "\"" + module.title + "\" has no lesson yet"});
    for (std::size_t j = 0; j < module.lessons.size(); ++j, ++lessons) {
      const auto& line = module.lessons[j];
      const auto field = at + ".lessons[" + std::to_string(j) + "]";
      const auto lesson = *store::lesson_edit(tx, line.id);
      if (line.kind == LessonKind::quiz && line.questions == 0)
        missing.push_back({field, "\"" + line.title + "\" has no question yet"});
      const bool shows = line.kind == LessonKind::image || line.kind == LessonKind::audio ||
                         line.kind == LessonKind::video || line.kind == LessonKind::file;
      if (shows && !lesson.media) missing.push_back({field, "\"" + line.title + "\" has no file yet"});
      if ((line.kind == LessonKind::text || line.kind == LessonKind::case_review) && lesson.body_md.empty())
        missing.push_back({field, "\"" + line.title + "\" is empty"});
    }
  }
  if (course.modules.empty()) missing.push_back({"modules", "a course has at least one module with a lesson"});
  return missing;
}

Result<CourseSource> set_status(Catalogue& door, const Caller& caller, const CourseId& id, const RevisionForm& form,
                                Status status) {
  return door.db.write([&](WriteTx& tx) -> Result<CourseSource> {
    TRY(own(tx, caller, id, there_is_no_course));
    const auto before = source_of(tx, id);
    TRY(check_revision(form.revision, before.revision));
    if (before.status == status) return before;
    if (status == Status::published) {
      if (auto missing = unfinished(tx, before); !missing.empty())
        return Error{Kind::unprocessable,
                     "NOT_READY",
                     "This course cannot be published yet. What is missing is listed.",
                     {},
                     std::move(missing)};
    }
    store::set_status(tx, id, status, door.clock.now());
    note_change(door, tx, caller, id, status == Status::published ? "course.published" : "course.withdrawn",
                "The course " + before.slug +
                    (status == Status::published ? " was published." : " was taken back to a draft."));
    return source_of(tx, id);
  });
}

}  // namespace

Result<void> check_revision(const std::optional<std::int64_t>& began_with, std::int64_t there) {
  if (!began_with || *began_with == there) return {};
  return Error{
      Kind::conflict,
      "EDITED_MEANWHILE",
      "This was changed in another window or by somebody else. Nothing was overwritten: look at what is there, "
      "then save again.",
      {},
      {{"revision", std::to_string(there)}}};
}

CourseSource source_of(ReadTx& tx, const CourseId& id) {
  auto row = store::course_edit(tx, id);
  check(row.has_value(), "the course is there");
  CourseSource view;
  view.id = id;
  view.slug = std::move(row->slug);
  view.title = std::move(row->title);
  view.summary = std::move(row->summary);
  view.body_markdown = std::move(row->body_md);
  view.status = row->status;
  view.access = row->access;
  view.accent = row->accent;
  view.category = std::move(row->category);
  view.instructor_name = std::move(row->instructor_name);
  if (!row->instructor.empty()) view.instructor = row->instructor;
  view.level_gate = row->level_gate;
  view.certificate = row->certificate;
  CourseTerms terms;
  read_course_rules(row->rules, terms);
  view.certificate_months = terms.certificate_months;
  // One that is gone by now is not waited for.
  for (const auto& before : terms.prerequisites)
    if (auto there = store::course_ref(tx, before)) view.prerequisites.push_back(std::move(*there));
  view.revision = row->edit;
  view.created_at = row->created_at;
  view.updated_at = row->updated_at;
  view.published_at = row->published_at;
  for (auto& module : store::module_edits(tx, id))
    view.modules.push_back({std::move(module.id),
                            std::move(module.slug),
                            std::move(module.title),
                            module.level,
                            module.preview,
                            module.drip_days,
                            module.drip_at,
                            module.edit,
                            {}});
  std::size_t at = 0;
  for (auto& row_of : store::lesson_lines(tx, id)) {
    while (view.modules[at].id != row_of.module) ++at;
    view.modules[at].lessons.push_back(std::move(row_of.line));
  }
  return view;
}

void note_change(Catalogue& door, WriteTx& tx, const Caller& caller, const CourseId& course, std::string action,
                 std::string description) {
  const auto now = door.clock.now();
  store::touch_course(tx, course, now);
  audit::record(tx, {.at = now,
                     .actor = caller,
                     .action = std::move(action),
                     .category = audit::Category::business,
                     .target_type = "course",
                     .target_id = course.text(),
                     .description = std::move(description)});
  changed(door, tx);
}

Result<Page<StudioCourse>> list_own_courses(Catalogue& door, const Caller& caller, const StudioListForm& form) {
  const auto place = TRY(place_of(form.cursor));
  const auto owner = caller.is_admin() ? UserId{} : caller.user;
  const auto in_title = form.query.value_or("");
  return door.db.read([&](ReadTx& tx) -> Result<Page<StudioCourse>> {
    Page<StudioCourse> page;
    page.limit = form.limit.value_or(page_limit_default);
    page.total = store::count_studio_courses(tx, owner, form.status, in_title);
    page.rows = store::studio_courses(tx, owner, form.status, in_title, place, page.limit + 1);
    if (static_cast<std::int64_t>(page.rows.size()) > page.limit) {
      page.rows.pop_back();
      page.next = cursor_after(page.rows.back());
    }
    return page;
  });
}

Result<CourseSource> course_source(Catalogue& door, const Caller& caller, const CourseId& id) {
  return door.db.read([&](ReadTx& tx) -> Result<CourseSource> {
    TRY(own(tx, caller, id, there_is_no_course));
    return source_of(tx, id);
  });
}

Result<CourseSource> create_course(Catalogue& door, const Caller& caller, const CourseForm& form) {
  if (!caller.is_staff()) return Error{Kind::forbidden, "FORBIDDEN", "This is for those who teach here."};
  return door.db.write([&](WriteTx& tx) -> Result<CourseSource> {
    store::CourseEdit course;
    course.id = new_id<CourseTag>(door.clock, door.entropy);
    course.instructor = caller.user;
    if (const auto person = accounts::person(tx, caller.user)) course.instructor_name = person->full_name;
    course.created_at = door.clock.now();
    TRY(apply(course, caller, tx, form));
    course.slug = form.slug ? *form.slug : free_slug(slug_from(form.title), [&](const std::string& slug) {
      return store::course_key(tx, slug).has_value();
    });
    if (!store::insert_course(tx, course)) return slug_taken();
    note_change(door, tx, caller, course.id, "course.created", "The course " + course.slug + " was made.");
    return source_of(tx, course.id);
  });
}

Result<CourseSource> change_course(Catalogue& door, const Caller& caller, const std::string& id_or_slug,
                                   const CourseForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<CourseSource> {
    const auto id = TRY(course_named(tx, id_or_slug));
    TRY(own(tx, caller, id, there_is_no_course));
    auto course = *store::course_edit(tx, id);
    TRY(check_revision(form.revision, course.edit));
    TRY(apply(course, caller, tx, form));
    if (form.slug) course.slug = *form.slug;
    course.updated_at = door.clock.now();
    if (!store::update_course(tx, course)) return slug_taken();
    note_change(door, tx, caller, id, "course.changed", "The course " + course.slug + " was changed.");
    return source_of(tx, id);
  });
}

Result<Removed> remove_course(Catalogue& door, const Caller& caller, const std::string& id_or_slug) {
  return door.db.write([&](WriteTx& tx) -> Result<Removed> {
    const auto id = TRY(course_named(tx, id_or_slug));
    TRY(own(tx, caller, id, there_is_no_course));
    const auto slug = store::course_edit(tx, id)->slug;
    if (door.has_learners && door.has_learners(tx, id)) {
      store::set_status(tx, id, Status::archived, door.clock.now());
      note_change(door, tx, caller, id, "course.archived", "The course " + slug + " was archived.");
      return Removed{.archived = true};
    }
    note_change(door, tx, caller, id, "course.deleted", "The course " + slug + " was deleted.");
    store::delete_course(tx, id);
    return Removed{};
  });
}

Result<CourseSource> publish_course(Catalogue& door, const Caller& caller, const CourseId& id,
                                    const RevisionForm& form) {
  return set_status(door, caller, id, form, Status::published);
}

Result<CourseSource> withdraw_course(Catalogue& door, const Caller& caller, const CourseId& id,
                                     const RevisionForm& form) {
  return set_status(door, caller, id, form, Status::draft);
}

Result<MarkdownView> preview_markdown(Catalogue& door, const Caller& caller, const MarkdownForm& form) {
  Addresses addresses;
  if (form.course) {
    auto known = door.db.read([&](ReadTx& tx) -> Result<Addresses> {
      TRY(own(tx, caller, *form.course, there_is_no_course));
      return file_addresses(tx, form.course->text());
    });
    if (!known) return known.error();
    addresses = std::move(*known);
  }
  return MarkdownView{TRY(to_html(kept_markdown(form.markdown), addresses))};
}

void forget_person(WriteTx& tx, const UserId& user) { store::forget_instructor(tx, user); }

}  // namespace tuition::catalogue

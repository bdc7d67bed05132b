#include "learning/overview.h"

#include <algorithm>
#include <vector>

#include "learning/access.h"
#include "learning/learning.h"
#include "learning/store.h"
#include "learning/views.h"

namespace tuition::learning {
namespace {

// Where a list goes on after the id it ended with. An id that is not there is refused: going back to the beginning
// would send a client round for ever.
template <class Rows, class IdOf>
Result<std::size_t> start_of(const Rows& rows, const std::optional<std::string>& cursor, IdOf id_of) {
  if (!cursor) return std::size_t{0};
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (id_of(rows[i]) == *cursor) return i + 1;
  return invalid_field("cursor", "is no place in this list any more: begin again without it");
}

// The courses of the shelf that are asked for, in the order asked for.
std::vector<const catalogue::Course*> asked_for(const catalogue::Shelf& shelf, const Viewer& viewer,
                                                const CourseListForm& form) {
  std::vector<const catalogue::Course*> courses;
  for (const auto& course : shelf.courses)
    if ((!form.access || course.access == *form.access) && (!form.category || course.category == *form.category) &&
        (!form.entitled || entitled(viewer, course) == *form.entitled))
      courses.push_back(&course);
  const auto older = [](const auto* a, const auto* b) { return a->id.text() < b->id.text(); };
  switch (form.sort.value_or(CourseOrder::title)) {
    case CourseOrder::title: break;  // as they stand on the shelf
    case CourseOrder::title_back: std::reverse(courses.begin(), courses.end()); break;
    case CourseOrder::oldest: std::sort(courses.begin(), courses.end(), older); break;
    case CourseOrder::newest: std::sort(courses.rbegin(), courses.rend(), older); break;
  }
  return courses;
}

Error no_such_course() { return not_found("There is no such course."); }

CoursePage page_of(CourseCard card) {
  CoursePage page;
  page.id = std::move(card.id);
  page.slug = std::move(card.slug);
  page.title = std::move(card.title);
  page.summary = std::move(card.summary);
  page.access = card.access;
  page.entitled = card.entitled;
  page.lesson_count = card.lesson_count;
  page.module_count = card.module_count;
  page.level_count = card.level_count;
  page.minutes = card.minutes;
  page.accent = card.accent;
  page.progress = card.progress;
  return page;
}

ModuleView view_of(const catalogue::Course& course, ModuleOutline outline) {
  return {std::move(outline.id),
          std::move(outline.title),
          outline.level,
          outline.order_index,
          outline.preview,
          outline.locked,
          outline.lock_reason,
          std::move(outline.lessons),
          course.id,
          course.slug};
}

}  // namespace

Result<Page<CourseCard>> list_courses(Learning& door, const Caller& caller, const CourseListForm& form) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto viewer = viewer_of(door, caller);
  const auto courses = asked_for(*shelf, viewer, form);
  Page<CourseCard> page;
  page.limit = form.limit.value_or(page_limit_default);
  page.total = static_cast<std::int64_t>(courses.size());
  const auto from =
      TRY(start_of(courses, form.cursor, [](const catalogue::Course* course) { return course->id.text(); }));
  const auto to = std::min(courses.size(), from + static_cast<std::size_t>(page.limit));
  const auto fill = [&](ReadTx* tx) {
    for (auto i = from; i < to; ++i) {
      const auto& course = *courses[i];
      const auto enrollment = tx ? store::enrollment(*tx, viewer.user, course.id) : std::nullopt;
      if (enrollment && enrollment->status != EnrollmentStatus::removed) {
        const auto done = store::done_map(*tx, viewer.user, course, enrollment);
        page.rows.push_back(card_of(course, viewer, &done));
      } else {
        page.rows.push_back(card_of(course, viewer, nullptr));
      }
    }
  };
  if (viewer.signed_in())
    door.db.read([&](ReadTx& tx) { fill(&tx); });
  else
    fill(nullptr);
  if (to < courses.size()) page.next = courses[to - 1]->id.text();
  return page;
}

Result<CoursePage> get_course(Learning& door, const Caller& caller, const std::string& id_or_slug) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* course = shelf->course(id_or_slug);
  if (!course) return no_such_course();
  const auto viewer = viewer_of(door, caller);
  return door.db.read([&](ReadTx& tx) -> Result<CoursePage> {
    Standing standing;
    if (viewer.signed_in()) standing = standing_of(tx, viewer, *course);
    auto page = page_of(card_of(*course, viewer, standing.joined_at ? &standing.done : nullptr));
    page.body_html = catalogue::course_html(tx, course->id).value_or("");
    page.instructor = course->instructor;
    for (const auto& module : course->modules) page.modules.push_back(outline_of(*course, module, viewer, standing));
    if (!page.entitled && door.offers_of) {
      for (auto& offer : door.offers_of(tx, entitlements::course_target(course->id.text(), course->category)))
        page.offers.push_back({std::move(offer.plan_id), std::move(offer.name)});
    }
    if (!page.entitled && door.products_of) {
      for (auto& offer : door.products_of(tx, entitlements::course_target(course->id.text(), course->category))) {
        ProductOfferView view{std::move(offer.product_id), std::move(offer.name), {}};
        for (const auto& price : offer.prices) view.prices.push_back({price.minor, price.currency});
        page.products.push_back(std::move(view));
      }
    }
    return page;
  });
}

Result<Page<ModuleView>> list_modules(Learning& door, const Caller& caller, const ListForm& form) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto viewer = viewer_of(door, caller);
  std::vector<catalogue::ModulePlace> all;
  for (const auto& course : shelf->courses)
    for (std::size_t i = 0; i < course.modules.size(); ++i) all.push_back({&course, i});

  Page<ModuleView> page;
  page.limit = form.limit.value_or(page_limit_default);
  page.total = static_cast<std::int64_t>(all.size());
  const auto from =
      TRY(start_of(all, form.cursor, [](const catalogue::ModulePlace& place) { return place.module().id.text(); }));
  const auto to = std::min(all.size(), from + static_cast<std::size_t>(page.limit));
  door.db.read([&](ReadTx& tx) {
    const catalogue::Course* course = nullptr;
    Standing standing;
    for (auto i = from; i < to; ++i) {
      if (all[i].course != course) {
        course = all[i].course;
        standing = viewer.signed_in() ? standing_of(tx, viewer, *course) : Standing{};
      }
      page.rows.push_back(view_of(*course, outline_of(*course, all[i].module(), viewer, standing)));
    }
  });
  if (to < all.size()) page.next = all[to - 1].module().id.text();
  return page;
}

Result<std::vector<ModuleView>> course_modules(Learning& door, const Caller& caller, const std::string& id_or_slug) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* course = shelf->course(id_or_slug);
  if (!course) return no_such_course();
  const auto viewer = viewer_of(door, caller);
  return door.db.read([&](ReadTx& tx) -> Result<std::vector<ModuleView>> {
    const auto standing = viewer.signed_in() ? standing_of(tx, viewer, *course) : Standing{};
    std::vector<ModuleView> views;
    for (const auto& module : course->modules)
      views.push_back(view_of(*course, outline_of(*course, module, viewer, standing)));
    return views;
  });
}

Result<ModulePage> get_module(Learning& door, const Caller& caller, const catalogue::ModuleId& id) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* place = shelf->module(id);
  if (!place) return not_found("There is no such module.");
  const auto& course = *place->course;
  const auto& module = place->module();
  const auto viewer = viewer_of(door, caller);
  return door.db.read([&](ReadTx& tx) -> Result<ModulePage> {
    Standing standing;
    if (viewer.signed_in()) standing = standing_of(tx, viewer, course);
    if (const auto lock = lock_of(viewer, course, module, standing); lock && !module.preview)
      return locked_error(*lock);
    auto outline = outline_of(course, module, viewer, standing);
    return ModulePage{module.id,      module.title,
                      module.level,   module.order_index,
                      module.preview, std::move(outline.lessons),
                      course.id,      course.slug,
                      course.title,   catalogue::module_html(tx, module.id).value_or("")};
  });
}

ProgressView get_progress(Learning& door, const Caller& caller) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto now = door.clock.now();
  return door.db.read([&](ReadTx& tx) {
    ProgressView view;
    view.stats = learning::view_of(store::stats(tx, caller.user).value_or(Stats{}), now);
    for (const auto& enrollment : store::enrollments(tx, caller.user)) {
      const auto* course = shelf->course(enrollment.course.text());
      if (!course) continue;
      view.courses.push_back(course_progress_of(*course, store::done_map(tx, caller.user, *course, enrollment)));
    }
    return view;
  });
}

Result<CourseProgress> get_course_progress(Learning& door, const Caller& caller, const std::string& id_or_slug) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* course = shelf->course(id_or_slug);
  if (!course) return no_such_course();
  return door.db.read([&](ReadTx& tx) -> Result<CourseProgress> {
    const auto enrollment = store::enrollment(tx, caller.user, course->id);
    auto view = course_progress_of(*course, store::done_map(tx, caller.user, *course, enrollment));
    // What they did stays theirs to see; there is nowhere to go on.
    if (enrollment && enrollment->status == EnrollmentStatus::removed) view.next_lesson_id.reset();
    return view;
  });
}

}  // namespace tuition::learning

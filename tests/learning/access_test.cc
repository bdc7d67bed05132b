#include "learning/access.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/classroom.h"
#include "learning/delivery.h"
#include "learning/overview.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

std::string refusal(Classroom& room, const Caller& caller, const catalogue::Lesson& lesson) {
  const auto opened = open_lesson(room.learning, caller, lesson.id);
  const auto viewed = get_lesson(room.learning, caller, lesson.id);
  CHECK(opened.ok() == viewed.ok());
  return opened ? "" : opened.error().code;
}

catalogue::CourseDraft two_levels() {
  auto draft = course_of("c", {module_of("m", 1, 1, {"a", "b"}), module_of("n", 2, 2, {"d", "e"})});
  draft.level_gate = true;
  draft.modules[0].lessons[0].preview = true;
  draft.modules[1].lessons[1].preview = true;
  return draft;
}

}  // namespace

TEST_CASE("one answer about access, by who asks") {
  Classroom room;
  const auto& course = room.put(two_levels());
  const auto& [a, b, d, e] = std::tie(course.lessons[0], course.lessons[1], course.lessons[2], course.lessons[3]);
  CHECK(refusal(room, {}, a).empty());
  CHECK(refusal(room, {}, e).empty());
  CHECK(refusal(room, {}, b) == "UNAUTHENTICATED");
  const auto visitor = room.person();
  CHECK(refusal(room, visitor, a).empty());
  CHECK(refusal(room, visitor, b) == "PAYMENT_REQUIRED");
  CHECK(refusal(room, visitor, d) == "PAYMENT_REQUIRED");
  const auto member = room.subscriber();
  CHECK(refusal(room, member, b).empty());
  CHECK(refusal(room, member, d) == "LOCKED");
  CHECK(refusal(room, room.person(Role::instructor), d).empty());
  CHECK(open_lesson(room.learning, member, catalogue::LessonId("guessed")).error().code == "NOT_FOUND");
}

TEST_CASE("a level opens when everything below it is completed") {
  Classroom room;
  const auto& course = room.put(two_levels());
  const auto member = room.subscriber();
  REQUIRE(room.complete(member, course.lessons[0]).ok());
  CHECK(refusal(room, member, course.lessons[2]) == "LOCKED");
  REQUIRE(room.complete(member, course.lessons[1]).ok());
  CHECK(refusal(room, member, course.lessons[2]).empty());
}

TEST_CASE("a level closes again when a lesson is added below it") {
  Classroom room;
  auto draft = two_levels();
  const auto& course = room.put(draft);
  const auto member = room.subscriber();
  REQUIRE(room.complete(member, course.lessons[0]).ok());
  REQUIRE(room.complete(member, course.lessons[1]).ok());
  draft.modules[0] = module_of("m", 1, 1, {"a", "b", "new"});
  const auto& grown = room.put(draft);
  CHECK(refusal(room, member, grown.lessons[3]) == "LOCKED");
}

TEST_CASE("access ends with the entitlement") {
  Classroom room;
  const auto& course = room.put(two_levels());
  const auto member = room.person();
  room.subscribe(member, room.clock.now() + days(30));
  CHECK(refusal(room, member, course.lessons[1]).empty());
  room.clock.pass(days(30));
  CHECK(refusal(room, member, course.lessons[1]) == "PAYMENT_REQUIRED");
}

TEST_CASE("a free course needs no payment, but a name") {
  Classroom room;
  auto draft = course_of("c", {module_of("m", 1, 1, {"a"})});
  draft.access = catalogue::CourseAccess::free;
  const auto& course = room.put(draft);
  CHECK(refusal(room, {}, course.lessons[0]) == "UNAUTHENTICATED");
  CHECK(refusal(room, room.person(), course.lessons[0]).empty());
}

TEST_CASE("a lesson that drips opens so many days after joining, or at its time") {
  catalogue::Course course;
  course.access = catalogue::CourseAccess::free;
  catalogue::Module by_days;
  by_days.drip_days = 3;
  catalogue::Module by_time;
  by_time.drip_at = Instant{} + days(10);
  const auto at = [&](std::int64_t day) {
    Viewer viewer;
    viewer.user = UserId("u");
    viewer.now = Instant{} + days(day);
    return viewer;
  };
  const Standing joined{{}, Instant{} + days(5)};
  CHECK(lock_of(at(7), course, by_days, joined)->reason == LockReason::drip);
  CHECK_FALSE(lock_of(at(8), course, by_days, joined));
  CHECK(lock_of(at(8), course, by_days, {})->reason == LockReason::drip);
  CHECK(lock_of(at(9), course, by_time, joined)->opens_at == Instant{} + days(10));
  CHECK_FALSE(lock_of(at(10), course, by_time, joined));
}

TEST_CASE("the outline shows the same locks") {
  Classroom room;
  const auto& course = room.put(two_levels());
  const auto reasons = [&](const Caller& caller) {
    std::vector<std::optional<LockReason>> out;
    const auto page = get_course(room.learning, caller, "c");
    for (const auto& module : page->modules) out.push_back(module.lock_reason);
    return out;
  };
  using Reasons = std::vector<std::optional<LockReason>>;
  CHECK(reasons({}) == Reasons{LockReason::login, LockReason::login});
  CHECK(reasons(room.person()) == Reasons{LockReason::payment, LockReason::payment});
  const auto member = room.subscriber();
  CHECK(reasons(member) == Reasons{std::nullopt, LockReason::level});
  const auto page = get_course(room.learning, member, course.id.text());
  CHECK_FALSE(page->modules[0].lessons[0].locked);
  CHECK(page->modules[1].lessons[0].locked);
  CHECK_FALSE(page->modules[1].lessons[1].locked);
  CHECK(page->entitled);
  CHECK_FALSE(page->progress.has_value());
  CHECK(page->body_html == "<p>About it.</p>\n");
}

TEST_CASE("offers are shown only to who needs one") {
  Classroom room;
  room.put(two_levels());
  room.learning.offers_of = [](ReadTx&, const entitlements::Target&) {
    return std::vector<PlanOffer>{{"p1", "Monthly"}};
  };
  CHECK(get_course(room.learning, {}, "c")->offers.size() == 1);
  CHECK(get_course(room.learning, room.subscriber(), "c")->offers.empty());
}

TEST_CASE("lists come in pages") {
  Classroom room;
  for (const auto* slug : {"c", "a", "b"})
    room.put(course_of(slug, {module_of("m", 1, 1, {"x"}), module_of("n", 2, 1, {})}));
  const auto first = list_courses(room.learning, {}, {.limit = 2, .cursor = {}}).value();
  REQUIRE(first.rows.size() == 2);
  CHECK(first.rows[0].slug == "a");
  CHECK(first.total == 3);
  const auto second = list_courses(room.learning, room.subscriber(), {.limit = 2, .cursor = first.next}).value();
  CHECK_FALSE(list_courses(room.learning, {}, {.limit = 2, .cursor = "nonsense"}));
  REQUIRE(second.rows.size() == 1);
  CHECK(second.rows[0].slug == "c");
  CHECK_FALSE(second.next);
  CHECK(list_modules(room.learning, room.subscriber(), {.limit = 4, .cursor = {}}).value().rows.size() == 4);
}

TEST_CASE("courses are listed by what is asked, in the order that is asked") {
  Classroom room;
  const auto put = [&](const char* slug, catalogue::CourseAccess access, const char* category) {
    auto draft = course_of(slug, {module_of("m", 1, 1, {"x"})});
    draft.access = access;
    draft.category = category;
    room.put(draft);
    room.clock.pass(minutes(1));
  };
  put("c", catalogue::CourseAccess::free, "singing");
  put("a", catalogue::CourseAccess::paid, "singing");
  put("b", catalogue::CourseAccess::paid, "ear");
  using Slugs = std::vector<std::string>;
  const auto list = [&](const Caller& caller, const CourseListForm& form) {
    const auto page = list_courses(room.learning, caller, form);
    REQUIRE(page);
    CHECK(page->total == static_cast<std::int64_t>(page->rows.size()));
    Slugs slugs;
    for (const auto& card : page->rows) slugs.push_back(card.slug);
    return slugs;
  };
  CHECK(list({}, {}) == Slugs{"a", "b", "c"});
  CHECK(list({}, {.sort = CourseOrder::title_back}) == Slugs{"c", "b", "a"});
  CHECK(list({}, {.sort = CourseOrder::oldest}) == Slugs{"c", "a", "b"});
  CHECK(list({}, {.sort = CourseOrder::newest}) == Slugs{"b", "a", "c"});
  CHECK(list({}, {.access = catalogue::CourseAccess::free}) == Slugs{"c"});
  CHECK(list({}, {.category = "singing"}) == Slugs{"a", "c"});
  CHECK(list({}, {.category = "nothing"}).empty());
  CHECK(list({}, {.access = catalogue::CourseAccess::paid, .category = "singing"}) == Slugs{"a"});
  CHECK(list(room.person(), {.entitled = true}) == Slugs{"c"});
  CHECK(list(room.person(), {.entitled = false, .sort = CourseOrder::newest}) == Slugs{"b", "a"});
  CHECK(list(room.subscriber(), {.entitled = false}).empty());
  // Page by page in any order.
  const auto first = list_courses(room.learning, {}, {.limit = 2, .sort = CourseOrder::newest});
  REQUIRE(first->next);
  const auto second = list_courses(room.learning, {}, {.limit = 2, .cursor = first->next, .sort = CourseOrder::newest});
  REQUIRE(second->rows.size() == 1);
  CHECK(second->rows[0].slug == "c");
}

}  // namespace tuition::learning

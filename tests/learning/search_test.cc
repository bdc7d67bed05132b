#include "learning/search.h"

#include <catch2/catch_test_macros.hpp>

#include "catalogue/authoring/authoring.h"
#include "catalogue/search.h"
#include "learning/classroom.h"
#include "uses_index.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

struct Library {
  Library() {
    auto draft = course_of("c", {module_of("m", 1, 1, {"open", "closed"})});
    draft.title = "Counterpoint";
    draft.summary = "Voices \xc3\xa0 la carte.";
    draft.modules[0].lessons[0].preview = true;
    draft.modules[0].lessons[0].body_md = "Two **voices** in contrary motion.\n";
    draft.modules[0].lessons[1].body_md = "The secret of the suspension.\n";
    draft.modules[0].body_md = "An introduction with resolutions.\n";
    room.put(draft);
    auto hidden = course_of("d", {module_of("m", 1, 1, {"suspension"})});
    hidden.title = "A draft about voices";
    check(catalogue::put_course(room.catalogue, hidden, catalogue::Publish::no).ok(), "a draft is put in");
  }
  std::vector<std::string> find(const Caller& caller, const std::string& query) {
    SearchForm form;
    form.query = query;
    const auto page = search(room.learning, caller, form);
    REQUIRE(page);
    std::vector<std::string> titles;
    for (const auto& hit : page->rows) {
      titles.push_back(hit.title);
      CHECK(hit.locked == !hit.snippet.has_value());
    }
    std::sort(titles.begin(), titles.end());
    return titles;
  }
  Classroom room{};
};

using Titles = std::vector<std::string>;

}  // namespace

TEST_CASE("words are found by who may read them, and drafts by nobody") {
  Library library;
  const auto paid = library.room.subscriber();
  for (const auto& who : {Caller{}, library.room.person(), paid}) {
    CHECK(library.find(who, "voices") == Titles{"Counterpoint", "open"});
    CHECK(library.find(who, "draft").empty());
    CHECK(library.find(who, "A LA CART") == Titles{"Counterpoint"});
  }
  CHECK(library.find(paid, "suspension") == Titles{"closed"});
  CHECK(library.find(paid, "resolutions") == Titles{"Module m"});
  for (const auto& who : {Caller{}, library.room.person()}) {
    CHECK(library.find(who, "suspension").empty());
    CHECK(library.find(who, "secret").empty());
    CHECK(library.find(who, "resolutions").empty());
    CHECK(library.find(who, "closed") == Titles{"closed"});
  }
}

TEST_CASE("a snippet is plain text, and one of a closed lesson is not shown") {
  Library library;
  SearchForm form;
  form.query = "contrary";
  const auto open = search(library.room.learning, Caller{}, form);
  REQUIRE(open->rows.size() == 1);
  CHECK(open->rows[0].snippet == "Two voices in contrary motion.");
  form.query = "closed";
  CHECK_FALSE(search(library.room.learning, Caller{}, form)->rows[0].snippet);
}

TEST_CASE("whatever is typed is words, never a question to the index") {
  Library library;
  const auto paid = library.room.subscriber();
  for (const char* typed :
       {"\"", "voices\"", "voices AND", "(voices", "NEAR(", "title:voices", "*", "voices*", "-voices",
        "voices OR secret", "{title}: x", "'; DROP TABLE courses; --", "^voices", "\xc3\xa9", "a+b"}) {
    INFO(typed);
    library.find(paid, typed);
  }
  CHECK(library.find(paid, "voices OR secret").empty());
  CHECK(library.find(paid, "\"voices\"") == Titles{"Counterpoint", "open"});
  CHECK(library.find(paid, "--- ***").empty());
  CHECK(catalogue::search_words("one two") == "\"one\" \"two\"*");
  CHECK(catalogue::search_words("!?").empty());
}

TEST_CASE("the index follows every change in the same transaction") {
  Library library;
  auto draft = course_of("c", {module_of("m", 1, 1, {"open", "third"})});
  draft.title = "Harmony";
  draft.modules[0].lessons[0].preview = true;
  library.room.put(draft);
  const auto paid = library.room.subscriber();
  CHECK(library.find(paid, "counterpoint").empty());
  CHECK(library.find(paid, "suspension").empty());
  CHECK(library.find(paid, "harmony") == Titles{"Harmony"});
  CHECK(library.find(paid, "third") == Titles{"third"});
  const auto course = library.room.shelf->course("c")->id;
  REQUIRE(catalogue::withdraw_course(library.room.catalogue, system_caller(), course, {}).ok());
  CHECK(library.find(paid, "harmony").empty());
  REQUIRE(catalogue::remove_course(library.room.catalogue, system_caller(), "c").ok());
  CHECK(library.room.db->read([](ReadTx& tx) {
    return *tx.one<std::int64_t>("SELECT COUNT(*) FROM search_entries WHERE title = 'Harmony'");
  }) == 0);
}

TEST_CASE("what was found is read page by page") {
  Classroom room;
  std::vector<std::string> titles;
  for (int i = 0; i < 45; ++i) titles.push_back("tone " + std::to_string(i));
  room.put(course_of("c", {module_of("m", 1, 1, titles)}));
  SearchForm form;
  form.query = "tone";
  std::size_t found = 0;
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = search(room.learning, room.subscriber(), form);
    REQUIRE(page);
    found += page->rows.size();
    if (!page->next) break;
    form.cursor = page->next;
  }
  CHECK(found == 45);
  form.cursor = "x";
  CHECK_FALSE(search(room.learning, Caller{}, form));
}

TEST_CASE("what is searched for comes out of the index of words, and each course by its key") {
  Library library;
  const auto plan = tests::query_plan(*library.room.db, catalogue::search_statement());
  INFO(plan);
  CHECK(tests::uses_index(*library.room.db, catalogue::search_statement()));
  CHECK(plan.find("SCAN s VIRTUAL TABLE INDEX") != std::string::npos);
  CHECK(plan.find("SEARCH c USING INDEX sqlite_autoindex_courses_1 (id=?)") != std::string::npos);
}

}  // namespace tuition::learning

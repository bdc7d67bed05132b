#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// What questions show through their texts.
namespace tuition::catalogue {

// It counts as shown by the quiz's lesson, beside what the lesson's own text shows. After every change of either.
void put_question_uses(WriteTx& tx, const CourseId& course, const LessonId& lesson);

// Pure: the text with the content of each file in place of its address, so that two texts are the same when what they
// show is, whatever they call it. `content_of` is asked for "../media/x.png", "/api/media/<id>" and the like; empty:
// the address stays.
std::string with_contents(std::string_view text,
                          const std::function<std::string(std::string_view address)>& content_of);

}  // namespace tuition::catalogue

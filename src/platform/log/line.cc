#include "platform/log/line.h"

#include "platform/base/fields_json.h"
#include "platform/base/text.h"
#include "platform/log/redact.h"

namespace tuition::log {
namespace {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warn: return "warn";
    case Level::error: return "error";
  }
  return {};
}

std::string render_json(Instant at, Level level, std::string_view event, std::string_view request,
                        std::span<const Field> fields) {
  std::string line = R"({"time":")" + to_text(at) + R"(","level":")";
  line += name_of(level);
  line += R"(","event":)";
  append_json_text(line, event);
  if (!request.empty()) {
    line += R"(,"request":)";
    append_json_text(line, request);
  }
  for (const Field& field : fields) {
    line += ',';
    append_json_text(line, field.name);
    line += ':';
    if (field.is_number) {
      line += field.text;
    } else {
      append_json_text(line, redact(field.name, field.text));
    }
  }
  return line + "}\n";
}

// Quoted only where a value could be misread.
void append_readable(std::string& line, const std::string& text) {
  const bool plain = !text.empty() && text.find_first_of(" \"=\\") == std::string::npos && is_utf8(text) &&
                     !has_control(text) && text.find_first_of("\t\r\n") == std::string::npos;
  if (plain) {
    line += text;
  } else {
    append_json_text(line, text);
  }
}

std::string render_for_person(Instant at, Level level, std::string_view event, std::string_view request,
                              std::span<const Field> fields) {
  std::string line = to_text(at).substr(11, 12) + "  ";
  line += name_of(level);
  line.append(line.size() < 21 ? 21 - line.size() : 1, ' ');
  line += event;
  for (const Field& field : fields) {
    line += "  ";
    line += field.name;
    line += '=';
    append_readable(line, field.is_number ? field.text : redact(field.name, field.text));
  }
  if (!request.empty()) {
    line += "  request=";
    append_readable(line, std::string(request));
  }
  return line + "\n";
}

}  // namespace

std::string render(Form form, Instant at, Level level, std::string_view event, std::string_view request,
                   std::span<const Field> fields) {
  switch (form) {
    case Form::json: return render_json(at, level, event, request, fields);
    case Form::person: return render_for_person(at, level, event, request, fields);
  }
  return {};
}

}  // namespace tuition::log

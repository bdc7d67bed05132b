#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/json.h"
#include "platform/base/result.h"

namespace tuition::sandbox::stripe {

// Request parameters as Stripe takes them: form pairs whose names have brackets, checked against a table as strictly as
// Stripe does.

struct Param {
  // `known` is taken unread: Stripe has it, the sandbox does nothing with it.
  enum class Sort { text, integer, boolean, object, list, metadata, known };
  std::string_view name;
  Sort sort = Sort::text;
  bool required = false;
  std::vector<Param> inner{};  // of an object, or of each object of a list; empty list: texts
  std::vector<std::string_view> choices{};
};
using Params = std::vector<Param>;

// Stripe's errors. `code` may be empty; `param` names the parameter as it was written.
Error refusal(Kind kind, std::string code, std::string message, std::string param = {});

// "a[b][0]=x&a[b][1]=y" to {"a":{"b":["x","y"]}}; all values text. Error when it cannot be read.
Result<Json> read_form(std::string_view body);
Result<Json> read_pairs(const std::vector<std::pair<std::string, std::string>>& pairs);  // decoded already

// Text to the types of the table; unknown, missing and wrong ones are errors, the first one found. An empty text for
// anything but text stays an empty text: "unset". `expand` is always allowed.
Result<Json> check_params(const Json& given, const Params& table);

}  // namespace tuition::sandbox::stripe

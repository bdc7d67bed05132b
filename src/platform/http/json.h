#pragma once

// Turns typed functions into handlers: decode, call, encode. A verb's adapter is a function (or a lambda without
// captures beyond its door) of any of these forms, where F is a form struct and V a view struct, vector, optional,
// Page, Reply, Shared of a struct or vector, or SharedPage:
//
//   Result<V> f(const Request&)
//   Result<V> f(const Request&, const F&)
//   void      f(const Request&, const F&, Answer<V>)      answers later, from any thread
//   void      f(const Request&, Answer<V>)
//
// F is decoded from the body for POST, PUT and PATCH (content type application/json), from the query for GET and
// DELETE.

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "platform/base/fields_json.h"
#include "platform/base/page.h"
#include "platform/http/problem.h"
#include "platform/http/route.h"

namespace tuition::http {

// A view with a status or message of its own, or with cookies.
template <class V>
struct Enveloped {
  V data{};
  std::string message{};
  int status = 0;  // 0: the route's own
  std::vector<Cookie> cookies{};
  std::string location{};  // where to ask for what was begun or made
};

// Where a deferred verb puts its Result, once.
template <class V>
using Answer = std::function<void(Result<V>)>;

struct NoData {};

// A view that many answers share, encoded once.
template <class V>
using Shared = std::shared_ptr<const Encoded<V>>;

// A page of a list that many answers share: encoded anew only where it is not the whole of it.
template <class T>
struct SharedPage {
  Shared<std::vector<T>> all{};
  std::size_t from = 0;
  std::size_t count = 0;
  std::int64_t limit = page_limit_default;
  std::optional<std::string> next{};
};

namespace detail {

template <class T>
struct is_page : std::false_type {};
template <class T>
struct is_page<Page<T>> : std::true_type {
  using Item = T;
};
template <class T>
struct is_enveloped : std::false_type {};
template <class T>
struct is_enveloped<Enveloped<T>> : std::true_type {
  using Data = T;
};

template <class T>
struct is_shared : std::false_type {};
template <class T>
struct is_shared<Shared<T>> : std::true_type {
  using Data = T;
};

template <class T>
struct is_shared_page : std::false_type {};
template <class T>
struct is_shared_page<SharedPage<T>> : std::true_type {
  using Item = T;
};

// {"success":true,"data":...,"message":...,"page":...,"timestamp":...}
void begin_envelope(std::string& out);
void end_envelope(std::string& out, std::string_view message, Instant now);
void append_page(std::string& out, std::int64_t limit, const std::optional<std::string>& next,
                 const std::optional<std::int64_t>& total);
FieldFilter filter_of(const Request& request);
Result<JsonNode> body_of(const Request& request);
// The caller's own limit, then the verb.
bool may_call(const Request& request, const Respond& respond);

template <class V>
Reply encode_reply(const V& value, const FieldFilter& filter, Instant now) {
  if constexpr (std::is_same_v<V, Reply>) {
    return value;
  } else if constexpr (is_shared<V>::value) {
    if (!filter.names.empty()) return encode_reply(value->value, filter, now);
    Reply reply;
    reply.status = 0;
    begin_envelope(reply.body);
    reply.body += value->json;
    end_envelope(reply.body, {}, now);
    return reply;
  } else if constexpr (is_shared_page<V>::value) {
    const auto& all = value.all->value;
    Reply reply;
    reply.status = 0;
    begin_envelope(reply.body);
    if (value.count == all.size() && filter.names.empty()) {
      reply.body += value.all->json;
    } else {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(value.from);
      encode(reply.body, std::vector(begin, begin + static_cast<std::ptrdiff_t>(value.count)), &filter);
    }
    append_page(reply.body, value.limit, value.next, {});
    end_envelope(reply.body, {}, now);
    return reply;
  } else if constexpr (is_enveloped<V>::value) {
    Reply reply = encode_reply(value.data, filter, now);
    if (value.status != 0) reply.status = value.status;
    reply.cookies = value.cookies;
    if (!value.location.empty()) reply.with("Location", value.location);
    if (!value.message.empty()) {
      reply.body.clear();
      begin_envelope(reply.body);
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value.data)>, NoData>) {
        reply.body += "null";
      } else {
        encode(reply.body, value.data, &filter);
      }
      end_envelope(reply.body, value.message, now);
    }
    return reply;
  } else {
    Reply reply;
    reply.status = 0;
    begin_envelope(reply.body);
    if constexpr (std::is_same_v<V, NoData>) {
      reply.body += "null";
    } else if constexpr (is_page<V>::value) {
      encode(reply.body, value.rows, &filter);
      append_page(reply.body, value.limit, value.next, value.total);
    } else {
      encode(reply.body, value, &filter);
    }
    end_envelope(reply.body, {}, now);
    return reply;
  }
}

template <class V>
void describe_view(Endpoint& endpoint) {
  if constexpr (is_enveloped<V>::value) {
    describe_view<typename is_enveloped<V>::Data>(endpoint);
  } else if constexpr (is_shared<V>::value) {
    describe_view<typename is_shared<V>::Data>(endpoint);
  } else if constexpr (is_shared_page<V>::value) {
    describe_view<Page<typename is_shared_page<V>::Item>>(endpoint);
  } else if constexpr (is_page<V>::value) {
    endpoint.paged = true;
    endpoint.list = true;
    endpoint.view = &shape_of<typename is_page<V>::Item>();
  } else if constexpr (is_vector<V>::value) {
    endpoint.list = true;
    endpoint.view = &shape_of<typename V::value_type>();
  } else if constexpr (is_optional<V>::value) {
    endpoint.nullable = true;
    describe_view<typename V::value_type>(endpoint);
  } else if constexpr (HasFields<V>) {
    endpoint.view = &shape_of<V>();
  }
}

template <class F>
struct CheckOf {
  using type = FormCheck<F>;
};
template <>
struct CheckOf<void> {
  struct type {};
};

template <class F>
Result<F> decode_form(const Request& request, const FormCheck<F>& check = {}) {
  if (request.method == Method::get || request.method == Method::head || request.method == Method::del) {
    auto pairs = request.query;
    std::erase_if(pairs, [](const auto& pair) { return pair.first == "fields"; });
    return decode_pairs<F>(pairs, Unknown::refused, check);
  }
  return decode<F>(TRY(body_of(request)), Unknown::refused, check);
}

// What everybody sees gets an ETag made of the data: the same data has the same one, whenever it was written.
void add_validator(const Request& request, Reply& reply);

template <class V>
Reply reply_to(const Request& request, const Result<V>& result) {
  if (!result) return problem(result.error(), request);
  Reply reply = encode_reply(result.value(), filter_of(request), request.now());
  add_validator(request, reply);
  return reply;
}

// The request for as long as the answer is open; where it may go before, what the answer needs of it.
std::shared_ptr<const Request> kept(const Request& request, const Respond& respond);

}  // namespace detail

// A reply's status 0 stands for the route's success status; the engine fills it in.

template <class F, class Out>
struct Signature;
template <class C, class V>
struct Signature<Result<V> (C::*)(const Request&) const, void> {
  using View = V;
  using Form = void;
  static constexpr bool later = false;
};
template <class C, class V, class F>
struct Signature<Result<V> (C::*)(const Request&, const F&) const, void> {
  using View = V;
  using Form = F;
  static constexpr bool later = false;
};
template <class C, class V>
struct Signature<void (C::*)(const Request&, std::function<void(Result<V>)>) const, void> {
  using View = V;
  using Form = void;
  static constexpr bool later = true;
};
template <class C, class V, class F>
struct Signature<void (C::*)(const Request&, const F&, std::function<void(Result<V>)>) const, void> {
  using View = V;
  using Form = F;
  static constexpr bool later = true;
};

struct NoCheck {};

// `check` is a FormCheck of the verb's form, for what depends on more than the form; what it finds is answered together
// with the problems of the fields.
template <class Verb, class Check = NoCheck>
Endpoint json(Verb verb, Check check = {}) {
  using S = Signature<decltype(&Verb::operator()), void>;
  using V = typename S::View;
  using F = typename S::Form;
  Endpoint endpoint;
  detail::describe_view<V>(endpoint);
  if constexpr (!std::is_void_v<F>) endpoint.form = &shape_of<F>();
  endpoint.counts_call = true;
  static_assert(std::is_same_v<Check, NoCheck> || !std::is_void_v<F>, "without a form there is nothing to check");
  typename detail::CheckOf<F>::type form_check{};
  if constexpr (!std::is_same_v<Check, NoCheck>) form_check = std::move(check);
  endpoint.run = [verb = std::move(verb), form_check = std::move(form_check)](const Request& request, Respond respond) {
    auto call = [&](const auto&... form) {
      if (!detail::may_call(request, respond)) return;
      if constexpr (S::later) {
        // Whoever has the result is done with it at once: it is encoded by the thread that sends it.
        verb(request, form..., Answer<V>([kept = detail::kept(request, respond), respond](Result<V> result) {
               respond.with([made = std::make_shared<const Result<V>>(std::move(result))](
                                const Request& asked) { return detail::reply_to(asked, *made); },
                            *kept);
             }));
      } else {
        respond(detail::reply_to(request, verb(request, form...)));
      }
    };
    if constexpr (std::is_void_v<F>) {
      call();
    } else {
      auto form = detail::decode_form<F>(request, form_check);
      if (!form) {
        respond(problem(form.error(), request));
        return;
      }
      call(form.value());
    }
  };
  return endpoint;
}

// A handler that deals in raw bytes: webhooks, pages, downloads.
inline Endpoint raw(std::function<Reply(const Request&)> f) {
  Endpoint endpoint;
  endpoint.run = [f = std::move(f)](const Request& request, Respond respond) { respond(f(request)); };
  return endpoint;
}

// A handler that takes a large body while it arrives.
inline Endpoint upload(UploadHandler f) {
  Endpoint endpoint;
  endpoint.upload = std::move(f);
  return endpoint;
}

}  // namespace tuition::http

#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "platform/http/guard.h"
#include "platform/http/route.h"

namespace tuition::app {

// What there is to read about `routes`: their document, and /docs/api and /docs/errors, pages in the frame that the web
// app's build made (static/docs.html). The pages are no routes of the API themselves and stand in none of its lists.
// Everything is written when somebody first asks: it would be most of the time that a start takes. Safe from any
// thread.
class Docs {
 public:
  Docs(http::Routes routes, http::GuardSettings limits, std::string site_name);

  // Whose handlers need this to stay where it is.
  http::Routes routes();
  // The pages tell these from now on.
  void change_limits(http::GuardSettings limits);

 private:
  using Text = std::shared_ptr<const std::string>;
  Text api_page();

  const http::Routes about_;
  const std::string site_name_;
  std::mutex mutex_;
  http::GuardSettings limits_;  // behind the mutex
  Text api_;                    // behind the mutex; null: to be written
};

// The document of `routes` as an OpenAPI 3.1 text.
std::string openapi_of(const http::Routes& routes);

}  // namespace tuition::app

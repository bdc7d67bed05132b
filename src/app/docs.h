#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "platform/http/guard.h"
#include "platform/http/route.h"

namespace tuition::app {

// /docs/api and /docs/errors: pages about `routes`, in the frame that the web app's build made (static/docs.html). They
// are no routes of the API themselves and stand in none of its lists.
class Docs {
 public:
  Docs(http::Routes routes, const http::GuardSettings& limits, std::string site_name);

  // Whose handlers need this to stay where it is.
  http::Routes routes();
  // The pages tell these from now on; may be called while they are read.
  void change_limits(const http::GuardSettings& limits);

 private:
  const http::Routes about_;
  const std::string site_name_;
  std::mutex mutex_;
  std::shared_ptr<const std::string> api_;  // behind the mutex
};

}  // namespace tuition::app

#pragma once

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <vector>

namespace tuition::outbound {

// Idle easy handles, each with its open connections. The last one returned goes out first, so few connections stay
// warm. Safe from any thread.
class Handles {
 public:
  Handles();
  ~Handles();
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;

  class Lease {
   public:
    explicit Lease(Handles& pool) : pool_(pool), handle_(pool.take()) {}
    ~Lease() { pool_.give_back(handle_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    CURL* get() const { return handle_; }

   private:
    Handles& pool_;
    CURL* handle_;
  };

 private:
  CURL* take();
  void give_back(CURL* handle);

  std::mutex mutex_;
  std::vector<CURL*> idle_;
};

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;
void append(List& list, const std::string& text);

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;
std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0);  // empty when absent

// The options of every call: TLS 1.2 or later with verified certificates from `authorities` alone, no signals, no
// proxies from the environment.
void set_common(CURL* handle, const std::string& authorities, long connect_ms, long total_ms);

// curl_easy_setopt with its result checked: a refused option is a bug.
template <class T>
void set(CURL* handle, CURLoption option, T value);
void check_option(CURLcode code);

template <class T>
void set(CURL* handle, CURLoption option, T value) {
  check_option(curl_easy_setopt(handle, option, value));
}

}  // namespace tuition::outbound

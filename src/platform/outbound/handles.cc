#include "platform/outbound/handles.h"

#include <new>
#include <string>

#include "platform/base/check.h"

namespace tuition::outbound {
namespace {
constexpr std::size_t idle_max = 16;
}

Handles::Handles() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  check(ready, "libcurl starts");
}

Handles::~Handles() {
  for (CURL* each : idle_) curl_easy_cleanup(each);
}

CURL* Handles::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      CURL* handle = idle_.back();
      idle_.pop_back();
      return handle;
    }
  }
  CURL* handle = curl_easy_init();
  if (!handle) throw std::bad_alloc();
  return handle;
}

void Handles::give_back(CURL* handle) {
  curl_easy_reset(handle);  // forgets options, keeps connections
  {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < idle_max) {
      idle_.push_back(handle);
      return;
    }
  }
  curl_easy_cleanup(handle);
}

void append(List& list, const std::string& text) {
  curl_slist* longer = curl_slist_append(list.get(), text.c_str());
  if (!longer) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

std::string part_of(const Url& url, CURLUPart part, unsigned flags) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string out = text;
  curl_free(text);
  return out;
}

void check_option(CURLcode code) { check(code == CURLE_OK, "libcurl knows every option we set"); }

void set_common(CURL* handle, const std::string& authorities, long connect_ms, long total_ms) {
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
  set(handle, CURLOPT_TIMEOUT_MS, total_ms);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  // The library was built without paths of its own; nothing but the given text is trusted.
  set(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));
  if (!authorities.empty()) {
    curl_blob blob{const_cast<char*>(authorities.data()), authorities.size(), CURL_BLOB_NOCOPY};
    set(handle, CURLOPT_CAINFO_BLOB, &blob);
  }
  set(handle, CURLOPT_TCP_KEEPALIVE, 1L);
}

}  // namespace tuition::outbound

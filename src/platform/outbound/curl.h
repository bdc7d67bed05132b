#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "platform/metrics/metrics.h"
#include "platform/outbound/breaker.h"
#include "platform/outbound/call.h"
#include "platform/outbound/http.h"

namespace tuition::outbound {

class Handles;

// HttpClient over libcurl. Unless `named` lists the host and port, only https to port 443 of public addresses is
// called; the address is checked when the socket is made, after the name was resolved, so no name can lead inside.
class CurlClient final : public HttpClient {
 public:
  struct Settings {
    std::string authorities{};              // PEM text, see certificates.h
    std::vector<std::string> named{};       // "127.0.0.1:12111", "llm.lan:8080": may be private, plain, on any port
    std::function<bool()> write_is_open{};  // on this thread; calling then is a bug
    OnCall on_call{};                       // after every call, on the caller's thread
    Breaker::Settings breaker{};
    std::vector<std::string> providers{};  // have figures from the start; others from their first call on
  };
  CurlClient(Settings settings, metrics::Registry& metrics);
  ~CurlClient() override;

  Result<HttpReply> send(const HttpRequest& request) override;
  // Adds to `named`: for peers whose port is known only once they listen.
  void name(std::string host_and_port);

 private:
  struct Provider;
  Provider& provider(const std::string& name);
  bool is_named(const std::string& host_and_port);
  Result<HttpReply> perform(const HttpRequest& request, std::string& path);

  Settings settings_;
  metrics::Registry& metrics_;
  std::unique_ptr<Handles> handles_;
  std::mutex mutex_;  // of what follows
  std::set<std::string> named_;
  std::map<std::string, std::unique_ptr<Provider>> providers_;
};

}  // namespace tuition::outbound

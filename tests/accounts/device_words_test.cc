#include "accounts/sessions/device_words.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::accounts {

TEST_CASE("a device is named by what its owner knows it by") {
  struct Known {
    const char* user_agent;
    const char* words;
  };
  for (const auto& [user_agent, words] : {
           Known{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"},
           Known{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
                 "Safari/537.36",
                 "Chrome on Windows"},
           Known{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
                 "Safari/537.36 Edg/140.0.0.0",
                 "Edge on Windows"},
           Known{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                 "Version/18.5 Safari/605.1.15",
                 "Safari on Mac"},
           Known{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                 "Version/18.5 Mobile/15E148 Safari/604.1",
                 "Safari on iPhone"},
           Known{"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                 "CriOS/140.0.0.0 Mobile/15E148 Safari/604.1",
                 "Chrome on iPad"},
           Known{"Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
                 "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                 "Samsung Internet on Android"},
           Known{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
                 "Safari/537.36",
                 "Chrome on ChromeOS"},
           Known{"curl/8.14.1", "curl"},
           Known{"python-requests/2.32.3", "python-requests"},
           Known{"Mozilla/5.0 (Windows NT 6.1)", "A browser on Windows"},
       }) {
    INFO(user_agent);
    CHECK(device_words(user_agent) == words);
  }
}

TEST_CASE("a stranger's text is not repeated") {
  for (const char* text : {"", "Mozilla/5.0", "visit https://evil.example now", "<b>bold</b>/1",
                           "averyveryveryveryveryveryverylongname/1", "Mozilla"})
    CHECK(device_words(text) == "Unknown device");
}

}  // namespace tuition::accounts

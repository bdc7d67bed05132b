#include <SQLiteCpp/SQLiteCpp.h>
#include <curl/curl.h>
#include <mbedtls/version.h>
#include <sodium.h>
#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

TEST_CASE("SQLite has the WAL-reset fix and the options the storage relies on") {
  const int version = sqlite3_libversion_number();
  CHECK((version >= 3051003 || (version >= 3050007 && version < 3051000) || (version >= 3044006 && version < 3045000)));
  CHECK(sqlite3_threadsafe() == 2);
  for (const char* option : {"DQS=0", "DEFAULT_MEMSTATUS=0", "OMIT_LOAD_EXTENSION", "OMIT_DEPRECATED", "ENABLE_FTS5"}) {
    CAPTURE(option);
    CHECK(sqlite3_compileoption_used(option) == 1);
  }
}

TEST_CASE("SQLiteCpp runs on our SQLite") {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("CREATE VIRTUAL TABLE words USING fts5(word)");
  database.exec("INSERT INTO words VALUES ('minor scale')");
  SQLite::Statement found(database, "SELECT count(*) FROM words WHERE words MATCH 'scale'");
  REQUIRE(found.executeStep());
  CHECK(found.getColumn(0).getInt() == 1);
}

TEST_CASE("mbedTLS is a release that talks to servers of TLS 1.2 with RSA") {
  CHECK(mbedtls_version_get_number() >= 0x03060700);
  CHECK(mbedtls_version_check_feature("MBEDTLS_THREADING_PTHREAD") == 0);
}

TEST_CASE("libcurl speaks HTTP and SMTP over mbedTLS and nothing else") {
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  std::vector<std::string> protocols;
  for (const char* const* protocol = info->protocols; *protocol != nullptr; ++protocol)
    protocols.emplace_back(*protocol);
  std::sort(protocols.begin(), protocols.end());
  CHECK(protocols == std::vector<std::string>{"http", "https", "smtp", "smtps"});
  CHECK(std::string_view(info->ssl_version).starts_with("mbedTLS/3.6."));
  CHECK((info->features & CURL_VERSION_ASYNCHDNS) != 0);
}

TEST_CASE("libsodium starts") { CHECK(sodium_init() >= 0); }

# The third-party libraries as targets third_party::NAME. Which folder may use which: its CMakeLists.txt links it.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  third_party/build.sh third_party/functions.sh)
file(GLOB recipes CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/recipes/*.sh)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${recipes})

# The ones that take longest first: two are built side by side.
set(third_party sqlite curl bcrypt httplib md4c mbedtls sqlitecpp)
if(TUITION_TESTS)
  list(APPEND third_party catch2)
endif()
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/build.sh --cmake ${CMAKE_BINARY_DIR}/third_party.cmake ${third_party}
                RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "a third-party library is missing; the lines above say which")
endif()
include(${CMAKE_BINARY_DIR}/third_party.cmake)

# Ours: a folder with include/ and static libraries in lib/.
function(third_party_built name prefix)
  add_library(third_party::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(third_party::${name} INTERFACE ${prefix}/include)
  foreach(library IN LISTS ARGN)
    target_link_libraries(third_party::${name} INTERFACE ${prefix}/lib/lib${library}.a)
  endforeach()
endfunction()

# Debian's: a header that must be there and perhaps a static library.
function(third_party_installed name package header)
  find_path(THIRD_PARTY_${name}_HEADER ${header})
  if(NOT THIRD_PARTY_${name}_HEADER)
    message(FATAL_ERROR "${header} is missing: install ${package} (packaging/install-deps.sh does)")
  endif()
  add_library(third_party::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(third_party::${name} INTERFACE ${THIRD_PARTY_${name}_HEADER})
  foreach(library IN LISTS ARGN)
    find_library(THIRD_PARTY_${library}_ARCHIVE lib${library}.a)
    if(NOT THIRD_PARTY_${library}_ARCHIVE)
      message(FATAL_ERROR "lib${library}.a is missing: install ${package} (packaging/install-deps.sh does)")
    endif()
    target_link_libraries(third_party::${name} INTERFACE ${THIRD_PARTY_${library}_ARCHIVE})
  endforeach()
endfunction()

find_package(Threads REQUIRED)

third_party_built(sqlite ${THIRD_PARTY_sqlite} sqlite3)
target_link_libraries(third_party::sqlite INTERFACE m)
third_party_built(sqlitecpp ${THIRD_PARTY_sqlitecpp} SQLiteCpp)
target_compile_definitions(third_party::sqlitecpp INTERFACE SQLITE_OMIT_LOAD_EXTENSION)
target_link_libraries(third_party::sqlitecpp INTERFACE third_party::sqlite)
third_party_built(httplib ${THIRD_PARTY_httplib})
# With select(), descriptors above 1023 are answered wrongly.
target_compile_definitions(third_party::httplib INTERFACE CPPHTTPLIB_USE_POLL)
third_party_built(mbedtls ${THIRD_PARTY_mbedtls} mbedtls mbedx509 mbedcrypto)
third_party_built(curl ${THIRD_PARTY_curl} curl)
target_compile_definitions(third_party::curl INTERFACE CURL_STATICLIB)
target_link_libraries(third_party::curl INTERFACE third_party::mbedtls Threads::Threads)
third_party_built(md4c ${THIRD_PARTY_md4c} md4c)
third_party_built(bcrypt ${THIRD_PARTY_bcrypt} bcrypt)
if(TUITION_TESTS)
  third_party_built(catch2 ${THIRD_PARTY_catch2} Catch2Main Catch2)
endif()

third_party_installed(sodium libsodium-dev sodium.h sodium)
third_party_installed(json nlohmann-json3-dev nlohmann/json.hpp)
third_party_installed(cli11 libcli11-dev CLI/CLI.hpp)
third_party_installed(zlib zlib1g-dev zlib.h z)
third_party_installed(utf8proc libutf8proc-dev utf8proc.h utf8proc)
third_party_installed(mustache libkainjow-mustache-dev kainjow/mustache.hpp)
third_party_installed(qrcodegen libqrcodegencpp-dev qrcodegen/QrCode.hpp qrcodegencpp)
third_party_installed(minizip_archive libminizip-dev minizip/zip.h minizip)
# A library of its own, so that the one it needs always comes after it.
add_library(third_party::minizip STATIC IMPORTED GLOBAL)
set_target_properties(third_party::minizip PROPERTIES
  IMPORTED_LOCATION ${THIRD_PARTY_minizip_ARCHIVE}
  INTERFACE_INCLUDE_DIRECTORIES ${THIRD_PARTY_minizip_archive_HEADER})
target_link_libraries(third_party::minizip INTERFACE third_party::zlib)

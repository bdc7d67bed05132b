# cmake -DSOURCE=... -DVERSION=... -DOUTPUT=... -P version.cmake
# Writes the header only when it changes, so that a rebuild of the same commit compiles nothing.
set(version ${VERSION})
execute_process(COMMAND git -C ${SOURCE} log -1 --format=%h|%ct --abbrev=12
                OUTPUT_VARIABLE line OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
set(commit unknown)
set(seconds 0)
if(NOT failed AND line MATCHES "^(.*)\\|([0-9]+)$")
  set(commit ${CMAKE_MATCH_1})
  set(seconds ${CMAKE_MATCH_2})
endif()
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  set(ENV{SOURCE_DATE_EPOCH} ${seconds})
endif()
string(TIMESTAMP build_date "%Y-%m-%d" UTC)
configure_file(${CMAKE_CURRENT_LIST_DIR}/version.h.in ${OUTPUT} @ONLY)

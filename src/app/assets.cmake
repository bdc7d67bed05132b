# Packs files into the binary: a generated .cc per set, whose bytes come in by the assembler's .incbin. Declared in
# embedded.h.

add_library(tuition_embedded STATIC)
tuition_compile(tuition_embedded)
# Clean compiles of .incbin are cheap, and ccache does not look into the files named there.
set_target_properties(tuition_embedded PROPERTIES CXX_COMPILER_LAUNCHER "")

# tuition_embed(FUNCTION ROOT GLOB...): text files below ROOT as a table of EmbeddedText.
function(tuition_embed function root)
  set(globs ${ARGN})
  list(TRANSFORM globs PREPEND ${root}/)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${globs})
  list(SORT files)
  tuition_embed_files(${function} ${root} ${files})
endfunction()

# tuition_embed_files(FUNCTION ROOT FILE...): the same for files by name, which the build may have to make first.
function(tuition_embed_files function root)
  set(files ${ARGN})
  set(list ${TUITION_GENERATED}/${function}.list)
  string(REPLACE ";" "\n" lines "${files}")
  file(CONFIGURE OUTPUT ${list} CONTENT "${lines}\n" @ONLY)
  set(output ${TUITION_GENERATED}/${function}.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DKIND=text -DFUNCTION=${function} -DROOT=${root} -DLIST=${list} -DOUTPUT=${output}
            -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pack.cmake
    DEPENDS ${files} ${list} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pack.cmake
    COMMENT "Packing ${function}" VERBATIM)
  target_sources(tuition_embedded PRIVATE ${output})
endfunction()

# The web app: built by npm when one of its sources changed, then packed with hashes and compressed copies.
function(tuition_embed_site function root)
  set(output ${TUITION_GENERATED}/${function}.cc)
  set(pack ${CMAKE_COMMAND} -DKIND=site -DFUNCTION=${function} -DROOT=${root}/dist -DOUTPUT=${output}
           -DWORK=${TUITION_GENERATED}/${function} -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pack.cmake)
  # The folder may appear later.
  file(GLOB package CONFIGURE_DEPENDS ${root}/package.json)
  if(package)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${root}/src/* ${root}/public/* ${root}/locales/* ${root}/scripts/*)
    file(GLOB top CONFIGURE_DEPENDS ${root}/*.json ${root}/*.html ${root}/*.ts ${root}/*.js ${root}/*.mjs
                                    ${CMAKE_SOURCE_DIR}/schema/openapi.json)
    add_custom_command(
      OUTPUT ${output}
      COMMAND ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/build-site.sh ${root}
      COMMAND ${pack}
      DEPENDS ${sources} ${top} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pack.cmake
              ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/build-site.sh
      COMMENT "Building and packing the web app" VERBATIM)
  else()
    add_custom_command(OUTPUT ${output} COMMAND ${pack} DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pack.cmake
                       COMMENT "Packing an empty web app" VERBATIM)
  endif()
  target_sources(tuition_embedded PRIVATE ${output})
endfunction()

tuition_embed_site(embedded_site ${CMAKE_SOURCE_DIR}/static)
tuition_embed(embedded_schema ${CMAKE_SOURCE_DIR}/schema [0-9]*.sql)
tuition_embed(embedded_templates ${CMAKE_SOURCE_DIR}/src/outreach/templates *.txt *.html)
tuition_embed(embedded_words ${CMAKE_SOURCE_DIR}/src/accounts/passwords common_passwords.txt)
tuition_embed(embedded_demo ${CMAKE_SOURCE_DIR}/src/cli/demo *)
find_program(TUITION_NODE NAMES node nodejs REQUIRED)
set(TUITION_ZONEINFO /usr/share/zoneinfo CACHE PATH "The time zones to pack, as the package tzdata installs them")
set(zones ${TUITION_GENERATED}/zones.bin)
add_custom_command(
  OUTPUT ${zones}
  COMMAND ${TUITION_NODE} ${CMAKE_CURRENT_LIST_DIR}/pack-zones.mjs ${TUITION_ZONEINFO} ${zones}
  DEPENDS ${TUITION_ZONEINFO}/tzdata.zi ${CMAKE_CURRENT_LIST_DIR}/pack-zones.mjs
  COMMENT "Packing the time zones" VERBATIM)
tuition_embed_files(embedded_zones ${TUITION_GENERATED} ${zones})
set(TUITION_CERTIFICATES /etc/ssl/certs/ca-certificates.crt CACHE FILEPATH "The bundle for hosts that have none")
get_filename_component(certificates_folder ${TUITION_CERTIFICATES} DIRECTORY)
get_filename_component(certificates_name ${TUITION_CERTIFICATES} NAME)
tuition_embed(embedded_certificates ${certificates_folder} ${certificates_name})

# The version header is looked at in every build and written only when it changed.
set(version_command ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
    -DOUTPUT=${TUITION_GENERATED}/app/version.h -P ${CMAKE_CURRENT_LIST_DIR}/version.cmake)
execute_process(COMMAND ${version_command})
add_custom_target(tuition_version COMMAND ${version_command} BYPRODUCTS ${TUITION_GENERATED}/app/version.h VERBATIM)
add_dependencies(tuition_embedded tuition_version)

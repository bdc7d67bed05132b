# How our own code is compiled: one function, so that third-party headers and generated projects stay untouched.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
# The sanitizers' builds. Compiling takes longer than the tests: measured 48 s a batch with -O1, 32 s with -O0.
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1 -fno-omit-frame-pointer")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Worktrees and clones share compiler results: no absolute path may reach the compiler's output.
find_program(TUITION_CCACHE ccache)
if(TUITION_CCACHE)
  # Depend mode: what is not in the cache is compiled at once, without being preprocessed first to look again.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${TUITION_CCACHE})
endif()

set(TUITION_GENERATED ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${TUITION_GENERATED})

# The compiler's garbage collection is a tenth of its time; where there is memory for 1.2 GB a job it may keep its garbage.
cmake_host_system_information(RESULT TUITION_MEMORY_MB QUERY TOTAL_PHYSICAL_MEMORY)
if(TUITION_MEMORY_MB GREATER 7000)
  set(TUITION_ROOMY YES)
endif()

function(tuition_compile target)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src ${TUITION_GENERATED})
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
    -Wextra-semi -Wimplicit-fallthrough
    # Other compilers warn of other things; that must not stop who only wants to build.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Werror>
    # Tables of designated initialisers name what differs from the default.
    -Wno-missing-field-initializers
    # g++ 12 sees overlaps in `"literal" + std::string` that are not there.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    # A batch (below) includes .cc files: what is unnamed there is as private as ever.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${TUITION_ROOMY}>>:--param=ggc-min-heapsize=1500000>
    -fPIE -fstack-protector-strong -ffunction-sections -fdata-sections
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
  target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
  target_link_options(${target} PRIVATE -Wl,--gc-sections -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
  if(TUITION_SANITIZE)
    # Instrumented code confuses the analysis behind -Wmaybe-uninitialized.
    # Bad addresses are for the address sanitizer to find; looking for them twice trebles the objects.
    target_compile_options(${target} PRIVATE -fsanitize=${TUITION_SANITIZE}
                                             -fno-sanitize=null,alignment,object-size
                                             -fno-sanitize-recover=all
                                             -Wno-maybe-uninitialized)
    target_link_options(${target} PRIVATE -fsanitize=${TUITION_SANITIZE})
  else()
    target_compile_options(${target} PRIVATE -fstack-clash-protection)
    target_compile_definitions(${target} PRIVATE _FORTIFY_SOURCE=2)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
      target_compile_options(${target} PRIVATE -fcf-protection)
    endif()
  endif()
endfunction()

# Most of a file's compile time goes into headers that its neighbours read, too (measured: eight files of one domain take 62 s one
# by one and 22 s together), so neighbours are compiled together. More of them at once would gain little, and a changed file takes
# as long as its batch. 1: each alone, for tools that want a command for each file.
set(TUITION_BATCH 12 CACHE STRING "How many files of a folder are compiled together")

# tuition_batches(OUT NAME ROOT [TOGETHER] FILE...): sets OUT to generated files that include FILEs by their paths below ROOT, a folder
# of the include path: no absolute path gets into them, so that clones share compiler results. Files of different folders stay
# apart unless TOGETHER.
function(tuition_batches out name root)
  cmake_parse_arguments(PARSE_ARGV 3 arg "TOGETHER" "" "")
  if(TUITION_BATCH LESS 2)
    set(${out} ${arg_UNPARSED_ARGUMENTS} PARENT_SCOPE)
    return()
  endif()
  set(batches "")
  set(text "")
  set(count 0)
  set(folder "")
  foreach(file IN LISTS arg_UNPARSED_ARGUMENTS ITEMS "")
    get_filename_component(here "${file}" DIRECTORY)
    if(text AND (NOT file OR count EQUAL TUITION_BATCH OR NOT (arg_TOGETHER OR here STREQUAL folder)))
      list(LENGTH batches number)
      set(batch ${TUITION_GENERATED}/batches/${name}_${number}.cc)
      file(CONFIGURE OUTPUT ${batch} CONTENT "${text}" @ONLY)
      list(APPEND batches ${batch})
      set(text "")
      set(count 0)
    endif()
    if(file)
      file(RELATIVE_PATH path ${root} ${file})
      string(APPEND text "#include \"${path}\"\n")
      math(EXPR count "${count} + 1")
      set(folder "${here}")
    endif()
  endforeach()
  set(${out} ${batches} PARENT_SCOPE)
endfunction()

# tuition_folder(NAME [COLD] [LIBRARIES third_party::x ...] [PUBLIC_LIBRARIES third_party::y ...])
#
# Makes the library of one folder of src/LEVELS from all *.cc below it and links it to every folder on lower lines. New
# files need no edit here. LIBRARIES are seen by this folder alone; PUBLIC_LIBRARIES by those above it too. COLD: what runs
# once in a process, for developers, or waits for people, the disk and other machines rather than for itself: a quick compiler
# is worth more there than quick code (measured: a fifth of the time).

file(STRINGS ${CMAKE_SOURCE_DIR}/src/LEVELS tuition_levels)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS src/LEVELS)

function(tuition_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "COLD" "" "LIBRARIES;PUBLIC_LIBRARIES")

  set(found NO)
  set(below "")
  foreach(line IN LISTS tuition_levels)
    separate_arguments(names UNIX_COMMAND "${line}")
    if(name IN_LIST names)
      set(found YES)
      break()
    endif()
    list(APPEND below ${names})
  endforeach()
  if(NOT found)
    message(FATAL_ERROR "${name} is not in src/LEVELS")
  endif()
  list(TRANSFORM below REPLACE "^platform/" "")
  list(TRANSFORM below PREPEND "tuition_")

  string(REGEX REPLACE "^platform/" "" target ${name})
  set(target tuition_${target})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(sources)
    # Quick code takes the compiler longer.
    if(NOT arg_COLD AND TUITION_BATCH GREATER 8)
      set(TUITION_BATCH 8)
    endif()
    tuition_batches(batches ${target} ${CMAKE_SOURCE_DIR}/src TOGETHER ${sources})
    add_library(${target} STATIC ${batches})
    tuition_compile(${target})
    if(arg_COLD AND NOT TUITION_SANITIZE)
      target_compile_options(${target} PRIVATE -O1)
    endif()
    target_link_libraries(${target} PUBLIC ${below} ${arg_PUBLIC_LIBRARIES} PRIVATE ${arg_LIBRARIES})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${below} ${arg_PUBLIC_LIBRARIES})
  endif()
  set_property(GLOBAL APPEND PROPERTY tuition_folders ${name})
endfunction()

# Every folder of src/LEVELS has been added, and no other folder is there.
function(tuition_folders_complete)
  get_property(added GLOBAL PROPERTY tuition_folders)
  foreach(line IN LISTS tuition_levels)
    separate_arguments(names UNIX_COMMAND "${line}")
    foreach(name IN LISTS names)
      if(NOT name IN_LIST added)
        message(FATAL_ERROR "src/LEVELS names ${name}, but CMakeLists.txt does not add it")
      endif()
    endforeach()
  endforeach()
endfunction()

# dbwright_layer(NAME [PUBLIC] SOURCES ... [USES ...] [LIBRARIES ...])
#
# One layer is one OBJECT library with one include directory, `include/` beside its CMakeLists.txt. USES names the
# layers below; a layer sees their headers and nothing else, so that an upward #include does not compile. A layer
# that USES one that is not there yet is an error: layers are added lowest first.
# PUBLIC marks a layer whose headers under include/dbwright/ are installed.
function(dbwright_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PUBLIC" "" "SOURCES;USES;LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "dbwright_layer(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target dbwright_${name})
  add_library(${target} OBJECT ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES
    C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>")
  dbwright_libc(${target})
  # Calls into other libraries (a row is 40 of them) go straight to where the symbol is.
  target_compile_options(${target} PRIVATE -fno-plt)
  dbwright_warnings(${target})
  foreach(layer IN LISTS arg_USES)
    if(NOT TARGET dbwright_${layer})
      message(FATAL_ERROR "dbwright_layer(${name}): '${layer}' is not a layer below this one")
    endif()
    target_include_directories(${target} PUBLIC
      "$<TARGET_PROPERTY:dbwright_${layer},INTERFACE_INCLUDE_DIRECTORIES>")
    target_compile_definitions(${target} PUBLIC "$<TARGET_PROPERTY:dbwright_${layer},INTERFACE_COMPILE_DEFINITIONS>")
  endforeach()
  target_link_libraries(${target} PRIVATE ${arg_LIBRARIES})
  set_target_properties(${target} PROPERTIES
    DBWRIGHT_LAYER_PUBLIC "${arg_PUBLIC}"
    DBWRIGHT_LAYER_USES "${arg_USES}"
    DBWRIGHT_LAYER_LIBRARIES "${arg_LIBRARIES}")
  set_property(GLOBAL APPEND PROPERTY DBWRIGHT_LAYERS ${name})
endfunction()

# dbwright_layers_below(OUT layer...): the layers named and all that they use, directly or not.
function(dbwright_layers_below out)
  set(found "")
  set(open ${ARGN})
  while(open)
    list(POP_FRONT open layer)
    if(NOT layer IN_LIST found)
      list(APPEND found ${layer})
      get_target_property(uses dbwright_${layer} DBWRIGHT_LAYER_USES)
      list(APPEND open ${uses})
    endif()
  endwhile()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# dbwright_link_layers(TARGET layer...): an executable of ours that is made of these layers and all below them.
function(dbwright_link_layers target)
  dbwright_layers_below(layers ${ARGN})
  list(TRANSFORM layers PREPEND dbwright_)
  target_link_libraries(${target} PRIVATE ${layers})
endfunction()

# What our files see of the C library. time_t and off_t get 64 bits where they would have 32: a clock goes on after 2038,
# and a file has any size and inode number. No public header speaks of either, so programs choose for themselves.
function(dbwright_libc target)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE _FILE_OFFSET_BITS=64 _TIME_BITS=64)
endfunction()

# The strict flags every file of ours is built with.
function(dbwright_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wformat=2 -Wcast-qual -Wwrite-strings -Wvla)
  if(DBWRIGHT_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  dbwright_sanitize(${target})
endfunction()

# The sanitizers of this build, if any.
function(dbwright_sanitize target)
  if(DBWRIGHT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${DBWRIGHT_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${DBWRIGHT_SANITIZE})
  endif()
endfunction()

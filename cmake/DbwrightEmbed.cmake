# Makes a C source that holds files as arrays of bytes. Script mode:
#
#   cmake -D OUTPUT=templates.c -D FOLDER=<folder with the files> "-D NAMES=c/model.h;c/forward.h" -D SCHEMA=<file> -P DbwrightEmbed.cmake
#
# Each name stands for the file <FOLDER>/<name>.in; SCHEMA is a file by itself, called "schema". See
# generator/render/embedded.h for what reads it.
cmake_minimum_required(VERSION 3.25)

set(arrays "")
set(table "")
set(number 0)
string(REPEAT "'.x..'," 16 line)
foreach(name IN LISTS NAMES ITEMS schema)
  set(file "${FOLDER}/${name}.in")
  if(name STREQUAL "schema")
    set(file "${SCHEMA}")
  endif()
  file(READ "${file}" hex HEX)
  string(LENGTH "${hex}" length)
  math(EXPR length "${length} / 2")
  if(length EQUAL 0)
    message(FATAL_ERROR "${file} is empty")
  endif()
  # Characters: as a number, a byte over 127 would not fit a signed char.
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  # As many bytes as make a line.
  string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "static const char text_${number}[] = {\n${bytes}\n};\n\n")
  string(APPEND table "\t{ \"${name}\", \"templates/${name}.in\", text_${number}, ${length} },\n")
  math(EXPR number "${number} + 1")
endforeach()

file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT [[
/* Made by cmake/DbwrightEmbed.cmake. */
#include "embedded.h"

@arrays@const ir__embedded ir__embedded_templates[] = {
@table@};
const size_t ir__embedded_count = @number@;
]])

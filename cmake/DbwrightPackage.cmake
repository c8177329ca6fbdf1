# Packages of the installed tree: `cpack -G DEB` and `cpack -G TGZ` in a build.
#
# It is one package: a program that uses dbwright needs the generator, the headers and the library while it is built,
# and with the static library nothing of dbwright when it runs.
set(CPACK_PACKAGE_NAME dbwright)
set(CPACK_PACKAGE_VENDOR "the dbwright authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "typed database layer for C, generated from YAML declarations")
set(CPACK_PACKAGE_DESCRIPTION "Models, relations and named databases are declared in YAML. A generator, which
runs while a program is built, writes the structs, the functions and the SQL; a
small library does the rest. Mistakes in the declarations are found when the
program is built, and many mistakes in their use do not compile.
.
This package holds the generator, the library and its headers, and what CMake,
pkg-config, editors and shells want to know about them.")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR TGZ)
set(CPACK_SOURCE_GENERATOR "")

set(CPACK_DEBIAN_PACKAGE_MAINTAINER "the dbwright authors")
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
if(BUILD_SHARED_LIBS)
  set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON) # what other packages depend on, and ldconfig after an install
endif()
# What the headers and the static library are compiled and linked with.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libsqlite3-dev (>= 3.37)")
if(DBWRIGHT_HAS_POSTGRESQL)
  string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libpq-dev (>= 14)")
endif()
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gcc | c-compiler, libc6-dev | libc-dev, cmake (>= 3.25) | pkg-config")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/DbwrightDebian.cmake")

include(CPack)

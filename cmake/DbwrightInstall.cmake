# The library programs link, and what `cmake --install` puts where. Included once, after all layers.
#
# libdbwright is every layer of the runtime and of config/ that it stands on, in one file: static unless
# BUILD_SHARED_LIBS says otherwise. Only what is marked DBW_API is visible in the shared one.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# The registry opens the databases and the accessors serve generated code: everything else is below these two.
dbwright_layers_below(runtime_layers registry accessor)

# libdbwright-json stands on libdbwright. Of a shared one it sees the public interface alone, so a shared
# libdbwright-json has its own copy of `base`, which keeps nothing between calls.
add_library(dbwright_json_library $<TARGET_OBJECTS:dbwright_json>)
add_library(dbwright::json ALIAS dbwright_json_library)
if(BUILD_SHARED_LIBS)
  target_sources(dbwright_json_library PRIVATE $<TARGET_OBJECTS:dbwright_base>)
endif()
set_target_properties(dbwright_json_library PROPERTIES
  OUTPUT_NAME dbwright-json EXPORT_NAME json LINKER_LANGUAGE C
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

add_library(dbwright_runtime)
add_library(dbwright::runtime ALIAS dbwright_runtime)
set_target_properties(dbwright_runtime PROPERTIES
  OUTPUT_NAME dbwright EXPORT_NAME runtime LINKER_LANGUAGE C
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(runtime_libraries "")
set(public_headers "")
foreach(layer IN LISTS runtime_layers)
  target_sources(dbwright_runtime PRIVATE $<TARGET_OBJECTS:dbwright_${layer}>)
  get_target_property(libraries dbwright_${layer} DBWRIGHT_LAYER_LIBRARIES)
  list(APPEND runtime_libraries ${libraries})
endforeach()
foreach(layer IN LISTS runtime_layers ITEMS json)
  get_target_property(is_public dbwright_${layer} DBWRIGHT_LAYER_PUBLIC)
  if(is_public)
    get_target_property(folder dbwright_${layer} SOURCE_DIR)
    file(GLOB headers CONFIGURE_DEPENDS "${folder}/include/dbwright/*.h")
    list(APPEND public_headers ${headers})
  endif()
endforeach()
list(APPEND runtime_libraries SQLite::SQLite3 Threads::Threads)
list(REMOVE_DUPLICATES runtime_libraries)
target_link_libraries(dbwright_runtime PRIVATE ${runtime_libraries})
target_compile_features(dbwright_runtime INTERFACE c_std_11)
if(DBWRIGHT_SANITIZE)
  target_link_options(dbwright_runtime PRIVATE -fsanitize=${DBWRIGHT_SANITIZE}
    INTERFACE $<BUILD_INTERFACE:-fsanitize=${DBWRIGHT_SANITIZE}>)
endif()

# dbwright::config, for programs that read YAML files: what config/ has above the runtime's layers, and libyaml. A shared
# one has the layers below in itself, too, since those of the shared runtime do not show.
if(DBWRIGHT_CONFIG)
  add_library(dbwright_config $<TARGET_OBJECTS:dbwright_files> $<TARGET_OBJECTS:dbwright_yaml>)
  if(BUILD_SHARED_LIBS)
    target_sources(dbwright_config PRIVATE $<TARGET_OBJECTS:dbwright_entries> $<TARGET_OBJECTS:dbwright_base>)
  endif()
  add_library(dbwright::config ALIAS dbwright_config)
  set_target_properties(dbwright_config PROPERTIES
    OUTPUT_NAME dbwright-config EXPORT_NAME config LINKER_LANGUAGE C
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  get_filename_component(yaml_folder "${LIBYAML_LIBRARY}" DIRECTORY)
  target_link_directories(dbwright_config PRIVATE $<BUILD_INTERFACE:${yaml_folder}>)
  target_link_libraries(dbwright_config PUBLIC dbwright_runtime PRIVATE yaml)
  if(DBWRIGHT_SANITIZE)
    target_link_options(dbwright_config PRIVATE -fsanitize=${DBWRIGHT_SANITIZE})
  endif()
  list(APPEND public_headers "${PROJECT_SOURCE_DIR}/config/files/include/dbwright/config.h")
endif()

# A program in this build sees the public headers exactly as an installed one does: links, in one folder. The
# headers of other layers do not show, so that a public header that needs one fails here and not at the user's.
set(header_folder "${PROJECT_BINARY_DIR}/include")
set(links "")
foreach(header IN LISTS public_headers)
  get_filename_component(name "${header}" NAME)
  set(link "${header_folder}/dbwright/${name}")
  if(link IN_LIST links)
    message(FATAL_ERROR "two public headers are called dbwright/${name}")
  endif()
  list(APPEND links "${link}")
  file(MAKE_DIRECTORY "${header_folder}/dbwright")
  file(CREATE_LINK "${header}" "${link}" SYMBOLIC)
endforeach()
file(GLOB stale "${header_folder}/dbwright/*")
list(REMOVE_ITEM stale ${links})
if(stale)
  file(REMOVE ${stale})
endif()
set_property(GLOBAL PROPERTY DBWRIGHT_PUBLIC_HEADERS "${public_headers}")
target_include_directories(dbwright_runtime INTERFACE
  "$<BUILD_INTERFACE:${header_folder}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")

# For libraries with a provider: the headers, and nothing to link.
add_library(dbwright_headers INTERFACE)
add_library(dbwright::headers ALIAS dbwright_headers)
set_target_properties(dbwright_headers PROPERTIES EXPORT_NAME headers)
target_include_directories(dbwright_headers INTERFACE
  "$<BUILD_INTERFACE:${header_folder}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_compile_features(dbwright_headers INTERFACE c_std_11)

target_link_libraries(dbwright_json_library PUBLIC dbwright_runtime)

include("${CMAKE_CURRENT_LIST_DIR}/DbwrightGenerate.cmake")

# Not installed with the project that builds dbwright inside itself, unless that project asks.
option(DBWRIGHT_INSTALL "Install dbwright" ${PROJECT_IS_TOP_LEVEL})
if(NOT DBWRIGHT_INSTALL)
  return()
endif()

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/dbwright")
install(TARGETS dbwright_runtime dbwright_json_library dbwright_headers EXPORT dbwright
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(FILES ${public_headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/dbwright")
install(FILES "${PROJECT_SOURCE_DIR}/schemas/dbwright.schema.json" DESTINATION "${CMAKE_INSTALL_DATADIR}/dbwright")
if(DBWRIGHT_CONFIG)
  install(TARGETS dbwright_config EXPORT dbwright
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
if(DBWRIGHT_GENERATOR)
  install(TARGETS dbwright_cli EXPORT dbwright RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  include("${CMAKE_CURRENT_LIST_DIR}/DbwrightManual.cmake")
endif()
# The pages and the examples lie to each other as they do in the sources, so that the links in them lead somewhere.
foreach(page tutorial using declarations configuration providers commands building)
  install(FILES "${PROJECT_SOURCE_DIR}/docs/${page}.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
endforeach()
foreach(example quickstart multi service provider chinook)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/examples/${example}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples"
    FILES_MATCHING PATTERN "*.[ch]" PATTERN "*.yaml" PATTERN "*.md" PATTERN "CMakeLists.txt")
endforeach()
install(FILES "${PROJECT_SOURCE_DIR}/schemas/README.md" "${PROJECT_SOURCE_DIR}/schemas/dbwright.schema.json" DESTINATION "${CMAKE_INSTALL_DOCDIR}/schemas")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)
install(EXPORT dbwright FILE dbwrightTargets.cmake NAMESPACE dbwright:: DESTINATION "${package_folder}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/dbwrightConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/dbwrightConfig.cmake" INSTALL_DESTINATION "${package_folder}"
  NO_SET_AND_CHECK_MACRO)
# While the version is 0.x, a new minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/dbwrightConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/dbwrightConfig.cmake" "${PROJECT_BINARY_DIR}/dbwrightConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/DbwrightGenerate.cmake" DESTINATION "${package_folder}")

# pkg-config: relative to where the .pc file stands, so that the installed tree can be moved. A static library needs
# its own libraries on every link line; a shared one brings them along.
file(RELATIVE_PATH pc_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
else()
  set(pc_prefix "\${pcfiledir}/${pc_prefix}")
endif()
foreach(which INCLUDE LIB BIN)
  set(pc_${which}DIR "${CMAKE_INSTALL_${which}DIR}")
  if(NOT IS_ABSOLUTE "${pc_${which}DIR}")
    set(pc_${which}DIR "\${prefix}/${pc_${which}DIR}")
  endif()
endforeach()
set(pc_private "")
set(pc_postgresql "")
if(DBWRIGHT_HAS_POSTGRESQL)
  set(pc_postgresql ", libpq >= 14")
endif()
set(pc_private_libraries "")
set(pc_libraries " -pthread")
if(DBWRIGHT_LOAD_PROVIDERS)
  foreach(library IN LISTS CMAKE_DL_LIBS)
    string(APPEND pc_libraries " -l${library}")
  endforeach()
endif()
set(pc_config_libraries " -lyaml")
if(BUILD_SHARED_LIBS)
  set(pc_private ".private")
  set(pc_private_libraries "Libs.private: -pthread\n")
  set(pc_libraries "")
  set(pc_config_libraries "")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/dbwright.pc.in" "${PROJECT_BINARY_DIR}/dbwright.pc" @ONLY)
configure_file("${CMAKE_CURRENT_LIST_DIR}/dbwright-json.pc.in" "${PROJECT_BINARY_DIR}/dbwright-json.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/dbwright.pc" "${PROJECT_BINARY_DIR}/dbwright-json.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(DBWRIGHT_CONFIG)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/dbwright-config.pc.in" "${PROJECT_BINARY_DIR}/dbwright-config.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/dbwright-config.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endif()

include("${CMAKE_CURRENT_LIST_DIR}/DbwrightPackage.cmake")

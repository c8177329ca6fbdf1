# Tests of one source on both engines.

set(DBWRIGHT_TEST_SERVER "${PROJECT_BINARY_DIR}/tests/generated/server")

# dbwright_fresh_databases(TARGET): the program can ask for databases with fresh.h.
function(dbwright_fresh_databases target)
  target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests/postgres/fresh.c")
  if(DBWRIGHT_HAS_POSTGRESQL)
    target_link_libraries(${target} PRIVATE PostgreSQL::PostgreSQL)
  else()
    target_compile_definitions(${target} PRIVATE FRESH_WITHOUT_POSTGRESQL)
  endif()
endfunction()

# dbwright_on_postgresql(TEST TARGET): the test <TEST>.postgresql, which is the program on the private server.
function(dbwright_on_postgresql test target)
  if(NOT DBWRIGHT_HAS_POSTGRESQL)
    return()
  endif()
  add_test(NAME ${test}.postgresql COMMAND sh "${PROJECT_SOURCE_DIR}/tests/postgres/on_server.sh"
    "${DBWRIGHT_TEST_SERVER}" $<TARGET_FILE:${target}>)
  set_tests_properties(${test}.postgresql PROPERTIES LABELS sql FIXTURES_REQUIRED postgresql TIMEOUT 300)
endfunction()

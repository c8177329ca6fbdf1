# dbwright_failing_allocations(TARGET): the test makes allocations fail, with allocations.h.
function(dbwright_failing_allocations target)
  target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests/memory/allocations.c")
  target_link_options(${target} PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc)
endfunction()

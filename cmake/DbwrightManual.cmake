# The manual page and the completions: the generator prints them from its table of commands. In a cross build it does not
# run here, and they are left out.
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  return()
endif()

# dbwright_printed(FOLDER FILE word...): what `dbwright word...` prints is installed as FILE in FOLDER.
set(printed "")
function(dbwright_printed folder name)
  set(file "${PROJECT_BINARY_DIR}/printed/${name}")
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/printed")
  add_custom_command(OUTPUT "${file}" COMMAND dbwright_cli ${ARGN} > "${file}" DEPENDS dbwright_cli
    COMMENT "Printing ${name}" VERBATIM)
  install(FILES "${file}" DESTINATION "${folder}")
  set(printed ${printed} "${file}" PARENT_SCOPE)
endfunction()

dbwright_printed("${CMAKE_INSTALL_MANDIR}/man1" dbwright.1 man)
dbwright_printed("${CMAKE_INSTALL_DATADIR}/bash-completion/completions" dbwright completions bash)
dbwright_printed("${CMAKE_INSTALL_DATADIR}/zsh/site-functions" _dbwright completions zsh)
dbwright_printed("${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" dbwright.fish completions fish)
add_custom_target(dbwright_printed ALL DEPENDS ${printed})

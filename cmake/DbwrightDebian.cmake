# Run by CPack on the tree that becomes a package: what Debian wants otherwise than an install to /usr/local.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(share "${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/share")

# zsh looks for completions of packages in a folder of their own (/usr/share/doc/zsh-common/README.Debian).
if(EXISTS "${share}/zsh/site-functions")
  file(RENAME "${share}/zsh/site-functions" "${share}/zsh/vendor-completions")
endif()

# Manual pages are compressed (Debian Policy, section 12.1).
file(GLOB pages "${share}/man/man1/*.1")
if(pages)
  execute_process(COMMAND gzip -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
endif()

# SPDX-License-Identifier: Apache-2.0
#
# `cmake --install` and `find_package(structwire)`: the libraries and their headers, nothing else.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

option(STRUCTWIRE_INSTALL "Install the libraries" ${PROJECT_IS_TOP_LEVEL})
get_property(installed GLOBAL PROPERTY STRUCTWIRE_INSTALLED)
if(NOT STRUCTWIRE_INSTALL OR NOT installed)
  return()
endif()

# Messages have an export of their own, which the package reads for the component `messaging` only: it names libzmq and libzstd.
set(messaging ${installed})
list(FILTER messaging INCLUDE REGEX "^structwire_messaging$")
list(REMOVE_ITEM installed structwire_messaging)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/structwire)
install(TARGETS ${installed} EXPORT structwire_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library
  FILE_SET header_parts DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(EXPORT structwire_targets NAMESPACE structwire:: FILE structwireTargets.cmake
  DESTINATION ${package_dir} COMPONENT library)
if(messaging)
  install(TARGETS ${messaging} EXPORT structwire_messaging_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library
    FILE_SET header_parts DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
  install(EXPORT structwire_messaging_targets NAMESPACE structwire:: FILE structwireMessagingTargets.cmake
    DESTINATION ${package_dir} COMPONENT library)
endif()
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/structwireConfig.cmake.in
  ${structwire_BINARY_DIR}/structwireConfig.cmake INSTALL_DESTINATION ${package_dir})
# Before 1.0 every minor version may change names.
write_basic_package_version_file(${structwire_BINARY_DIR}/structwireConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${structwire_BINARY_DIR}/structwireConfig.cmake
  ${structwire_BINARY_DIR}/structwireConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT library)

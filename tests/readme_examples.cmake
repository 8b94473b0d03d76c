# SPDX-License-Identifier: Apache-2.0
#
# Each program printed in README.md is compiled and run exactly as printed, and has to print what the
# README says. tools/readme_examples.py tells how a block is marked.
if(STRUCTWIRE_TESTS STREQUAL "all")
  set(tool ${python} ${structwire_SOURCE_DIR}/tools/readme_examples.py)
  set(page ${structwire_SOURCE_DIR}/README.md)
  set(folder ${structwire_BINARY_DIR}/readme)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${page} ${structwire_SOURCE_DIR}/tools/readme_examples.py)
  execute_process(COMMAND ${tool} extract ${page} ${folder}
    OUTPUT_VARIABLE names OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" names "${names}")
  foreach(name IN LISTS names)
    add_executable(readme_${name} ${folder}/${name}.cpp)
    target_link_libraries(readme_${name} PRIVATE structwire_flags structwire::structwire)
    structwire_check(readme_${name}
      COMMAND ${tool} compare ${folder}/${name}.txt $<TARGET_FILE:readme_${name}>
      LABELS fast DEPENDS readme_${name})
  endforeach()
endif()

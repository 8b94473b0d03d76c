# SPDX-License-Identifier: Apache-2.0
#
# Each program printed in README.md and in the guide is compiled and run exactly as printed, and has to
# print what its page says. tools/readme_examples.py tells how a block is marked.
if(STRUCTWIRE_TESTS STREQUAL "all")
  set(tool ${python} ${structwire_SOURCE_DIR}/tools/readme_examples.py)
  set(folder ${structwire_BINARY_DIR}/readme)
  file(GLOB pages CONFIGURE_DEPENDS ${structwire_SOURCE_DIR}/docs/guide/*.md)
  if(NOT CMAKE_CXX_FLAGS MATCHES "-freflection")
    list(FILTER pages EXCLUDE REGEX "/cpp26\\.md$")
  endif()
  list(PREPEND pages ${structwire_SOURCE_DIR}/README.md)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${pages} ${structwire_SOURCE_DIR}/tools/readme_examples.py)
  execute_process(COMMAND ${tool} extract ${folder} ${pages}
    OUTPUT_VARIABLE names OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" names "${names}")
  foreach(name IN LISTS names)
    add_executable(readme_${name} ${folder}/${name}.cpp)
    target_link_libraries(readme_${name} PRIVATE structwire_flags structwire::structwire)
    if(name MATCHES "^messages_")
      target_link_libraries(readme_${name} PRIVATE structwire::messaging)
    endif()
    # Each runs once and for a moment: optimizing it would take longer than that.
    target_compile_options(readme_${name} PRIVATE -O0)
    structwire_check(readme_${name}
      COMMAND ${tool} compare ${folder}/${name}.txt $<TARGET_FILE:readme_${name}>
      LABELS fast DEPENDS readme_${name})
  endforeach()
endif()

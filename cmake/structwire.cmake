# SPDX-License-Identifier: Apache-2.0
#
# How things are made here. One call per library, program, test, script test, benchmark and fuzzer.
#
#   structwire_folder(core)                            a library and its unit tests from one folder
#   structwire_library(json SOURCES … HEADERS … LINKS structwire::core)
#   structwire_program(structwired INSTALL SOURCES main.cpp LINKS structwire::taskd_http)
#   structwire_test(conformance SOURCES … LINKS … SANITIZE)
#   structwire_check(tidy COMMAND python3 tools/tidy.py)
#   structwire_bench(store SOURCES … LINKS …)
#   structwire_fuzz(json_reader SOURCES … LINKS …)

# structwire_library(<name> [INTERNAL] [SOURCES …] [HEADERS …] [LINKS …] [PRIVATE_LINKS …])
#
# The static library structwire_<name>, known as structwire::<name>; without SOURCES, an interface
# library. Headers are included from the root of the repository. It is installed and exported,
# unless INTERNAL: everything outside structwire/ is. Headers named *_inl.hpp belong to another
# header; they are installed, but not expected to compile alone.
function(structwire_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INTERNAL" "" "SOURCES;HEADERS;LINKS;PRIVATE_LINKS")
  structwire_refuse_unparsed(structwire_library "${arg_UNPARSED_ARGUMENTS}")
  set(target structwire_${name})
  if(arg_SOURCES)
    set(scope PUBLIC)
    add_library(${target} STATIC ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:structwire_flags> ${arg_PRIVATE_LINKS})
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  else()
    set(scope INTERFACE)
    add_library(${target} INTERFACE)
  endif()
  add_library(structwire::${name} ALIAS ${target})

  target_link_libraries(${target} ${scope} ${arg_LINKS})
  target_compile_features(${target} ${scope} cxx_std_23)
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${structwire_SOURCE_DIR}>)
  set(parts ${arg_HEADERS})
  list(FILTER parts INCLUDE REGEX "_inl\\.hpp$")
  list(FILTER arg_HEADERS EXCLUDE REGEX "_inl\\.hpp$")
  target_sources(${target}
    ${scope} FILE_SET HEADERS BASE_DIRS ${structwire_SOURCE_DIR} FILES ${arg_HEADERS}
    ${scope} FILE_SET header_parts TYPE HEADERS BASE_DIRS ${structwire_SOURCE_DIR} FILES ${parts})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${name} INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)
  structwire_leave_out_of_all(${target})

  if(NOT arg_INTERNAL)
    set_property(GLOBAL APPEND PROPERTY STRUCTWIRE_INSTALLED ${target})
  endif()
endfunction()

# structwire_folder(<name> [INTERNAL] [SANITIZE] [THREADS] [FILES …] [LINKS …] [PRIVATE_LINKS …]
#                   [TEST_LINKS …] [LABELS …])
#
# A library of all *.hpp and *.cpp of the calling folder's subfolder <name> (or of the FILES, which
# may be glob patterns), and one test program, named like the library, of its *_test.cpp. New files
# are found by the next build.
function(structwire_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INTERNAL;SANITIZE;THREADS" ""
    "FILES;LINKS;PRIVATE_LINKS;TEST_LINKS;LABELS")
  structwire_refuse_unparsed(structwire_folder "${arg_UNPARSED_ARGUMENTS}")
  if(NOT arg_FILES)
    set(arg_FILES ${name}/*.hpp ${name}/*.cpp)
  endif()
  list(TRANSFORM arg_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  file(GLOB files CONFIGURE_DEPENDS ${arg_FILES})
  set(headers ${files})
  set(sources ${files})
  set(tests ${files})
  list(FILTER headers INCLUDE REGEX "\\.hpp$")
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  set(internal "")
  if(arg_INTERNAL)
    set(internal INTERNAL)
  endif()
  structwire_library(${name} ${internal} SOURCES ${sources} HEADERS ${headers}
    LINKS ${arg_LINKS} PRIVATE_LINKS ${arg_PRIVATE_LINKS})
  if(tests)
    set(flags "")
    foreach(flag IN ITEMS SANITIZE THREADS)
      if(arg_${flag})
        list(APPEND flags ${flag})
      endif()
    endforeach()
    structwire_test(${name} ${flags} SOURCES ${tests}
      LINKS structwire::${name} ${arg_TEST_LINKS} LABELS ${arg_LABELS})
  endif()
endfunction()

# structwire_program(<name> [INSTALL] SOURCES … [LINKS …])
#
# A program in bin/ of the build folder. The target `programs` builds all of them. INSTALL: people
# get it with `cmake --install`, too.
function(structwire_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "INSTALL" "" "SOURCES;LINKS")
  structwire_refuse_unparsed(structwire_program "${arg_UNPARSED_ARGUMENTS}")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE structwire_flags ${arg_LINKS})
  target_compile_features(${name} PRIVATE cxx_std_23)
  target_include_directories(${name} PRIVATE ${structwire_SOURCE_DIR})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${structwire_BINARY_DIR}/bin)
  structwire_leave_out_of_all(${name})
  if(NOT TARGET programs)
    add_custom_target(programs)
  endif()
  add_dependencies(programs ${name})
  if(arg_INSTALL)
    include(GNUInstallDirs)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
  endif()
endfunction()

# structwire_test(<name> SOURCES … [LINKS …] [LABELS …] [TIMEOUT seconds] [DEPENDS targets…]
#                 [ENVIRONMENT NAME=VALUE…] [ARGUMENTS …] [SANITIZE] [THREADS] [SERIAL])
#
# A GoogleTest program and one ctest entry. SANITIZE: it is also built and run under ASan and UBSan
# by `./dev test`. THREADS: also under TSan by `./dev check`. SERIAL: nothing else runs meanwhile.
# DEPENDS: programs that it starts; it finds them in $STRUCTWIRE_BIN, and the tree's files in
# $STRUCTWIRE_SOURCE_DIR.
function(structwire_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SANITIZE;THREADS;SERIAL" "TIMEOUT"
    "SOURCES;LINKS;LABELS;DEPENDS;ENVIRONMENT;ARGUMENTS")
  structwire_refuse_unparsed(structwire_test "${arg_UNPARSED_ARGUMENTS}")
  structwire_is_wanted(wanted "${arg_SANITIZE}" "${arg_THREADS}")
  if(NOT wanted)
    return()
  endif()
  set(target ${name}_test)
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE structwire_flags ${arg_LINKS} GTest::gtest_main)
  target_compile_features(${target} PRIVATE cxx_std_23)
  target_include_directories(${target} PRIVATE ${structwire_SOURCE_DIR})
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${structwire_BINARY_DIR}/bin/tests)
  if(TARGET structwire_test_precompiled)
    target_precompile_headers(${target} REUSE_FROM structwire_test_precompiled)
  endif()
  if(arg_DEPENDS)
    add_dependencies(${target} ${arg_DEPENDS})
  endif()
  structwire_register_test(${name} "${arg_LABELS}" "${arg_TIMEOUT}" "${arg_SERIAL}"
    "${arg_ENVIRONMENT}" ${STRUCTWIRE_LAUNCHER} $<TARGET_FILE:${target}> --gtest_brief=1
    ${arg_ARGUMENTS})
endfunction()

# structwire_check(<name> COMMAND … [LABELS …] [TIMEOUT seconds] [DEPENDS targets…]
#                  [ENVIRONMENT NAME=VALUE…] [SANITIZE] [THREADS] [SERIAL])
#
# A test that is a script or any other command, run in the root of the repository. It says in a line
# why it is skipped and returns 77 where what it needs is not there.
function(structwire_check name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SANITIZE;THREADS;SERIAL" "TIMEOUT"
    "COMMAND;LABELS;DEPENDS;ENVIRONMENT")
  structwire_refuse_unparsed(structwire_check "${arg_UNPARSED_ARGUMENTS}")
  structwire_is_wanted(wanted "${arg_SANITIZE}" "${arg_THREADS}")
  if(NOT wanted)
    return()
  endif()
  if(arg_DEPENDS)
    # Building all builds what the check starts, also where programs are left out of all.
    add_custom_target(${name}_check_needs ALL)
    add_dependencies(${name}_check_needs ${arg_DEPENDS})
  endif()
  structwire_register_test(${name} "${arg_LABELS}" "${arg_TIMEOUT}" "${arg_SERIAL}"
    "${arg_ENVIRONMENT}" ${arg_COMMAND})
endfunction()

# structwire_bench(<name> SOURCES … [LINKS …])
#
# A Google Benchmark program bin/bench/<name>; `./dev bench <name>` builds and runs it. One file
# answers one question. It has its own main(), or says BENCHMARK_MAIN().
function(structwire_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  structwire_refuse_unparsed(structwire_bench "${arg_UNPARSED_ARGUMENTS}")
  add_executable(${name}_bench ${arg_SOURCES})
  target_link_libraries(${name}_bench PRIVATE structwire_flags ${arg_LINKS} benchmark::benchmark)
  target_compile_features(${name}_bench PRIVATE cxx_std_23)
  target_include_directories(${name}_bench PRIVATE ${structwire_SOURCE_DIR})
  set_target_properties(${name}_bench PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${structwire_BINARY_DIR}/bin/bench)
endfunction()

# structwire_fuzz(<name> SOURCES … [LINKS …] [DICTIONARY file])
#
# A libFuzzer program bin/fuzz/<name>, in the preset `fuzz` only; `./dev fuzz` runs it on a corpus
# that grows in the build folder, starting from tests/fuzz/corpus/<name>/ where there is one, with
# the words of bin/fuzz/<name>.dict.
function(structwire_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DICTIONARY" "SOURCES;LINKS")
  structwire_refuse_unparsed(structwire_fuzz "${arg_UNPARSED_ARGUMENTS}")
  if(NOT STRUCTWIRE_FUZZ)
    return()
  endif()
  add_executable(${name}_fuzz ${arg_SOURCES})
  target_link_libraries(${name}_fuzz PRIVATE structwire_flags ${arg_LINKS})
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  target_compile_features(${name}_fuzz PRIVATE cxx_std_23)
  target_include_directories(${name}_fuzz PRIVATE ${structwire_SOURCE_DIR})
  set_target_properties(${name}_fuzz PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${structwire_BINARY_DIR}/bin/fuzz)
  if(arg_DICTIONARY)
    configure_file(${arg_DICTIONARY} ${structwire_BINARY_DIR}/bin/fuzz/${name}.dict COPYONLY)
  endif()
endfunction()

# ---- what the functions above share ----------------------------------------------------------------

# The flags of our own translation units; cmake/developer.cmake fills it, consumers get it empty.
add_library(structwire_flags INTERFACE)

function(structwire_refuse_unparsed caller unparsed)
  if(unparsed)
    message(FATAL_ERROR "${caller} does not know: ${unparsed}")
  endif()
endfunction()

# Presets for a subset of the tests build what those tests need, and no more.
function(structwire_leave_out_of_all target)
  if(NOT STRUCTWIRE_TESTS STREQUAL "all")
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

function(structwire_is_wanted result sanitize threads)
  set(wanted OFF)
  if(STRUCTWIRE_DEVELOPER_MODE)
    if(STRUCTWIRE_TESTS STREQUAL "all"
        OR (STRUCTWIRE_TESTS STREQUAL "sanitize" AND sanitize)
        OR (STRUCTWIRE_TESTS STREQUAL "threads" AND threads))
      set(wanted ON)
    endif()
  endif()
  set(${result} ${wanted} PARENT_SCOPE)
endfunction()

function(structwire_register_test name labels timeout serial environment)
  set(test ${STRUCTWIRE_TEST_PREFIX}${name})
  add_test(NAME ${test} COMMAND ${ARGN} WORKING_DIRECTORY ${structwire_SOURCE_DIR})
  if(NOT timeout)
    set(timeout 300)
  endif()
  set_tests_properties(${test} PROPERTIES
    LABELS "${labels}"
    TIMEOUT ${timeout}
    SKIP_RETURN_CODE 77
    ENVIRONMENT "STRUCTWIRE_SOURCE_DIR=${structwire_SOURCE_DIR};STRUCTWIRE_BINARY_DIR=${structwire_BINARY_DIR};STRUCTWIRE_BIN=${structwire_BINARY_DIR}/bin;${environment}")
  if(serial)
    set_tests_properties(${test} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()

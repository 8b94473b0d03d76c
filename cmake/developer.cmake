# SPDX-License-Identifier: Apache-2.0
#
# What only people who work on structwire need: warnings, sanitizers, the fast linker, the compiler
# cache, GoogleTest and the header check. Nothing here reaches a consumer.
enable_testing()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_COLOR_DIAGNOSTICS ON)

# `cmake --build build --target all_verify_interface_header_sets`: each header compiles alone.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

find_program(STRUCTWIRE_CCACHE ccache)
mark_as_advanced(STRUCTWIRE_CCACHE)
if(STRUCTWIRE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache asks for in order to cache with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${STRUCTWIRE_CCACHE})
endif()

find_program(STRUCTWIRE_LLD ld.lld)
mark_as_advanced(STRUCTWIRE_LLD)
if(STRUCTWIRE_LLD)
  target_link_options(structwire_flags INTERFACE -fuse-ld=lld)
endif()

target_compile_options(structwire_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef -Wnon-virtual-dtor -Woverloaded-virtual
  -Werror
  # Wire structs are aggregates, and `{.id = 1}` leaves the rest to their initializers.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # These guess about flow after inlining, and GCC 12 guesses wrong in libstdc++'s own headers.
  target_compile_options(structwire_flags INTERFACE
    -Wno-restrict
    -Wno-error=maybe-uninitialized -Wno-error=array-bounds
    -Wno-error=stringop-overflow -Wno-error=stringop-overread -Wno-error=free-nonheap-object)
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # The stable_sort of libstdc++ 12 calls what that library itself deprecates.
  target_compile_options(structwire_flags INTERFACE -Wno-deprecated-declarations)
endif()

set(STRUCTWIRE_LAUNCHER "")
if(STRUCTWIRE_SANITIZE)
  target_compile_options(structwire_flags INTERFACE
    -fsanitize=${STRUCTWIRE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(structwire_flags INTERFACE -fsanitize=${STRUCTWIRE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(structwire_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
  if(STRUCTWIRE_SANITIZE MATCHES address)
    target_compile_definitions(structwire_flags INTERFACE _GLIBCXX_ASSERTIONS)
  endif()
  # The sanitizers of GCC 12 cannot place their shadow memory where the kernel randomizes addresses
  # over 32 bits; without randomization they always can. A container may forbid to switch it off.
  find_program(STRUCTWIRE_SETARCH setarch)
  mark_as_advanced(STRUCTWIRE_SETARCH)
  if(STRUCTWIRE_SETARCH)
    execute_process(COMMAND ${STRUCTWIRE_SETARCH} -R true
      RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    if(status EQUAL 0)
      set(STRUCTWIRE_LAUNCHER ${STRUCTWIRE_SETARCH} -R)
    endif()
  endif()
endif()

if(STRUCTWIRE_FUZZ AND STRUCTWIRE_FUZZ_COVERAGE)
  target_compile_options(structwire_flags INTERFACE
    -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(structwire_flags INTERFACE -fprofile-instr-generate)
elseif(STRUCTWIRE_FUZZ)
  target_compile_options(structwire_flags INTERFACE
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(structwire_flags INTERFACE -fsanitize=address,undefined)
endif()

if(NOT STRUCTWIRE_TESTS STREQUAL "none")
  find_package(GTest REQUIRED)
  if(STRUCTWIRE_TEST_PRECOMPILED)
    file(GENERATE OUTPUT ${structwire_BINARY_DIR}/test_precompiled.cpp CONTENT "\n")
    add_library(structwire_test_precompiled OBJECT ${structwire_BINARY_DIR}/test_precompiled.cpp)
    target_link_libraries(structwire_test_precompiled PRIVATE structwire_flags GTest::gtest_main)
    target_compile_features(structwire_test_precompiled PRIVATE cxx_std_23)
    target_include_directories(structwire_test_precompiled PRIVATE ${structwire_SOURCE_DIR})
    # ccache wants to see in the preprocessed text that a precompiled header was used.
    target_compile_options(structwire_test_precompiled PRIVATE -fpch-preprocess)
    target_precompile_headers(structwire_test_precompiled PRIVATE
      <gtest/gtest.h> <algorithm> <array> <cstddef> <cstdint> <expected> <functional> <limits> <map>
      <memory> <optional> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)
  endif()
endif()

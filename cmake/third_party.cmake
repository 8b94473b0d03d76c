# SPDX-License-Identifier: Apache-2.0
#
# The libraries of Debian that the daemon, the command and the examples are made with. Each is
# included by the one adapter that ARCHITECTURE.md names. The library itself needs none of them.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
if(STRUCTWIRE_SANITIZE MATCHES thread)
  # TSan does not know bare fences; the mutexes of Asio's scheduler, which it does know, suffice.
  target_compile_definitions(Boost::headers INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()
find_package(SQLite3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(OpenSSL REQUIRED)

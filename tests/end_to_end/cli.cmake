# SPDX-License-Identifier: Apache-2.0
#
# The command, the typed worker and the demo, with the real daemon.
structwire_test(worker THREADS
  SOURCES worker_test.cpp daemon_process.cpp
  LINKS structwire::taskd_client
  DEPENDS structwired LABELS end_to_end)

structwire_check(cli_convert
  COMMAND ${python} tests/end_to_end/cli_convert_test.py
  DEPENDS structwire LABELS end_to_end)
structwire_check(cli_tasks
  COMMAND ${python} tests/end_to_end/cli_tasks_test.py
  DEPENDS structwire structwired LABELS end_to_end)
structwire_check(cli_work
  COMMAND ${python} tests/end_to_end/cli_work_test.py
  DEPENDS structwire structwired LABELS end_to_end)
structwire_check(demo
  COMMAND ${python} tests/end_to_end/demo_test.py
  DEPENDS demo example_hello LABELS end_to_end)

# Three programs that know one, two and three versions of a message.
foreach(version IN ITEMS 1 2 3)
  structwire_program(rolling_${version} SOURCES rolling/version_${version}.cpp
    LINKS structwire::taskd_client structwire::contract)
endforeach()
structwire_check(rolling_upgrade
  COMMAND ${python} tests/end_to_end/rolling_upgrade_test.py
  DEPENDS rolling_1 rolling_2 rolling_3 structwired LABELS end_to_end)

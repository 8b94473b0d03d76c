# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/protocol.md, run as they stand, one after the other, on a fresh daemon."""

import os
import re
import subprocess
import unittest

from daemon import Daemon, main

PAGE = os.path.join(os.environ["STRUCTWIRE_SOURCE_DIR"], "docs", "protocol.md")


def examples(text):
    """(command, expected output) in order; a command may go over several lines."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines(keepends=True)
            end = 1
            while lines[end - 1].rstrip().endswith(("\\", "|")):
                end += 1
            yield "".join(lines[:end]), "".join(lines[end:]).strip()


class Page(unittest.TestCase):
    def test_the_examples_do_what_the_page_says(self):
        with open(PAGE, encoding="utf-8") as file:
            found = list(examples(file.read()))
        self.assertGreater(len(found), 10)
        with Daemon() as daemon:
            for command, expected in found:
                run = subprocess.run(["bash", "-euo", "pipefail", "-c", command], check=True,
                                     capture_output=True, text=True,
                                     env={**os.environ, "URL": daemon.url})
                pattern = ".*".join(re.escape(piece) for piece in expected.split("\u2026"))
                self.assertRegex(run.stdout.strip(), f"^{pattern}$", command)

    def test_the_codes_are_those_of_the_table(self):
        header = os.path.join(os.environ["STRUCTWIRE_SOURCE_DIR"], "taskd", "api", "error_map.hpp")
        with open(header, encoding="utf-8") as file:
            rows = dict(re.findall(r'\{Code::\w+, "(\w+)", (\d+)', file.read()))
        with open(PAGE, encoding="utf-8") as file:
            page = dict(re.findall(r"^\| `(\w+)` \| (\d+)", file.read(), re.MULTILINE))
        self.assertEqual(page, rows)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the report makes of measured lines, without measuring any."""
import pathlib
import sys
import unittest
import xml.dom.minidom

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import plot
import report


def line(library, ns, format_name="json", operation="decode_fresh", shape="a"):
    return {"library": library, "format": format_name, "op": operation, "shape": shape, "bytes": 148, "ns": ns}


class Report(unittest.TestCase):
    def setUp(self):
        self.results = report.Results()
        self.results.environment = {"date": "", "commit": "", "machine": "m", "compiler": "c", "flags": "", "libc": "",
                                    "packages": {}}
        # Medians: structwire 40, glaze 80, simdjson 100; the others take no part in the ratio.
        for structwire, glaze, simdjson in ((39, 80, 70), (40, 90, 100), (60, 75, 120)):
            self.results.add([line("structwire", structwire), line("glaze", glaze), line("simdjson", simdjson),
                              line("limit", 1, "object"), line("python msgspec", 1), line("rust sonic-rs", 20),
                              line("glaze", 500, "msgpack"), line("structwire_cpp26", 100, shape="b"),
                              line("glaze", 95, shape="b")])
        self.rows = self.results.rows()

    def row(self, library, **more):
        return report.find(self.rows, library=library, **({"format": "json", "shape": "a"} | more))[0]

    def test_takes_the_median_of_the_processes(self):
        self.assertEqual([self.row(name)["ns"] for name in ("structwire", "glaze", "simdjson")], [40, 80, 100])

    def test_tells_how_far_the_processes_were_apart(self):
        self.assertEqual(self.row("structwire")["spread"], 0.525)

    def test_takes_ratios_to_the_best_cpp_library_of_the_same_format(self):
        self.assertEqual(self.row("structwire")["ratio_to_best_peer"], 2.0)
        self.assertEqual(self.row("simdjson")["ratio_to_best_peer"], 0.8)
        self.assertEqual(self.row("glaze", format="msgpack")["ratio_to_best_peer"], 1.0)
        self.assertNotIn("ratio_to_best_peer", self.row("limit", format="object"))

    def test_marks_what_is_under_the_goal_and_what_is_a_fault(self):
        self.assertIn(" 2.00  (2.0)", report.ratio_table(self.rows, "structwire"))
        self.assertIn(" 0.95! (1.3)", report.ratio_table(self.rows, "structwire_cpp26"))

    def test_sets_context_apart_from_the_peers(self):
        self.results.add([line("structwire", 40, "msgpack"), line("cereal", 30, "cereal"),
                          line("protobuf", 20, "protobuf"), line("glaze", 10, "beve")])
        rows = self.results.rows()
        self.assertEqual(report.find(rows, library="structwire", format="msgpack")[0]["ratio_to_best_peer"], 12.5)
        lines = report.context_table(rows, "decode_fresh").splitlines()
        self.assertEqual([row.split("|")[1].strip() for row in lines[2:]],
                         ["structwire, msgpack", "cereal, cereal", "protobuf, protobuf", "glaze, beve"])
        self.assertIn(" 20 ", lines[4])
        self.assertNotIn("protobuf decode, fresh", report.text(self.results, rows, full=True))
        for library in ("cereal", "protobuf"):
            self.assertNotIn(library, plot.svg(rows, self.results.environment))
        self.assertEqual(report.context_table(self.rows, "decode_fresh"), "")

    def test_sets_other_languages_beside_structwire(self):
        self.assertIn("0.5", report.foreign_table(self.rows, "rust", report.SHAPES))

    def test_names_wrong_results(self):
        self.results.add([{"wrong": "decodes something else", "library": "glaze", "format": "json", "shape": "c"}])
        self.assertIn("WRONG: glaze json c", report.text(self.results, self.rows, full=True))

    def test_compares_with_an_earlier_file(self):
        before = [line("structwire", 80)]
        self.assertRegex(report.comparison(self.rows, before), r"80 +\| 40 +\| 2.00 +\| +\| 2.0")

    def test_draws_a_plot_that_is_xml(self):
        svg = plot.svg(self.rows, self.results.environment)
        self.assertGreater(len(xml.dom.minidom.parseString(svg).getElementsByTagName("rect")), 4)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""The report of the experiments on rows that are made up."""
import pathlib
import unittest
import xml.dom.minidom

import report


def row(library, how, op, ns, experiment="state", subject="s", size=10, **more):
    return {"experiment": experiment, "library": library, "subject": subject, "how": how, "op": op, "bytes": size, "ns": ns, **more}


ROWS = [row("structwire", "map", "encode", 12.34), row("structwire", "struct", "encode", 1234.5, subject="t"),
        row("python", "map", "decode", 99.6), row("structwire", "JSON", "encode", 5, "sizes", size=100),
        row("structwire", "MessagePack", "encode", 5, "sizes", size=75),
        row("python", "encoder kept", "encode", 5e6, "reuse", allocations=4)]


class Report(unittest.TestCase):
    def test_a_table_has_ways_down_and_subjects_across(self):
        lines = report.table("T", report.find(ROWS, experiment="state", op="encode"), lambda each: report.time_text(each["ns"])).splitlines()
        self.assertEqual(lines[2:], ["| | s | t |", "|---|---:|---:|", "| structwire, map | 12.3 |  |", "| structwire, struct |  | 1,230 |"])

    def test_sizes_are_compared(self):
        self.assertIn("| MessagePack / JSON | 0.75 |", report.size_table(report.find(ROWS, experiment="sizes")))

    def test_allocations_are_shown_where_they_were_counted(self):
        self.assertIn("| Python, encoder kept | 4 |", report.figures("reuse", ROWS, "e"))
        self.assertNotIn("allocations", report.figures("state", ROWS, "e"))

    def test_only_what_stands_between_the_marks_is_written(self):
        page = "before\n<!-- figures: state -->\nold\n<!-- end of figures -->\nafter\n"
        once = report.into_page(page, "state", ROWS, "e")
        self.assertTrue(once.startswith("before\n<!-- figures: state -->\n\n**Encode") and once.endswith("<!-- end of figures -->\nafter\n"))
        self.assertNotIn("old", once)
        self.assertEqual(report.into_page(once, "state", ROWS, "e"), once)
        self.assertEqual(report.into_page(page, "reuse", ROWS, "e"), page)

    def test_the_plot_is_well_formed_and_has_a_bar_for_each_row(self):
        for name in ("state", "reuse"):
            rows = report.find(ROWS, experiment=name)
            if {each["op"] for each in rows} != set(report.PAGES[name][1]):
                rows = rows + [row("python", "other", op, 3, name) for op in report.PAGES[name][1]]
            plot = xml.dom.minidom.parseString(report.svg(name, rows, "a & b"))
            self.assertEqual(len(plot.getElementsByTagName("title")), len(rows))

    def test_each_experiment_has_a_page_with_its_marks(self):
        folder = pathlib.Path(__file__).resolve().parents[2] / "docs/experiments"
        for name, (page, _) in report.PAGES.items():
            self.assertTrue(report.MARKS.search((folder / f"{page}.md").read_text(encoding="utf-8")), name)


if __name__ == "__main__":
    unittest.main()

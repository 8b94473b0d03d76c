# SPDX-License-Identifier: Apache-2.0
"""The report of the messages benchmark on measurements that are made up."""
import pathlib
import unittest
import xml.dom.minidom

import plot
import report

SHARES_HERE = {"echo": {"encode": 1.0, "queue": 2.0, "transit": 30.0, "remote": 17.0, "total": 50.0}}
SHARES_THERE = {"echo": {"queued": 10.0, "decode": 1.0, "handler": 2.0, "encode_reply": 4.0}}


def row(scenario, peer, round_number, p50, messages=1000, size=64, cpu=2000.0, **more):
    client = {"messages": messages, "seconds": 0.5, "mean_us": p50 * 1.1, "p50_us": p50, "p95_us": p50 * 2, "p99_us": p50 * 3,
              "p999_us": p50 * 4, "max_us": p50 * 5, "late": 0, "cpu_us": cpu, "sleeps": 2000, "allocations": 7000, "peak_kib": 2048, "shares": SHARES_HERE}
    server = {"cpu_us": 1000.0, "sleeps": 3000, "allocations": 3000, "peak_kib": 1024, "handled": 1000, "handlers_max": 2, "shares": SHARES_THERE}
    return {"scenario": scenario, "peer": peer, "size": size, "round": round_number, "client": {**client, **more}, "server": server}


ROWS = [row("call", "libzmq ipc", 0, 10.0), row("call", "libzmq ipc", 1, 40.0), row("call", "libzmq ipc", 2, 20.0),
        row("call", "structwire ipc", 0, 20.0), row("call", "structwire ipc", 1, 60.0), row("call", "structwire ipc", 2, 30.0),
        row("chain", "structwire ipc", 0, 12.0), row("call", "structwire ipc", "allocations", 999.0),
        row("one_way", "libzmq ipc", 0, 0.0, 1000, 64), row("one_way", "structwire ipc", 0, 0.0, 4000, 64),
        row("one_way", "structwire stream ipc", 0, 0.0, 2000, 64),
        row("call", "structwire ipc, timed", 0, 50.0),
        row("beside_large", "structwire ipc, encoding on the loop", 0, 5000.0, larges=3),
        row("beside_nothing", "structwire ipc, encoding off the loop", 0, 50.0, larges=0)]
TABLE = report.Table(ROWS)


class Report(unittest.TestCase):
    def test_ratios_are_those_within_a_round(self):
        ratio = TABLE.ratio(("call", "structwire ipc", 64), ("call", "libzmq ipc", 64), "p50_us")
        self.assertEqual(ratio, 1.5)  # 2, 1.5 and 1.5; of the medians it would be 30 / 20 also, of the least 2.
        self.assertEqual(TABLE.ratio(("chain", "structwire ipc", 64), ("call", "libzmq ipc", 64), "p50_us"), 1.2)
        self.assertIsNone(TABLE.ratio(("call", "structwire tcp", 64), ("call", "libzmq tcp", 64), "p50_us"))

    def test_what_was_counted_has_no_time_and_what_was_timed_no_allocations(self):
        self.assertEqual(TABLE.allocations(("call", "structwire ipc", 64)), 10)
        self.assertIsNone(TABLE.allocations(("call", "libzmq ipc", 64)))
        self.assertEqual(TABLE.values("call", "structwire ipc", 64, "p50_us"), [20.0, 60.0, 30.0])
        self.assertEqual(TABLE.per_message(("call", "structwire ipc", 64), "cpu_us"), 3)

    def test_a_line_has_all_figures_of_a_peer(self):
        lines = report.scenario_table(TABLE, "call", 64)
        line = next(line for line in lines if line.startswith("| structwire ipc |"))
        self.assertEqual(line, "| structwire ipc | 20.0 | 30.0 | 60.0 | 90.0 | 120 | 2 k | 0.13 | 2 k – 2 k | 3.00 | 5.00 | 10.0 | 3 | 2 | 1.50 |")
        self.assertEqual(len(lines[0].split("|")), len(line.split("|")))

    def test_the_bars_say_what_is_met(self):
        bars = "\n".join(report.bars_table(TABLE))
        self.assertIn("| throughput batched beside bare libzmq, 64 B, ipc | ≥ 3 | 4.00 | yes |", bars)
        self.assertIn("| throughput batched beside bare libzmq, 64 B, ipc, stream sockets | ≥ 3 | 2.00 | **no** |", bars)
        self.assertNotIn("gRPC", bars)  # Not measured here.

    def test_shares_add_up_and_are_held_against_the_callers_clock(self):
        shares, total = report.shares_of(ROWS[11])
        self.assertAlmostEqual(total, 55.0)
        self.assertAlmostEqual(shares["hand back"], 5.0)
        self.assertAlmostEqual(sum(shares.values()), 55.0)
        self.assertIn("| 55.0 | 55.0 | 0.91 |", report.shares_table(TABLE)[2])

    def test_only_what_stands_between_the_marks_is_written(self):
        page = "before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n"
        once = report.into_page(page, TABLE, "e")
        self.assertTrue(once.startswith("before\n<!-- figures -->\n") and once.endswith("<!-- end of figures -->\nafter\n"))
        self.assertNotIn("old", once)
        self.assertEqual(report.into_page(once, TABLE, "e"), once)

    def test_each_plot_is_well_formed_and_has_a_bar_for_each_peer(self):
        plots = plot.plots(TABLE, "a & b")
        self.assertEqual(set(plots), {"call", "chain", "one_way", "shares", "large"})
        bars = xml.dom.minidom.parseString(plots["call"]).getElementsByTagName("title")
        self.assertEqual(len(bars), len(TABLE.peers("call")))
        for text in plots.values():
            xml.dom.minidom.parseString(text)

    def test_bars_and_bases_name_peers_and_scenarios_that_there_are(self):
        for peer, facts in report.PEERS.items():
            self.assertIn(facts["base"], report.PEERS, peer)
            self.assertLessEqual(set(facts["scenarios"]), set(report.SCENARIOS))
        for _, _, mine, other, size, _ in report.BARS:
            for scenario, peer in (mine, other):
                self.assertIn(scenario, report.scenarios_of(peer.format(t="ipc"), size))

    def test_the_page_has_its_marks(self):
        page = pathlib.Path(__file__).resolve().parents[2] / "docs/messages_bench.md"
        self.assertTrue(report.MARKS.search(page.read_text(encoding="utf-8")))


if __name__ == "__main__":
    unittest.main()

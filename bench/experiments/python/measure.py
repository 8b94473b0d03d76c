# SPDX-License-Identifier: Apache-2.0
"""What rows are measured with, as ../measure.hpp does it: the same batches, the same order, the same lines."""
import ctypes
import gc
import json
import math
import time

BATCH_NS = 1_000_000
CALLS_MIN = 4


class Row:
    def __init__(self, subject, how, operation, size, call):
        self.line = {"subject": subject, "library": "python", "how": how, "op": operation, "bytes": size}
        self.call, self.times, self.best = call, 1, math.inf

    def batch(self):
        call = self.call
        begin = time.thread_time_ns()
        for _ in range(self.times):
            call()
        return time.thread_time_ns() - begin

    def choose_times(self):
        while (ns := self.batch()) <= BATCH_NS * 0.7 or self.times < CALLS_MIN:
            self.times = int(self.times * min(10, max(1, BATCH_NS / max(ns, 1)))) + 1


class Experiment:
    def __init__(self, name):
        self.name, self.rows = name, []

    def add(self, subject, how, operation, size, call):
        call()
        self.rows.append(Row(subject, how, operation, size, call))

    def print_times(self, rounds):
        gc.disable()
        for row in self.rows:
            row.choose_times()
        for turn in range(rounds):
            for i in range(len(self.rows)):
                row = self.rows[(i + turn) % len(self.rows)]
                row.call()  # What it works on comes into the caches untimed.
                row.best = min(row.best, row.batch() / row.times)
        for row in self.rows:
            print(json.dumps({"experiment": self.name, **row.line, "ns": round(row.best, 2)}))

    def print_allocations(self):
        """With PYTHONMALLOC=malloc and count_allocations preloaded. What a call that does nothing takes is subtracted."""
        counted = ctypes.PyDLL(None)
        count, peak = counted.codec_bench_allocations, counted.codec_bench_peak
        count.restype = peak.restype = ctypes.c_size_t
        gc.disable()

        def taken(call):
            call()
            peak()
            before = count()
            call()
            return count() - before, peak()

        nothing = lambda: None
        taken(nothing)
        base_count, base_peak = taken(nothing)
        for row in self.rows:
            allocations, most = taken(row.call)
            print(json.dumps({"experiment": self.name, **row.line, "allocations": allocations - base_count,
                              "peak_bytes": most - base_peak}))

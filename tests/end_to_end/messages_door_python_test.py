# SPDX-License-Identifier: Apache-2.0
"""structwired's door for messages as a Python program uses it: classes of the contract, calls over the package."""
import os
import subprocess
import sys
import tempfile
import threading
import unittest

import msgspec

from structwire.messages import Either, FailureCode, MessageFailure, Node

sys.path.insert(0, sys.argv.pop())
from tasks_api import (Batch_CompleteItem, Batch_FailItem, Batch_HeartbeatItem, BatchAnswer, ClaimAnswer, ClaimFrom, CompleteItem,
                       ErrorBody, FailItem, Health, HealthQuestion, HeartbeatItem, ListTasks, SubmittedBatch, SubmitTask,
                       SubmitTasks, Task, TaskList, TaskNumber, TaskState)

PROGRAM = os.path.join(os.environ["STRUCTWIRE_BIN"], "structwired")


class Door(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="structwire-door-")
        self.addCleanup(self.folder.cleanup)
        address = f"ipc://{self.folder.name}/door"
        self.daemon = subprocess.Popen([PROGRAM, "--http", "127.0.0.1:0", "--data", f"{self.folder.name}/data", "--messages", address],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop)
        self.daemon.stdout.readline()
        self.node = Node()
        self.addCleanup(self.node.close)
        self.peer = self.node.connect(address)

    def stop(self) -> None:
        self.daemon.kill()
        self.daemon.wait()
        self.daemon.stdout.close()

    def ask(self, handler, request, answer):
        return self.peer.call(handler, request, Either[answer, ErrorBody], deadline=60)

    def value(self, handler, request, answer):
        said = self.ask(handler, request, answer)
        self.assertIsNone(said.error)
        return said.value

    def submit(self, *payloads) -> list[int]:
        tasks = [SubmitTask(queue="mail", type="send", payload=payload) for payload in payloads]
        return [task.id for task in self.value("tasks.submit", SubmitTasks(tasks), SubmittedBatch).tasks]

    def claim(self, most=10, wait_ms=0):
        return self.value("tasks.claim", ClaimFrom("mail", "python", most, wait_ms=wait_ms), ClaimAnswer).tasks

    def test_a_worker_does_what_was_submitted(self) -> None:
        self.assertEqual(self.value("tasks.ready", HealthQuestion(), Health).status, "ok")
        ids = self.submit({"to": "a"}, {"to": "b"}, {"to": "c"})
        first, second, third = self.claim()
        self.assertEqual([first.id, second.id, third.id], ids)
        self.assertEqual(msgspec.msgpack.decode(first.payload), {"to": "a"})
        beat = self.value("tasks.heartbeat", Batch_HeartbeatItem([HeartbeatItem(first.id, first.fence, 60_000)]), BatchAnswer)
        self.assertGreater(beat.tasks[0].lease_until_us, first.lease_until_us)
        result = msgspec.Raw(msgspec.msgpack.encode({"sent": True}))
        done = self.value("tasks.complete", Batch_CompleteItem([CompleteItem(first.id, first.fence, result)]), BatchAnswer)
        self.assertEqual(done.tasks[0].state, TaskState.succeeded)
        failed = self.value("tasks.fail", Batch_FailItem([FailItem(second.id, second.fence, "no", False)]), BatchAnswer)
        self.assertEqual(failed.tasks[0].state, TaskState.dead)
        shown = self.value("tasks.show", TaskNumber(first.id), Task)
        self.assertEqual((shown.state, msgspec.msgpack.decode(shown.result)), (TaskState.succeeded, {"sent": True}))
        listed = self.value("tasks.list", ListTasks(queue="mail"), TaskList)
        self.assertEqual({task.id: task.state for task in listed.tasks},
                         {ids[0]: TaskState.succeeded, ids[1]: TaskState.dead, ids[2]: TaskState.running})

    def test_an_old_fence_is_refused_by_name(self) -> None:
        self.submit(1)
        task = self.claim()[0]
        answer = self.value("tasks.complete", Batch_CompleteItem([CompleteItem(task.id, task.fence + 1)]), BatchAnswer)
        self.assertEqual(answer.tasks[0].error.code, "lease_lost")
        self.assertEqual(self.ask("tasks.show", TaskNumber(12345), Task).error.code, "not_found")

    def test_what_is_against_the_contract_names_the_member(self) -> None:
        with self.assertRaises(MessageFailure) as caught:
            self.ask("tasks.submit", SubmitTasks([SubmitTask(queue="", type="send")]), SubmittedBatch)
        self.assertEqual(caught.exception.code, FailureCode.bad_payload)
        self.assertIn("$.tasks[0].queue", str(caught.exception))

    def test_a_claim_that_waits_gets_what_comes(self) -> None:
        later = threading.Timer(0.2, lambda: self.submit("late"))
        later.start()
        self.addCleanup(later.join)
        tasks = self.claim(wait_ms=30_000)
        self.assertEqual([msgspec.msgpack.decode(task.payload) for task in tasks], ["late"])


if __name__ == "__main__":
    unittest.main()

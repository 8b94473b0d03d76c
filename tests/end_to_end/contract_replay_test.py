# SPDX-License-Identifier: Apache-2.0
"""Clients of released versions against the daemon of today: the golden messages of every snapshot in taskd/api/contracts/
are sent to it as they are, in JSON and MessagePack. None may be refused as a message; and what the daemon answers has to have
every member that the snapshot of the answer requires."""

import json
import os
import pathlib
import re

from daemon import JSON, MSGPACK, DaemonTest, decode, main

FOLDER = pathlib.Path(os.environ["STRUCTWIRE_SOURCE_DIR"]) / "taskd/api/contracts"
# What tells that a body could not be read, not that its task is gone or its fence is old.
NOT_UNDERSTOOD = (400, 406, 415, 422)
# A rule of tasks, not of messages: golden names hold characters that no queue may have.
NAME_RULE = b"name of 1 to 128 letters"


def goldens(name):
    """(version, case, media type, bytes) of all snapshots of a type."""
    files = sorted(FOLDER.glob(f"{name}.v*.golden.json"))
    assert files, f"no snapshot of {name}"
    for file in files:
        text = json.loads(file.read_text())
        for case in text["cases"]:
            if "json" in case:
                yield text["version"], case["name"], JSON, json.dumps(case["json"]).encode()
            if "msgpack" in case:
                yield text["version"], case["name"], MSGPACK, bytes.fromhex(case["msgpack"])


def required_members(name, version):
    """The wire names that a client of that version cannot do without."""
    snapshot = json.loads((FOLDER / f"{name}.v{version}.json").read_text())
    root = snapshot["schema"]["structs"][0]
    return {member["name"] for member in root["members"] if member.get("presence", "required") == "required"}


class Replay(DaemonTest):
    def send(self, media_type, path, body):
        api = self.msgpack if media_type == MSGPACK else self.json
        return api.post(path, encoded=body)

    def replay(self, request, path, statuses, answer=None, prepare=None, skip=lambda value: False):
        sent = 0
        for version, case, media_type, body in goldens(request):
            value = decode(body, media_type)
            if skip(value):
                continue
            if prepare:
                prepare(value)
            got = self.send(media_type, path, body)
            sent += 1
            if NAME_RULE in got.raw:
                continue
            with self.subTest(request=request, version=version, case=case, type=media_type):
                self.assertNotIn(got.status, NOT_UNDERSTOOD, got)
                self.assertIn(got.status, statuses, got)
                if answer and got.status < 300:
                    self.assertLessEqual(required_members(answer, version), set(got.value), got)
        self.assertGreater(sent, 1)

    def test_those_who_submit(self):
        self.replay("SubmitTask", "/v1/tasks", (201,), "Submitted")
        self.replay("SubmitBatch", "/v1/tasks", (201,), "SubmittedBatch", skip=lambda value: not value["tasks"])
        self.replay("QueueRequest", "/queue", (200, 201, 202), "QueueAnswer")

    def test_those_who_work(self):
        self.replay("ClaimRequest", "/v1/queues/replay/claim", (200,), "ClaimAnswer",
                    prepare=lambda value: self.json.submit("replay"))
        number = self.json.submit("held")
        self.json.claim("held")
        for call in ("heartbeat", "complete", "fail"):
            self.replay(f"{call.capitalize()}Request", f"/v1/tasks/{number}/{call}", (409,))

    def test_those_who_do_many_at_once(self):
        for call in ("heartbeat", "complete", "fail", "cancel"):
            self.replay(f"Batch_{call.capitalize()}Item", f"/v1/tasks/{call}", (200,), "BatchAnswer",
                        skip=lambda value: not value["tasks"])

    def test_those_who_look(self):
        number = self.json.submit("seen", payload={"n": 1})
        for name, path in (("Task", f"/v1/tasks/{number}"), ("TaskList", "/v1/tasks"), ("ErrorBody", "/v1/tasks/999999"),
                           ("Health", "/livez")):
            for file in FOLDER.glob(f"{name}.v*.json"):
                version = re.search(r"\.v(\d+)\.json$", file.name)
                if version is None:
                    continue
                for api in (self.json, self.msgpack):
                    self.assertLessEqual(required_members(name, int(version.group(1))), set(api.get(path).value))


if __name__ == "__main__":
    main()

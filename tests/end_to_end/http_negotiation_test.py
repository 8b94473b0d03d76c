# SPDX-License-Identifier: Apache-2.0
"""Content negotiation over the wire: what is answered, what is refused, and that a refusal changes
nothing. The rules as functions have a far longer table in taskd/http/negotiation_test.cpp."""

from daemon import JSON, MSGPACK, DaemonTest, main

TASK = {"queue": "negotiated", "type": "t"}
OFFERED = "application/json, application/vnd.msgpack"

# Accept, the format of the request's body, the Content-Type of the answer or None for 406.
ACCEPT = [
    (None, JSON, JSON),
    (None, MSGPACK, MSGPACK),
    (None, "application/msgpack", "application/msgpack"),
    (None, "application/x-msgpack", "application/x-msgpack"),
    ("", JSON, JSON),
    ("", MSGPACK, MSGPACK),
    ("*/*", MSGPACK, MSGPACK),
    ("application/*;q=0.5, application/json;q=0", JSON, MSGPACK),
    ("application/vnd.msgpack;q=0.9, application/json", MSGPACK, JSON),
    ("APPLICATION/JSON", MSGPACK, JSON),
    ("application/msgpack", JSON, "application/msgpack"),
    ("application/x-msgpack;q=0.1", JSON, "application/x-msgpack"),
    ("application/json;q=7, application/vnd.msgpack;q=0.001", JSON, MSGPACK),
    ("text/html", JSON, None),
    ("*/*;q=0", JSON, None),
    ("text/html, application/json;q=0.000", MSGPACK, None),
]


class Negotiation(DaemonTest):
    def submit(self, body_type, **fields):
        api = self.daemon.api(body_type)
        self.addCleanup(api.close)
        return api.post("/v1/tasks", TASK, fields=fields)

    def test_the_answer_has_the_format_that_accept_chooses(self):
        for accept, body_type, expected in ACCEPT:
            with self.subTest(accept=accept, body_type=body_type):
                before = self.json.count()
                answer = self.submit(body_type, Accept=accept)
                self.assertEqual(answer.fields["vary"], "Accept")
                if expected:
                    self.assertEqual((answer.status, answer.type), (201, expected))
                    self.assertEqual(answer.value["state"], "queued")
                    self.assertEqual(self.json.count(), before + 1)
                else:
                    # Nothing may have happened when the answer cannot be told.
                    body = self.assert_problem(answer, 406, "not_acceptable")
                    self.assertEqual(body["available"], [
                        JSON, MSGPACK, "application/msgpack", "application/x-msgpack"])
                    self.assertEqual(self.json.count(), before)

    def test_several_accept_lines_are_one_list(self):
        with self.daemon.wire() as wire:
            wire.send("GET /livez HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n"
                      "Accept: application/json;q=0.1\r\nAccept: application/msgpack\r\n\r\n")
            self.assertEqual(wire.answer().type, "application/msgpack")

    def test_a_body_of_no_known_type_is_not_read(self):
        before = self.json.count()
        for kind in (None, "", "text/plain", "text/json", "application/xml", "application/*",
                     "application/x-www-form-urlencoded", "application/json; charset=latin1",
                     "application/json, application/json"):
            with self.subTest(kind=kind):
                answer = self.json.post("/v1/tasks", TASK, fields={"Content-Type": kind})
                self.assert_problem(answer, 415, "unsupported_media_type")
                self.assertEqual(answer.fields["accept-post"], OFFERED)
                self.assertNotIn("accept-encoding", answer.fields)
        for kind in ("application/json;charset=utf-8", "Application/JSON; Charset=\"UTF-8\"",
                     "application/json; v=2"):
            self.assertEqual(self.json.post("/v1/tasks", TASK, fields={"Content-Type": kind}).status,
                             201)
        self.assertEqual(self.json.count(), before + 3)

    def test_a_body_with_a_content_encoding_is_not_read(self):
        before = self.json.count()
        for encoding in ("gzip", "br", "identity, gzip"):
            answer = self.json.post("/v1/tasks", TASK, fields={"Content-Encoding": encoding})
            self.assert_problem(answer, 415, "unsupported_media_type")
            self.assertEqual(answer.fields["accept-encoding"], "identity")
            self.assertNotIn("accept-post", answer.fields)
        answer = self.json.post("/v1/tasks", TASK, fields={"Content-Encoding": "identity"})
        self.assertEqual(answer.status, 201)
        self.assertEqual(self.json.count(), before + 1)

    def test_errors_speak_the_asker_s_format_and_json_where_there_is_none(self):
        for path in ("/v1/tasks/999999999", "/nowhere"):
            self.assertEqual(self.msgpack.get(path).type, MSGPACK)
            self.assertEqual(self.json.get(path, fields={"Accept": "application/x-msgpack"}).type,
                             "application/x-msgpack")
            self.assertEqual(self.json.get(path, fields={"Accept": None}).type,
                             "application/problem+json")
        problem = self.msgpack.post("/v1/tasks", {**TASK, "priority": "high"})
        self.assertEqual((problem.status, problem.type), (422, MSGPACK))
        self.assertEqual(problem.value, {"code": "invalid_argument", "path": "$.priority",
                                         "message": "Expected `int`, got `str` - at `$.priority`"})
        answer = self.json.call("DELETE", "/v1/tasks", fields={"Accept": "text/html"})
        self.assert_problem(answer, 405, "method_not_allowed")

    def test_malformed_bodies_tell_the_byte(self):
        before = self.json.count()
        for body, offset in ((b"", 0), (b"{", None), (b'{"queue":"q",}', None),
                             (b'{"queue":"q"} x', None), (b"\xff", 0), (b"nope", None),
                             (b'{"queue":"\xff","type":"t"}', None)):
            with self.subTest(body=body[:20]):
                answer = self.json.post("/v1/tasks", encoded=body)
                problem = self.assert_problem(answer, 400, "malformed")
                self.assertIsInstance(problem["offset"], int)
                if offset is not None:
                    self.assertEqual(problem["offset"], offset)
        for body in (b"", b"\xc1", b"\x82\xa5queue", b"\xdd\xff\xff\xff\xff", b"\x80\x80",
                     b"\xdf\xff\xff\xff\xff\x01"):
            with self.subTest(body=body):
                answer = self.msgpack.post("/v1/tasks", encoded=body)
                problem = self.assert_problem(answer, 400, "malformed", MSGPACK)
                self.assertIsInstance(problem["offset"], int)
        self.assertEqual(self.json.count(), before)

    def test_well_formed_bodies_against_the_schema_tell_the_path(self):
        before = self.json.count()
        rows = [
            ([], None), ("text", None), (7, None), ({}, None), ({"queue": "q"}, None),
            ({**TASK, "queue": 1}, "$.queue"), ({**TASK, "queue": ""}, "$.queue"),
            ({**TASK, "queue": "a b"}, "$.queue"), ({**TASK, "queue": "x" * 129}, "$.queue"),
            ({**TASK, "type": None}, "$.type"), ({**TASK, "type": "a b"}, "$.type"),
            ({**TASK, "priority": 1.5}, "$.priority"), ({**TASK, "priority": True}, "$.priority"),
            ({**TASK, "priority": 1001}, "$.priority"),
            ({**TASK, "max_attempts": 0}, "$.max_attempts"), ({**TASK, "lease_ms": 0}, "$.lease_ms"),
            ({**TASK, "run_at_us": -1}, "$.run_at_us"), ({"tasks": 1}, "$.tasks"),
            ({"tasks": [TASK, 1]}, "$.tasks[1]"), ({"tasks": [TASK] * 4097}, "$.tasks"),
        ]
        for api, media_type in ((self.json, "application/problem+json"), (self.msgpack, MSGPACK)):
            for body, path in rows:
                with self.subTest(body=str(body)[:60], media_type=media_type):
                    answer = api.post("/v1/tasks", body)
                    problem = self.assert_problem(answer, 422, "invalid_argument", media_type)
                    if path:
                        self.assertEqual(problem["path"], path)
        self.assertEqual(self.json.count(), before)
        self.json.submit("schema")
        [task] = self.json.claim("schema")
        for call, body in (("claim", None), ("heartbeat", {"fence": "1"}), ("complete", {}),
                           ("fail", {"fence": 1, "retry": "no"}), ("fail", {"fence": -1})):
            path = "/v1/queues/q/claim" if call == "claim" else f"/v1/tasks/{task['id']}/{call}"
            answer = self.json.post(path, body or {"worker": 5})
            self.assert_problem(answer, 422, "invalid_argument")
        self.assertEqual(self.json.task(task["id"])["state"], "running")

    def test_what_is_too_large_is_refused(self):
        before = self.json.count()
        api = self.daemon.api()
        answer = api.post("/v1/tasks", {**TASK, "payload": "x" * (1 << 20)})
        self.assert_problem(answer, 413, "too_large")
        api.close()
        for head in (b"Content-Length: %d\r\n" % (16 * 1024 * 1024 + 1),
                     b"Content-Length: 99999999999999999\r\n"):
            with self.daemon.wire() as wire:
                wire.send(b"POST /v1/tasks HTTP/1.1\r\nHost: x\r\n"
                          b"Content-Type: application/json\r\n" + head + b"\r\n")
                answer = wire.answer()
                self.assert_problem(answer, 413, "too_large")
                self.assertEqual(answer.fields["connection"], "close")
        with self.daemon.wire() as wire:
            wire.send(b"POST /v1/tasks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                      b"Content-Type: application/json\r\n\r\n")
            try:
                for _ in range(18):
                    wire.send(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
            except OSError:
                pass
            self.assert_problem(wire.answer(), 413, "too_large")
        self.assertEqual(self.json.count(), before)
        payload = "x" * ((1 << 20) - 100)
        number = self.json.submit(payload=payload)
        self.assertEqual(self.msgpack.task(number)["payload"], payload)

    def test_a_payload_can_be_as_deep_as_it_can_be_shown(self):
        deep = []
        for _ in range(480):
            deep = [deep]
        number = self.msgpack.submit("deep", payload=deep)
        self.assertEqual(self.msgpack.claim("deep")[0]["payload"], deep)
        self.assertEqual(self.json.get("/v1/tasks?queue=deep").status, 200)
        self.assertEqual(self.json.get(f"/v1/tasks/{number}").status, 200)
        body = b'{"queue":"deep","type":"t","payload":' + b"[" * 502 + b"]" * 502 + b"}"
        answer = self.json.post("/v1/tasks", encoded=body)
        self.assertIn(answer.status, (400, 422), answer)
        body = b'{"queue":"deep","type":"t","payload":' + b"[" * 1000000
        self.assertIn(self.json.post("/v1/tasks", encoded=body).status, (400, 422))


if __name__ == "__main__":
    main()

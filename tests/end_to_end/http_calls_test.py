# SPDX-License-Identifier: Apache-2.0
"""Each call of the task API, in JSON and in MessagePack, over HTTP against the real daemon."""

import threading
import time

from daemon import JSON, MSGPACK, DaemonTest, main

PAYLOADS = [None, True, 0, -1, 2**53, 2**63, 1.5, 1.0, "", "text\u20ac", [], [1, [2, {}]], {},
            {"b": 1, "a": {"deep": [None, "x"]}}, {"": 0}]


class Calls(DaemonTest):
    def test_a_task_lives_in_both_formats_mixed(self):
        answer = self.json.post("/v1/tasks", {"queue": "mixed", "type": "t", "payload": {"n": 1}})
        self.assertEqual(answer.status, 201)
        number = answer.value["id"]
        self.assertEqual(answer.value, {"id": number, "state": "queued"})
        self.assertEqual(answer.fields["location"], f"/v1/tasks/{number}")

        answer = self.msgpack.post("/v1/queues/mixed/claim",
                                   {"worker": "w", "max": 10, "lease_ms": 30000, "wait_ms": 0})
        self.assertEqual((answer.status, answer.type), (200, MSGPACK))
        [claimed] = answer.value["tasks"]
        self.assertEqual((claimed["id"], claimed["type"], claimed["attempt"], claimed["payload"]),
                         (number, "t", 1, {"n": 1}))
        self.assertGreater(claimed["lease_until_us"], time.time() * 1e6)
        fence = claimed["fence"]

        beat = self.json.post(f"/v1/tasks/{number}/heartbeat", {"fence": fence, "lease_ms": 60000})
        self.assertEqual(beat.status, 200)
        self.assertGreater(beat.value["lease_until_us"], claimed["lease_until_us"])

        done = self.msgpack.post(f"/v1/tasks/{number}/complete",
                                 {"fence": fence, "result": {"bytes": b"\x00\xff", "sum": 3}})
        self.assertEqual((done.status, done.value["state"]), (200, "succeeded"))

        # Bytes are base64 in JSON, and bytes again for those who ask for MessagePack.
        seen = self.json.task(number)
        self.assertEqual(seen["result"], {"bytes": "AP8=", "sum": 3})
        self.assertEqual(seen["payload"], {"n": 1})
        self.assertEqual((seen["state"], seen["attempt"], seen["errors"]), ("succeeded", 1, []))
        self.assertEqual(self.msgpack.task(number)["result"], {"bytes": b"\x00\xff", "sum": 3})

    def test_the_same_life_with_curl(self):
        """The program that everybody has, with JSON bodies and with MessagePack bodies."""
        import json
        import msgpack
        curl = self.daemon.curl
        as_json = ("-H", f"Content-Type: {JSON}")
        as_msgpack = ("-H", f"Content-Type: {MSGPACK}")
        made = json.loads(curl(*as_json, path="/v1/tasks",
                               data=b'{"queue":"curl","type":"t","payload":[1,2.5,"x"]}'))
        claimed = msgpack.unpackb(curl(*as_msgpack, path="/v1/queues/curl/claim",
                                       data=msgpack.packb({"worker": "c"})))["tasks"][0]
        self.assertEqual((claimed["id"], claimed["payload"]), (made["id"], [1, 2.5, "x"]))
        done = json.loads(curl(*as_msgpack, "-H", "Accept: application/json",
                               path=f"/v1/tasks/{made['id']}/complete",
                               data=msgpack.packb({"fence": claimed["fence"], "result": "done"})))
        self.assertEqual((done["state"], done["result"]), ("succeeded", "done"))
        again = msgpack.unpackb(curl("-H", "Accept: application/x-msgpack",
                                     path=f"/v1/tasks/{made['id']}"))
        self.assertEqual(again, done)

    def test_any_value_can_be_a_payload_and_a_result(self):
        for submitter, worker in ((self.json, self.msgpack), (self.msgpack, self.json)):
            for payload in PAYLOADS:
                number = submitter.submit("values", payload=payload)
                [task] = worker.claim("values")
                self.assertEqual(task["payload"], payload)
                self.assertIs(type(task["payload"]), type(payload))
                done = worker.post(f"/v1/tasks/{number}/complete",
                                   {"fence": task["fence"], "result": payload})
                self.assertEqual(done.value["result"], payload)
                self.assertIn("result", submitter.task(number))

    def test_a_submit_says_when_how_urgent_and_how_often(self):
        later = int(time.time() * 1e6) + 3600 * 10**6
        number = self.json.submit("rules", priority=5, run_at_us=later, max_attempts=3,
                                  lease_ms=1000)
        task = self.json.task(number)
        self.assertEqual((task["state"], task["run_at_us"], task["priority"], task["max_attempts"],
                          task["lease_ms"]), ("scheduled", later, 5, 3, 1000))
        self.assertEqual(self.json.claim("rules"), [])
        low, high = self.json.submit("rules", priority=-1), self.json.submit("rules", priority=9)
        self.assertEqual([task["id"] for task in self.json.claim("rules", max=2)], [high, low])

    def test_a_batch_is_submitted_all_or_nothing(self):
        tasks = [{"queue": "batch", "type": "t", "payload": n} for n in range(300)]
        for api in (self.json, self.msgpack):
            answer = api.post("/v1/tasks", {"tasks": tasks})
            self.assertEqual(answer.status, 201)
            numbers = [task["id"] for task in answer.value["tasks"]]
            self.assertEqual(numbers, sorted(set(numbers)))
            self.assertEqual({task["state"] for task in answer.value["tasks"]}, {"queued"})
        before = self.json.count()
        tasks[200] = {"queue": "batch", "type": 7}
        problem = self.assert_problem(self.json.post("/v1/tasks", {"tasks": tasks}), 422,
                                      "invalid_argument")
        self.assertEqual(problem["path"], "$.tasks[200].type")
        tasks[200] = {"queue": "not a name", "type": "t"}
        problem = self.assert_problem(self.json.post("/v1/tasks", {"tasks": tasks}), 422,
                                      "invalid_argument")
        self.assertEqual(problem["path"], "$.tasks[200].queue")
        self.assertEqual(self.json.count(), before)
        self.assertEqual(self.json.post("/v1/tasks", {"tasks": []}).value, {"tasks": []})

    def test_a_stale_fence_has_lost_its_lease(self):
        number = self.json.submit("stale")
        [task] = self.json.claim("stale")
        for call, more in (("heartbeat", {}), ("complete", {"result": 1}), ("fail", {})):
            answer = self.json.post(f"/v1/tasks/{number}/{call}",
                                    {"fence": task["fence"] + 1, **more})
            self.assert_problem(answer, 409, "lease_lost")
        self.assertEqual(self.json.task(number)["state"], "running")

    def test_the_same_complete_again_gets_the_first_answer(self):
        number = self.json.submit("again")
        [task] = self.json.claim("again")
        body = {"fence": task["fence"], "result": {"a": 1, "b": [2]}}
        first = self.json.post(f"/v1/tasks/{number}/complete", body)
        self.assertEqual(first.status, 200)
        self.assertEqual(self.json.post(f"/v1/tasks/{number}/complete", body).value, first.value)
        # The same value in another format and another order is the same.
        other = self.msgpack.post(f"/v1/tasks/{number}/complete",
                                  {"result": {"b": [2], "a": 1}, "fence": task["fence"]})
        self.assertEqual((other.status, other.value), (200, first.value))
        body["result"]["a"] = 1.0
        self.assert_problem(self.json.post(f"/v1/tasks/{number}/complete", body), 409, "lease_lost")

    def test_a_failure_is_retried_after_a_backoff_or_ends_the_task(self):
        number = self.json.submit("failing", max_attempts=2)
        [task] = self.json.claim("failing")
        failed = self.json.post(f"/v1/tasks/{number}/fail",
                                {"fence": task["fence"], "error": "no luck", "retry": True})
        self.assertEqual((failed.status, failed.value["state"]), (200, "scheduled"))
        self.assertGreater(failed.value["run_at_us"], time.time() * 1e6)
        self.assertEqual(failed.value["errors"][0]["message"], "no luck")
        [task] = self.json.claim("failing", wait_ms=10000)
        self.assertEqual(task["attempt"], 2)
        failed = self.json.post(f"/v1/tasks/{number}/fail", {"fence": task["fence"], "error": "no"})
        self.assertEqual((failed.value["state"], len(failed.value["errors"])), ("dead", 2))
        number = self.json.submit("failing")
        [task] = self.json.claim("failing")
        failed = self.json.post(f"/v1/tasks/{number}/fail",
                                {"fence": task["fence"], "error": "never", "retry": False})
        self.assertEqual(failed.value["state"], "dead")

    def test_a_cancel_takes_the_task_from_its_worker(self):
        number = self.json.submit("cancelled")
        [task] = self.json.claim("cancelled")
        self.assertEqual(self.json.post(f"/v1/tasks/{number}/cancel", {}).value["state"],
                         "cancelled")
        self.assertEqual(self.json.post(f"/v1/tasks/{number}/cancel").status, 200)
        answer = self.json.post(f"/v1/tasks/{number}/complete", {"fence": task["fence"]})
        self.assert_problem(answer, 409, "lease_lost")
        done = self.json.submit("cancelled")
        [task] = self.json.claim("cancelled")
        self.json.post(f"/v1/tasks/{done}/complete", {"fence": task["fence"]})
        self.assert_problem(self.json.post(f"/v1/tasks/{done}/cancel", {}), 409, "task_final")

    def test_batch_forms_answer_each_for_itself(self):
        for api in (self.json, self.msgpack):
            for _ in range(4):
                api.submit("forms")
            held = api.claim("forms", max=4)
            items = [{"id": task["id"], "fence": task["fence"]} for task in held]
            missing = {"id": 10**9, "fence": 1}
            stale = {"id": items[1]["id"], "fence": 10**9}

            beat = api.post("/v1/tasks/heartbeat", {"tasks": [items[0], missing, stale]})
            self.assertEqual(beat.status, 200)
            good, lost, old = beat.value["tasks"]
            self.assertEqual((good["id"], good["state"]), (items[0]["id"], "running"))
            self.assertGreater(good["lease_until_us"], 0)
            self.assertEqual((lost["id"], lost["error"]["code"]), (10**9, "not_found"))
            self.assertEqual(old["error"]["code"], "lease_lost")
            self.assertTrue(old["error"]["message"])

            done = api.post("/v1/tasks/complete", {"tasks": [
                {**items[0], "result": {"x": 1}}, stale, items[1]]}).value["tasks"]
            self.assertEqual([entry.get("state") for entry in done],
                             ["succeeded", None, "succeeded"])
            failed = api.post("/v1/tasks/fail", {"tasks": [
                {**items[2], "error": "e"}, {**items[0], "error": "e"}]}).value["tasks"]
            self.assertEqual(failed[0]["state"], "scheduled")
            self.assertEqual(failed[1]["error"]["code"], "lease_lost")
            ended = api.post("/v1/tasks/cancel", {"tasks": [
                {"id": items[3]["id"]}, {"id": items[0]["id"]}]}).value["tasks"]
            self.assertEqual(ended[0]["state"], "cancelled")
            self.assertEqual(ended[1]["error"]["code"], "task_final")
            self.assertEqual(api.post("/v1/tasks/cancel", {"tasks": []}).value, {"tasks": []})

    def test_the_older_way_to_queue_a_task(self):
        answer = self.json.post("/queue", {"task_type": "old", "task_data": {"k": [1]}})
        self.assertEqual(answer.status, 200)
        number = answer.value["task_id"]
        self.assertEqual(answer.value, {"task_id": number})
        task = self.json.task(number)
        self.assertEqual((task["queue"], task["type"], task["payload"]),
                         ("default", "old", {"k": [1]}))
        # Here alone a missing Content-Type means JSON …
        answer = self.json.post("/queue", encoded=b'{"task_type":"old"}',
                                fields={"Content-Type": None})
        self.assertEqual(answer.status, 200)
        # … but never from a page in a browser, and never another type.
        for fields in ({"Content-Type": None, "Origin": "http://example.org"},
                       {"Content-Type": None, "Sec-Fetch-Site": "cross-site"},
                       {"Content-Type": "text/plain"}):
            answer = self.json.post("/queue", encoded=b'{"task_type":"old"}', fields=fields)
            self.assert_problem(answer, 415, "unsupported_media_type")
        answer = self.msgpack.post("/queue", {"task_type": "old", "task_data": b"\x01"})
        self.assertEqual((answer.status, answer.type), (200, MSGPACK))
        problem = self.assert_problem(self.json.post("/queue", {"task_data": 1}), 422,
                                      "invalid_argument")
        self.assertIn("task_type", problem["message"])

    def test_lists_are_pages_by_id(self):
        numbers = [self.json.submit("listed") for _ in range(5)]
        [first] = self.json.claim("listed")
        page = self.json.get("/v1/tasks?queue=listed&limit=2").value
        self.assertEqual([task["id"] for task in page["tasks"]], numbers[:2])
        self.assertEqual(page["next"], numbers[1])
        page = self.msgpack.get(f"/v1/tasks?queue=listed&limit=1000&after={page['next']}").value
        self.assertEqual([task["id"] for task in page["tasks"]], numbers[2:])
        self.assertIsNone(page["next"])
        page = self.json.get("/v1/tasks?queue=listed&state=running").value
        self.assertEqual([task["id"] for task in page["tasks"]], [first["id"]])
        self.assertEqual(self.json.get("/v1/tasks?queue=none").value, {"tasks": [], "next": None})

    def test_parameters_that_make_no_sense_are_refused(self):
        for path in ("/v1/tasks?state=sleeping", "/v1/tasks?limit=0", "/v1/tasks?limit=1001",
                     "/v1/tasks?limit=x", "/v1/tasks?after=-1", "/v1/tasks?queue=a%20b",
                     "/v1/tasks?queue=%zz", "/v1/tasks?colour=red", "/v1/tasks?limit=1&limit=2",
                     "/v1/tasks/x", "/v1/tasks/01", "/v1/tasks/-1",
                     "/v1/tasks/18446744073709551616"):
            self.assert_problem(self.json.get(path), 400, "invalid_parameter")
        for path in ("/v1/queues/a%20b/claim", "/v1/queues/%2e%2e/claim"):
            self.assert_problem(self.json.post(path, {"worker": "w"}), 400, "invalid_parameter")
        self.assertEqual(self.json.post("/v1/queues/%71/claim", {"worker": "w"}).status, 200)

    def test_what_is_not_there_is_not_found(self):
        self.assert_problem(self.json.get("/v1/tasks/999999999"), 404, "not_found")
        self.assert_problem(self.json.post("/v1/tasks/999999999/complete", {"fence": 1}), 404,
                            "not_found")
        for path in ("/", "/v1", "/v1/", "/v1/tasks/", "/v1/tasks/1/", "/v1/tasks/1/eat",
                     "/v2/tasks", "/V1/tasks", "//v1/tasks"):
            self.assert_problem(self.json.get(path), 404, "unknown_route")

    def test_other_methods_are_refused_with_those_there_are(self):
        for method, path, allow in (("DELETE", "/v1/tasks", "POST, GET, HEAD, OPTIONS"),
                                    ("PUT", "/v1/tasks/1", "GET, HEAD, OPTIONS"),
                                    ("POST", "/v1/tasks/1", "GET, HEAD, OPTIONS"),
                                    ("GET", "/v1/tasks/complete", "POST, OPTIONS"),
                                    ("GET", "/queue", "POST, OPTIONS"),
                                    ("TRACE", "/livez", "GET, HEAD, OPTIONS"),
                                    ("BREW", "/v1/queues/q/claim", "POST, OPTIONS")):
            answer = self.json.call(method, path)
            self.assert_problem(answer, 405, "method_not_allowed")
            self.assertEqual(answer.fields["allow"], allow)
        answer = self.json.call("OPTIONS", "/v1/tasks")
        self.assertEqual((answer.status, answer.fields["allow"]), (204, "POST, GET, HEAD, OPTIONS"))
        self.assertNotIn("access-control-allow-origin", answer.fields)

    def test_head_is_a_get_without_the_body(self):
        number = self.json.submit("head", payload="x" * 100)
        for path in (f"/v1/tasks/{number}", "/v1/tasks?queue=head", "/livez", "/v1/tasks/999999999"):
            get, head = self.json.get(path), self.json.call("HEAD", path)
            self.assertEqual(head.raw, b"")
            self.assertEqual(head.status, get.status)
            for field in ("content-type", "content-length", "vary"):
                self.assertEqual(head.fields[field], get.fields[field])

    def test_probes_say_ok(self):
        for path in ("/livez", "/readyz"):
            self.assertEqual(self.json.get(path).value, {"status": "ok"})
            self.assertEqual(self.msgpack.get(path).value, {"status": "ok"})
            # A probe's answer does not hang on what it accepts.
            self.assertEqual(self.json.get(path, fields={"Accept": "text/html"}).status, 200)

    def test_answers_carry_what_a_good_server_sends(self):
        answer = self.json.get("/livez", fields={"X-Request-Id": "my-id:7"})
        self.assertEqual(answer.fields["x-request-id"], "my-id:7")
        self.assertEqual(answer.fields["server"], "structwired")
        self.assertRegex(answer.fields["date"],
                         r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
        made = [self.json.get("/livez").fields["x-request-id"] for _ in range(3)]
        self.assertEqual(len(set(made)), 3)
        answer = self.json.get("/livez", fields={"X-Request-Id": "x" * 200})
        self.assertEqual(len(answer.fields["x-request-id"]), 16)


class LongPolls(DaemonTest):
    def claim_in_thread(self, queue, count=1, **more):
        results = []

        def claim():
            api = self.daemon.api()
            start = time.monotonic()
            results.append((api.claim(queue, **more), time.monotonic() - start))
            api.close()

        threads = [threading.Thread(target=claim) for _ in range(count)]
        for thread in threads:
            thread.start()
        return threads, results

    def test_an_empty_queue_answers_when_the_time_is_up(self):
        for wait, least, most in ((0, 0, 0.5), (300, 0.3, 1.5)):
            start = time.monotonic()
            self.assertEqual(self.json.claim("empty", wait_ms=wait), [])
            self.assertTrue(least <= time.monotonic() - start <= most)

    def test_a_waiting_claim_wakes_when_the_queue_gets_work(self):
        threads, results = self.claim_in_thread("waking", wait_ms=20000)
        time.sleep(0.3)
        number = self.json.submit("waking", payload="late")
        threads[0].join()
        [(tasks, seconds)] = results
        self.assertEqual([task["id"] for task in tasks], [number])
        self.assertTrue(0.2 < seconds < 2, seconds)

    def test_a_waiting_claim_wakes_when_a_scheduled_task_becomes_due(self):
        self.json.submit("due", run_at_us=int((time.time() + 0.5) * 1e6))
        start = time.monotonic()
        self.assertEqual(len(self.json.claim("due", wait_ms=20000)), 1)
        self.assertTrue(0.3 < time.monotonic() - start < 3)

    def test_one_batch_wakes_all_who_wait_and_each_task_once(self):
        threads, results = self.claim_in_thread("crowd", count=20, wait_ms=20000)
        time.sleep(0.5)
        self.json.post("/v1/tasks", {"tasks": [{"queue": "crowd", "type": "t"}] * 20})
        for thread in threads:
            thread.join()
        numbers = [task["id"] for tasks, _ in results for task in tasks]
        self.assertEqual((len(numbers), len(set(numbers))), (20, 20))
        self.assertLess(max(seconds for _, seconds in results), 5)

    def test_a_client_that_went_away_gets_nothing(self):
        body = b'{"worker":"gone","wait_ms":20000}'
        with self.daemon.wire() as wire:
            wire.send(b"POST /v1/queues/gone/claim HTTP/1.1\r\nHost: x\r\n"
                      b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
            wire.send(body)
            time.sleep(0.3)
        time.sleep(0.3)
        number = self.json.submit("gone")
        self.assertEqual(self.json.task(number)["state"], "queued")
        self.assertEqual(self.json.claim("gone")[0]["attempt"], 1)

    def test_too_long_a_wait_is_refused(self):
        answer = self.json.post("/v1/queues/q/claim", {"worker": "w", "wait_ms": 60001})
        self.assertEqual(self.assert_problem(answer, 422, "invalid_argument")["path"], "$.wait_ms")

    def test_a_connection_goes_on_after_a_wait(self):
        for _ in range(3):
            self.assertEqual(self.json.claim("on", wait_ms=50), [])
            self.json.submit("on")
            self.assertEqual(len(self.json.claim("on", wait_ms=50)), 1)


if __name__ == "__main__":
    main()

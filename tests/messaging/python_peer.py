# SPDX-License-Identifier: Apache-2.0
"""A node in Python as a process of its own, for tests that kill it: python_peer.py NAME (listen ADDRESS | dial ADDRESS).

It serves the handlers that tests ask for, prints its address in a line, and ends when its standard input does.
"""
import sys
import time

from structwire.messages import Node, Options
from structwire.messages.failure import FailureCode, MessageFailure


def serve(node: Node) -> None:
    @node.handler("echo")
    def echo(value):
        return value

    @node.handler("echo_again", idempotent=True)
    def echo_again(value):
        return value

    @node.handler("sleep", request=float)
    def sleep(seconds, context):
        if context.wait_cancelled(seconds):
            raise MessageFailure(FailureCode.cancelled, "woken")
        return seconds

    @node.handler("sleep_again", request=float, idempotent=True)
    def sleep_again(seconds):
        time.sleep(seconds)
        return seconds

    @node.handler("count", request=int, response=int, stream=True)
    def count(most):
        yield from range(most)


def main() -> None:
    name, how, address = sys.argv[1:]
    with Node(name, options=Options(heartbeat=0.2)) as node:
        serve(node)
        if how == "listen":
            address = node.listen(address)
        else:
            node.connect(address)
        print(address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Active messages: typed requests between processes, in Python and in C++, over ZeroMQ.

    from structwire.messages import Node
    from artifact_messages import QueryRequest, QueryResponse     # generated from the contract

    node = Node("asker")
    peer = node.connect("tcp://127.0.0.1:7100")
    answer = peer.call("query", QueryRequest("q-1", "worker-1"), QueryResponse, deadline=2.0)

and on the other side

    node = Node("worker-1")

    @node.handler("query", request=QueryRequest, response=QueryResponse)
    def query(request):
        return QueryResponse(request.query_id, request.worker_id, b"...", time.time())

    node.listen("tcp://127.0.0.1:7100")

Every send has exactly one end: what was asked for, or a MessageFailure with a code, at the deadline at the latest.
docs/messages.md describes what goes over the wire.
"""
from structwire.messages.calls import Call, Stream
from structwire.messages.codec import Encoded, wire_fingerprint
from structwire.messages.either import Either
from structwire.messages.executor import Context
from structwire.messages.failure import FailureCode, MessageFailure
from structwire.messages.flow import Amount
from structwire.messages.header import Delivery
from structwire.messages.hello import Ordering
from structwire.messages.keys import CurveKeys, read_public_key
from structwire.messages.node import Node, Peer
from structwire.messages.options import Options
from structwire.messages.records import PeerState, Trace

__all__ = ["Amount", "Call", "Context", "CurveKeys", "Delivery", "Either", "Encoded", "FailureCode", "MessageFailure", "Node", "Options",
           "Ordering", "Peer", "PeerState", "Stream", "Trace", "read_public_key", "wire_fingerprint"]

# SPDX-License-Identifier: Apache-2.0
"""What random documents are made of before a format spells them.

A node is a leaf (a Python value), a list of nodes, or Pairs, which keep order and equal keys.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from random import Random
from typing import Any

Node = Any


@dataclasses.dataclass
class Pairs:
    """An object or map: keys are leaves."""

    items: list[tuple[Node, Node]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Place:
    """Where a node is: in which list or Pairs, and at which index; no holder for the root."""

    holder: list[Node] | Pairs | None
    index: int
    node: Node

    def replaced(self, root: Node, node: Node) -> Node:
        """The root after `node` took this place."""
        if self.holder is None:
            return node
        if isinstance(self.holder, Pairs):
            self.holder.items[self.index] = (self.holder.items[self.index][0], node)
        else:
            self.holder[self.index] = node
        return root


def places(root: Node) -> Iterator[Place]:
    """Every node, outside in."""
    waiting = [Place(None, 0, root)]
    while waiting:
        place = waiting.pop()
        yield place
        if isinstance(place.node, Pairs):
            children = [item for _, item in place.node.items]
        else:
            children = place.node if isinstance(place.node, list) else []
        for index, child in enumerate(children):
            waiting.append(Place(place.node, index, child))


def pick(root: Node, random: Random) -> Place:
    return random.choice(list(places(root)))


def clone(root: Node) -> Node:
    return copy.deepcopy(root)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A TCP proxy that does to connections what bad networks do.

usage: chaos_proxy.py HOST:PORT [LISTEN_PORT]

Prints `listening PORT`, then does what each line of its input says and answers it with a line that begins with `ok` or
`error`. Ends with its input. The commands act on all connections, those that are open and those that come:

  pass                  none of the below any more (a connection that was cut stays cut)
  delay MS [JITTER_MS]  each piece arrives later; order is kept
  trickle BYTES MS      so many bytes at once, then a pause
  stall                 reads nothing more: who sends gets stuck
  blackhole             reads everything, passes nothing on
  refuse                new connections are reset
  cut                   resets every connection, now
  cut_after BYTES       the same, when so many more bytes have passed: in the middle of something
  close                 ends every connection in order
  half_open server      resets the connections to the server; the clients notice nothing
  half_open client      resets the connections of the clients; the server notices nothing
  target HOST:PORT      where new connections lead
  wait_connections N    until so many were made in all
  stats                 ok accepted=N open=N up=BYTES down=BYTES resets=N
"""
import asyncio
import random
import socket
import struct
import sys

PIECE = 65536
PIECES_AHEAD = 64  # Pieces that are on their way while they are delayed.


class Connection:
    """One client and its connection to the server."""

    def __init__(self, client, server):
        self.ends = {"client": client, "server": server}  # StreamWriters

    def reset(self, which):
        """As a router does that has lost its memory: nothing more is sent, and a reset in its place."""
        writer = self.ends.pop(which, None)
        if writer is None:
            return
        connection = writer.get_extra_info("socket")
        if connection is not None:
            try:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
        writer.transport.abort()

    def close(self):
        for which in list(self.ends):
            self.ends.pop(which).close()


class ChaosProxy:
    """The proxy; its attributes are what the commands set."""

    def __init__(self, target):
        self.target = target
        self.connections = set()
        self.accepted = self.up = self.down = self.resets = 0
        self.flows = asyncio.Event()
        self.came = asyncio.Condition()
        self.set_pass()

    def set_pass(self):
        self.delay = self.jitter = self.pause = 0.0
        self.piece = PIECE
        self.swallow = self.refuse = False
        self.cut_left = None
        self.flows.set()

    async def start(self, port=0):
        server = await asyncio.start_server(self.serve, "127.0.0.1", port, limit=PIECE)
        return server.sockets[0].getsockname()[1]

    # ---- connections

    async def serve(self, reader, writer):
        connection = Connection(writer, None)
        self.accepted += 1
        if self.refuse:
            connection.reset("client")
            self.resets += 1
        else:
            try:
                server_reader, server_writer = await asyncio.open_connection(*self.target, limit=PIECE)
            except OSError:
                connection.reset("client")
                self.resets += 1
            else:
                connection.ends["server"] = server_writer
                self.connections.add(connection)
                self.spawn(connection, reader, server_reader)
        async with self.came:
            self.came.notify_all()

    def spawn(self, connection, from_client, from_server):
        tasks = [
            asyncio.ensure_future(self.relay(connection, from_client, "client", "server")),
            asyncio.ensure_future(self.relay(connection, from_server, "server", "client")),
        ]

        async def end():
            await asyncio.gather(*tasks, return_exceptions=True)
            connection.close()
            self.connections.discard(connection)

        connection.task = asyncio.ensure_future(end())

    async def relay(self, connection, reader, source, sink):
        """From one end to the other, until either ends. An end that was dropped is no end to the other one."""
        queue = asyncio.Queue(PIECES_AHEAD)
        writing = asyncio.ensure_future(self.write(connection, queue, sink))
        loop = asyncio.get_running_loop()
        try:
            while True:
                await self.flows.wait()
                piece = await reader.read(self.piece)
                await self.flows.wait()
                if not piece:
                    break
                late = self.delay + random.uniform(0, self.jitter) if self.delay or self.jitter else 0
                await queue.put((loop.time() + late, piece))
                if self.pause:
                    await asyncio.sleep(self.pause)
        except (ConnectionError, OSError):
            pass
        await queue.put(None)
        await writing
        if source in connection.ends and sink in connection.ends:
            connection.close()
        elif source in connection.ends:
            connection.ends.pop(source).close()
        elif connection.ends:
            # Half open: the other end hears nothing, until it goes itself.
            await asyncio.sleep(0)

    async def write(self, connection, queue, sink):
        loop = asyncio.get_running_loop()
        while (item := await queue.get()) is not None:
            due, piece = item
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            if self.swallow or sink not in connection.ends:
                continue
            piece, cut = self.take_until_cut(piece)
            writer = connection.ends[sink]
            try:
                writer.write(piece)
                await writer.drain()
            except (ConnectionError, OSError):
                pass
            if sink == "server":
                self.up += len(piece)
            else:
                self.down += len(piece)
            if cut:
                # What was let through shall get there.
                await asyncio.sleep(0.01)
                self.cut()

    def take_until_cut(self, piece):
        if self.cut_left is None:
            return piece, False
        taken = piece[: self.cut_left]
        self.cut_left -= len(taken)
        if self.cut_left > 0:
            return taken, False
        self.cut_left = None
        return taken, True

    def cut(self, *which):
        for connection in list(self.connections):
            for end in which or ("client", "server"):
                if end in connection.ends:
                    self.resets += 1
                    connection.reset(end)

    # ---- commands

    async def command(self, words):
        name, arguments = words[0], words[1:]
        action = getattr(self, "do_" + name, None)
        if action is None:
            return "error no such command: " + name
        try:
            answer = await action(*arguments)
        except (TypeError, ValueError) as error:
            return f"error {error}"
        return "ok" if answer is None else "ok " + answer

    async def do_pass(self):
        self.set_pass()

    async def do_delay(self, milliseconds, jitter="0"):
        self.delay, self.jitter = float(milliseconds) / 1000, float(jitter) / 1000

    async def do_trickle(self, count, milliseconds):
        self.piece, self.pause = int(count), float(milliseconds) / 1000

    async def do_stall(self):
        self.flows.clear()

    async def do_blackhole(self):
        self.swallow = True

    async def do_refuse(self):
        self.refuse = True

    async def do_cut(self):
        self.cut()

    async def do_cut_after(self, count):
        self.cut_left = int(count)

    async def do_close(self):
        for connection in list(self.connections):
            connection.close()

    async def do_half_open(self, gone):
        if gone not in ("client", "server"):
            raise ValueError("half_open client or half_open server")
        self.cut(gone)

    async def do_target(self, address):
        self.target = parse_address(address)

    async def do_wait_connections(self, count):
        async with self.came:
            await self.came.wait_for(lambda: self.accepted >= int(count))

    async def do_stats(self):
        return (
            f"accepted={self.accepted} open={len(self.connections)} up={self.up} down={self.down} "
            f"resets={self.resets}"
        )


def parse_address(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


async def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    proxy = ChaosProxy(parse_address(sys.argv[1]))
    port = await proxy.start(int(sys.argv[2]) if len(sys.argv) == 3 else 0)
    print("listening", port, flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if words := line.split():
            print(await proxy.command(words), flush=True)


if __name__ == "__main__":
    asyncio.run(main())

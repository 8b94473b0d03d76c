# SPDX-License-Identifier: Apache-2.0
"""A proxy in front of a TCP address: it cuts its connections, also in the middle of a frame, and holds bytes back."""
import socket
import threading
import time


class TcpCutter:
    """Listens at `address` and passes on to what it was made with. Each connection has two threads."""

    def __init__(self, target: str) -> None:
        host, port = target.removeprefix("tcp://").rsplit(":", 1)
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._holds = threading.Event()
        self._holds.set()
        self.bytes = 0
        self._cut_after: int | None = None
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._pairs.append((near, far))
                self.connections += 1
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                self._holds.wait()
                if self._cut_after is not None:
                    data, left = data[: self._cut_after], self._cut_after - len(data)
                    self._cut_after = max(left, 0)
                self.bytes += len(data)
                other.sendall(data)
                if self._cut_after == 0:
                    self._cut_after = None
                    break
        except OSError:
            pass
        for each in (one, other):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def cut(self) -> None:
        """Every connection, at once."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for each in pair:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def cut_after(self, count: int) -> None:
        """The connection over which so many more bytes went."""
        self._cut_after = count

    def hold(self, seconds: float) -> None:
        """Nothing passes for so long: a network that is gone without a word."""
        self._holds.clear()
        time.sleep(seconds)
        self._holds.set()

    def close(self) -> None:
        self._listener.close()
        self.cut()

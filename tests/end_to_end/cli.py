# SPDX-License-Identifier: Apache-2.0
"""Running the command `structwire` as people and scripts do."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
import unittest

PROGRAM = os.path.join(os.environ["STRUCTWIRE_BIN"], "structwire")

# The exit statuses of docs/command_line.md.
OK, FAILED, USAGE, BAD_DATA, NO_INPUT, UNAVAILABLE, IO, TEMPORARY = 0, 1, 2, 65, 66, 69, 74, 75


def environment(**more):
    """Ours, without what would change what is tested."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("STRUCTWIRE_", "NO_COLOR"))}
    return {**kept, "TERM": "xterm", **more}


def run(*arguments, stdin=b"", url=None, timeout=60, **more):
    """Ends with returncode, stdout and stderr (bytes); never at a terminal."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    if url:
        more["STRUCTWIRE_SERVER"] = url
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True,
                          timeout=timeout, env=environment(**more), check=False)


def start(*arguments, url, **more):
    """Runs on; stdout and stderr are pipes."""
    return subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=environment(STRUCTWIRE_SERVER=url, **more))


def wait_until(reached, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = reached()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


class Terminal:
    """The command at a terminal of 100 columns."""

    def __init__(self, *arguments, url="", **more):
        try:
            self.main, worker = pty.openpty()
        except OSError as error:
            raise unittest.SkipTest(f"no terminal to be had here ({error}): is /dev/pts mounted?") from error
        fcntl.ioctl(worker, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.text = ""
        self.process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)], stdin=worker, stdout=worker, stderr=worker,
            start_new_session=True, env=environment(STRUCTWIRE_SERVER=url, **more),
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(worker)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.main)

    def read(self, seconds=0.05):
        """Everything shown so far."""
        while select.select([self.main], [], [], seconds)[0]:
            try:
                self.text += os.read(self.main, 65536).decode(errors="replace")
            except OSError:
                break
        return self.text

    def wait_for(self, text, seconds=20):
        wait_until(lambda: text in self.read(), seconds)

    def type(self, text):
        os.write(self.main, text.encode())

    def end(self, seconds=20):
        """Its exit status."""
        wait_until(lambda: self.read() is not None and self.process.poll() is not None, seconds)
        self.read()
        return self.process.returncode

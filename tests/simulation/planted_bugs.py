#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the simulation see a bug that is there? Each row below breaks one promise of the endpoint in a copy of one source.
message_simulation, linked with the copy, has to fail within its first thousand seeds, by one of the rules that are named.

usage: planted_bugs.py FOLDER BINARY_DIR [NAME...]   works in the folder, with what the build folder has

Two of them in the suite, all in `./dev check` (STRUCTWIRE_CHECK_SECONDS is set), those that are named where any are."""
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys

SEEDS = "1:1000"
IN_THE_SUITE = ("no_taken_turns", "runs_again_in_a_new_life")


@dataclasses.dataclass
class Bug:
    name: str
    file: str  # Of structwire/messaging/.
    before: str  # Stands in it once.
    after: str
    rules: tuple  # Of message_oracle.hpp; the first that a seed breaks is one of them.


BUGS = (
    # A cancel is believed before the peer has heard of it.
    Bug("cancels_without_asking", "endpoint_sends.cpp",
        "  if (send->state != Send::State::sent) return fail(*send, FailureCode::cancelled,",
        "  return fail(*send, FailureCode::cancelled,",
        ("no late start", "true success", "settles")),
    # A request that comes again under its id runs again.
    Bug("repeats_run_again", "endpoint_requests.cpp",
        "if (session.seen.admit(counter) != DedupeWindow::Verdict::fresh) {",
        "if (session.seen.admit(counter) == DedupeWindow::Verdict::too_old) {",
        ("no double effect",)),
    # What was on the link that broke is forgotten.
    Bug("nothing_is_sent_again", "endpoint_links.cpp",
        "  resend_all(peer, now);\n", "",
        ("calm", "settles", "true failure")),
    # The credit of a request goes back when its handler ends, though its bytes are held still.
    Bug("pinned_payloads_are_free", "endpoint_requests.cpp",
        "if (!request.finished || !request.released) return;", "if (!request.finished) return;",
        ("held",)),
    # A send that is tried again has no deadline any more.
    Bug("a_pause_forgets_the_deadline", "endpoint_sends.cpp",
        "    timers.set(send.timer, send.deadline);\n    if (peer.waiting.empty()", "    if (peer.waiting.empty()",
        ("one outcome",)),
    # When the peer comes back as a new process, all that it had starts over.
    Bug("runs_again_in_a_new_life", "endpoint_sends.cpp",
        "(send->idempotent && !streams && has_room)", "!streams",
        ("no double effect",)),
    # A send that its credit covers goes before those that wait for more.
    Bug("no_taken_turns", "endpoint_sends.cpp",
        "  if (peer->waiting.empty() && transmit(*peer, send, now)) return ticket;",
        "  if (transmit(*peer, send, now)) return ticket;",
        ("order",)),
    # The same of many that leave together.
    Bug("many_take_no_turns", "endpoint_many_sends.cpp",
        "  if (peer->waiting.empty()) transmit_some(*peer, send, amount.messages, now);",
        "  transmit_some(*peer, send, amount.messages, now);",
        ("order",)),
    # Many that leave together have one deadline, that of the first.
    Bug("many_share_a_deadline", "endpoint_many_sends.cpp",
        "  timers.set(send.timer, messages.earliest_deadline());\n", "",
        ("one outcome",)),
    # Of requests that come together, each gives back the credit of two.
    Bug("many_give_back_too_much", "endpoint_many_requests.cpp",
        "to_grant.release(ended.released);", "to_grant.release({2 * ended.released.messages, ended.released.bytes});",
        ("held",)),
    # One that parts from the others may run twice.
    Bug("parted_may_run_twice", "endpoint_many_sends.cpp",
        "send.idempotent = entry != nullptr && entry->idempotent;", "send.idempotent = true;",
        ("no double effect",)),
    # One that parts from the others goes to the end of the queue.
    Bug("parted_loses_its_turn", "endpoint_many_sends.cpp",
        "send.place.arrival = messages.turn_of(message);", "send.place.arrival = messages.turn_of(message) + 1'000'000;",
        ("order",)),
    # One that parts from the others has no deadline any more.
    Bug("parted_forgets_the_deadline", "endpoint_many_sends.cpp",
        "  timers.set(send.timer, send.deadline);\n", "",
        ("one outcome",)),
    # Of those that are done together, one more is told than there is.
    Bug("many_are_done_and_one_more", "endpoint_many_requests.cpp",
        "others |= std::uint64_t{1} << behind;", "others |= std::uint64_t{3} << behind;",
        ("true success", "order", "no late start")),
    # What comes together is believed to be what comes next.
    Bug("many_come_in_any_order", "endpoint_many_requests.cpp",
        "if (!header || header->sequence != peer->session->received.expected()) break;", "if (!header) break;",
        ("order", "no double effect", "routing", "network", "settles", "calm", "true failure")),
    # Low priorities go when nothing else waits.
    Bug("priority_starves", "endpoint_sends.cpp",
        "  peer->waiting.arrive(send.place);\n",
        "  peer->waiting.arrive(send.place);\n  if (wanted.priority < 2) send.place.arrival += 1'000'000;\n",
        ("no starvation", "one outcome", "order")),
    # What may have run is told as something that did not.
    Bug("lost_is_told_as_never_sent", "endpoint_sends.cpp",
        "did_not_arrive ? FailureCode::cancelled : FailureCode::peer_lost", "FailureCode::no_peer",
        ("did not run", "true failure")),
    # A request is accepted before its payload was decoded.
    Bug("accepts_unseen", "endpoint_requests.cpp",
        "  port.run(std::move(work));\n",
        "  port.run(std::move(work));\n  accepted(request.work, now);\n",
        ("true success", "receipt")),
    # A link to a machine without power is believed in for ever.
    Bug("silence_means_nothing", "endpoint_time.cpp",
        "if (now - peer.heard >= period * options.heartbeats_missed)", "if (false)",
        ("calm", "settles")),
    # What waits for credit is not bounded.
    Bug("waits_without_bound", "endpoint_sends.cpp",
        "  if (!peer.waiting.has_room(message.payload.size(), options.pending)) {\n    return fail",
        "  if (false) {\n    return fail",
        ("held",)),
)


def run(*words, **options):
    return subprocess.run([str(word) for word in words], text=True, check=False, **options)


def build(bug, folder, binaries):
    """The simulation with the bug in it."""
    place = folder / bug.name
    place.mkdir(parents=True, exist_ok=True)
    text = next(pathlib.Path("structwire/messaging").rglob(bug.file)).read_text(encoding="utf-8")
    if text.count(bug.before) != 1:
        sys.exit(f"{bug.name}: what it changes stands {text.count(bug.before)} times in {bug.file}; see {sys.argv[0]}")
    source = place / bug.file
    source.write_text(text.replace(bug.before, bug.after), encoding="utf-8")
    compiler = os.environ.get("CXX", "g++-12" if shutil.which("g++-12") else "g++")
    cached = ["ccache"] if shutil.which("ccache") else []
    linker = ["-fuse-ld=lld"] if shutil.which("ld.lld") else []
    planted = place / "planted.o"
    run(*cached, compiler, "-std=c++23", "-O1", "-g1", "-I.", "-c", source, "-o", planted).check_returncode()
    objects = sorted((binaries / "tests/simulation/CMakeFiles/message_simulation.dir").glob("*.o"))
    libraries = [binaries / f"structwire/libstructwire_{name}.a" for name in
                 ("messaging", "contract", "json", "msgpack", "core")]
    program = place / "message_simulation"
    run(compiler, *linker, *objects, planted, *libraries, "-lzstd", "-o", program).check_returncode()
    return program


def is_found(bug, program):
    """Prints by which seed; false where none fails, or one by another rule."""
    seen = run(program, "--until-found", "--seeds", SEEDS, stdout=subprocess.PIPE).stdout
    failures = re.findall(r"^FAILED seed (\d+): (.*)$", seen, re.MULTILINE)
    if not failures:
        print(f"{bug.name}: not found in seeds {SEEDS}")
        return False
    seed, text = failures[0]
    print(f"{bug.name}: seed {seed}, {text[:150]}")
    if not text.startswith(bug.rules):
        print(f"{bug.name}: expected one of the rules: {', '.join(bug.rules)}")
        return False
    return True


def main():
    folder, binaries = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    names = sys.argv[3:] or (() if os.environ.get("STRUCTWIRE_CHECK_SECONDS") else IN_THE_SUITE)
    bugs = [bug for bug in BUGS if not names or bug.name in names]
    found = sum(is_found(bug, build(bug, folder, binaries)) for bug in bugs)
    print(f"{found} found, {len(bugs) - found} not found")
    return 0 if found == len(bugs) else 1


if __name__ == "__main__":
    sys.exit(main())

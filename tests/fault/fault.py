#!/usr/bin/env python3
"""What storage promises while processes are killed, disks fill up, answers get lost and clocks jump.

    fault.py WRITER PG_PY kill|full|commit|clock|backend [--long]

WRITER (tests/fault/writer.c) writes pairs of rows and says which were acknowledged. Of each fault is printed how many were
acknowledged, are missing, are there by half, or twice. Then a setting known to be bad is tried, which must be found out:
a test that finds nothing there is worth nothing. PostgreSQL takes part where SISHI_TEST_PG is set, on a server started here."""
import collections
import contextlib
import importlib.util
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

WRITER, PG_PY, FAULT = sys.argv[1:4]
LONG = "--long" in sys.argv
ONLY = os.environ.get("SISHI_TEST_STORE")
SEED = int(os.environ.get("FAULT_SEED", time.time_ns() % 1000000))
chance = random.Random(SEED)
spec = importlib.util.spec_from_file_location("pg", PG_PY)
pg = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pg)
passed = failed = 0


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAIL {what} (FAULT_SEED={SEED})")


# ---- the writer and its judge ---------------------------------------------------------------


def writer(*words):
    return subprocess.Popen([WRITER, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def make(url):
    done = writer("make", url)
    _, why = done.communicate(timeout=60)
    check(f"tables made: {why}", done.returncode == 0)


class Told:
    """What writers said: acknowledged pairs with their ids, and how often an outcome was unknown."""

    def __init__(self):
        self.acks, self.unknown, self.full, self.errors = {}, 0, 0, collections.Counter()

    def hear(self, text):
        for line in text.splitlines(keepends=True):
            word, *rest = line.split()
            if not line.endswith("\n"):  # cut off by the kill
                continue
            if word == "ack":
                self.acks[int(rest[0])] = int(rest[1])
            elif word == "unknown":
                self.unknown += 1
            elif word == "full":
                self.full += 1
            else:
                self.errors[" ".join(rest[2:])] += 1


def write(told, url, *words, seconds=None):
    """Runs a writer to its end, or kills it a while after it wrote its first line: a slow machine
    may take long to begin."""
    child = writer("write", url, *words)
    timer = threading.Timer(280, child.kill)
    timer.start()
    first = child.stdout.readline()
    if seconds is not None:
        timer.cancel()
        timer = threading.Timer(seconds, child.kill)
        timer.start()
    told.hear(first + child.stdout.read())  # by the same reader: communicate() would miss what it holds
    why = child.stderr.read()
    child.wait()
    timer.cancel()
    if why:
        print(why, end="")
    return child.returncode


def rows(url):
    """n -> [(half, id), ...]"""
    child = writer("read", url)
    out, why = child.communicate(timeout=120)
    check(f"the rows can be read: {why}", child.returncode == 0)
    found = collections.defaultdict(list)
    for line in out.splitlines():
        _, n, half, number = line.split()
        found[int(n)].append((int(half), int(number)))
    return found


Verdict = collections.namedtuple("Verdict", "acknowledged missing partial twice")


def judge(what, told, found, note=""):
    halves = {n: sorted(h for h, _ in r) for n, r in found.items()}
    v = Verdict(len(told.acks), sum(n not in found for n in told.acks), sum(h.count(1) != h.count(2) for h in halves.values()),
                sum(len(h) > 2 for h in halves.values()))
    print(f"{what}: acknowledged {v.acknowledged}, missing {v.missing}, partial {v.partial}, twice {v.twice}{note}", flush=True)
    return v


def sound(what, v, least=1):
    check(f"{what}: something was written", v.acknowledged >= least)
    check(f"{what}: nothing lost, halved or doubled", v[1:] == (0, 0, 0))


@contextlib.contextmanager
def file_database():
    with tempfile.TemporaryDirectory(prefix="sishi-fault-") as folder:
        url = f"sqlite:{folder}/db"
        make(url)
        yield url
        check_file(url)


def check_file(url):
    with contextlib.closing(sqlite3.connect(url.partition(":")[2])) as db:
        check("SQLite finds its file whole", db.execute("PRAGMA integrity_check").fetchone() == ("ok",))


class Cluster:
    """A PostgreSQL of this test's own, that may be killed and started again."""

    def __init__(self, folder, **settings):
        self.folder, self.who, self.server = pathlib.Path(folder), pg.other_user(), pg.find_server(None)
        self.settings = settings
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        if self.who:
            os.chown(self.folder, self.who["user"], self.who["group"])
        pg.SETTINGS.update(settings)
        self.child = pg.start(self.server, self.folder, self.who)
        self.url = f"postgres:host={folder} user=sishi dbname=postgres"

    def psql(self, sql):
        return subprocess.run(["psql", "-h", str(self.folder), "-U", "sishi", "-d", "postgres", "-Atqc", sql], capture_output=True, text=True).stdout.split()

    def backends(self):
        return [int(p) for p in self.psql("SELECT pid FROM pg_stat_activity WHERE application_name = 'sishi'")]

    def kill_all(self):
        children = subprocess.run(["pgrep", "-P", str(self.child.pid)], capture_output=True, text=True).stdout.split()
        for pid in [self.child.pid, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.child.wait(30)

    def start_again(self):
        self.child = pg.serve(self.server, self.folder, self.who)

    def revive(self):
        """Waits until it answers; starts it when it gave up."""
        for _ in range(100):
            if self.child.poll() is not None:
                self.start_again()
            if self.psql("SELECT 1") == ["1"]:
                return
            time.sleep(0.1)

    def close(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGQUIT)
            self.child.wait(60)


@contextlib.contextmanager
def cluster(folder=None, **settings):
    with contextlib.ExitStack() as stack:
        place = folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="sishi-pg-", dir="/tmp"))
        c = Cluster(place, **settings)
        stack.callback(c.close)
        make(c.url)
        yield c


def with_file():
    return ONLY != "postgres"


def with_server():
    if ONLY == "sqlite":
        return False
    if not os.environ.get("SISHI_TEST_PG"):
        print("SKIPPED: PostgreSQL: SISHI_TEST_PG is not set")
        return False
    print("on PostgreSQL")
    return True


# ---- kill -9 of the writing program ---------------------------------------------------------


def kill_rounds(url, rounds, *words):
    told = Told()
    for i in range(rounds):
        write(told, url, "--from", i * 1000000, "--threads", 4, *words, seconds=chance.uniform(0.1, 0.4))
    return told


def kill_once(what, fresh):
    rounds = 100 if LONG else 8
    with fresh() as url:
        sound(f"kill -9, {what}", judge(f"kill -9 of the writer {rounds} times, {what}", kill_rounds(url, rounds), rows(url)), 20)
    with fresh() as url:
        v = judge(f"known bad, {what}: acknowledged before the commit", kill_rounds(url, 6, "--bad", "early"), rows(url))
        check("what is acknowledged too early gets lost, and it is seen", v.missing > 0)
    with fresh() as url:
        v = judge(f"known bad, {what}: two writes for a pair", kill_rounds(url, 6, "--bad", "halves"), rows(url))
        check("what is written in two halves gets halved, and it is seen", v.partial > 0)


@contextlib.contextmanager
def server_database():
    with cluster() as c:
        yield c.url


def test_kill():
    if with_file():
        kill_once("SQLite", file_database)
    if with_server():
        kill_once("PostgreSQL", server_database)


# ---- a full disk ----------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(megabytes):
    folder = tempfile.mkdtemp(prefix="sishi-full-", dir="/tmp")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        yield pathlib.Path(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def fill(what, url, ballast, *words, again=None):
    """Writes until nothing fits, makes room, writes on. A server may have stopped: `again` starts it."""
    told = Told()
    write(told, url, "--threads", 4, *words, seconds=30)
    at_full = len(told.acks)
    print(f"{what}: told full {told.full}, other failures {dict(told.errors.most_common(3))}")
    check(f"{what}: it says that the disk is full", told.full > 0 or again and told.errors)
    if not again:
        check(f"{what}: what was written can be read", len(rows(url)) > 0)
    ballast.unlink()
    if again:
        again()
    status = write(told, url, "--from", 90000000, "--count", 200, "--threads", 4)
    check(f"{what}: it goes on when there is room", status == 0 and len(told.acks) == at_full + 200)
    return told


def test_full():
    if os.getuid() != 0:
        print("SKIPPED: a small disk can only be mounted by root")
        return
    for bad in ([], ["--bad", "early"]):
        if with_file():
            with small_disk(6) as disk:
                (disk / "ballast").write_bytes(bytes(2 << 20))
                url = f"sqlite:{disk}/db"
                make(url)
                told = fill("full disk, SQLite", url, disk / "ballast", *bad)
                full_verdict("SQLite", bad, judge(f"full disk, SQLite{' (known bad)' * bool(bad)}", told, rows(url)))
                check_file(url)
    if with_server():
        with small_disk(160) as disk:
            (disk / "ballast").write_bytes(bytes(48 << 20))
            disk.chmod(0o755)
            with cluster(disk / "pg", shared_buffers="16MB", max_wal_size="32MB", min_wal_size="32MB") as c:
                told = fill("full disk, PostgreSQL", c.url, disk / "ballast", "--bytes", 20000, again=c.revive)
                full_verdict("PostgreSQL", [], judge("full disk, PostgreSQL", told, rows(c.url)))


def full_verdict(what, bad, v):
    if bad:
        check("what is acknowledged too early is missing after a full disk, and it is seen", v.missing > 0)
    else:
        sound(f"full disk, {what}", v, 100)


# ---- the answer to a COMMIT is lost ---------------------------------------------------------


class Proxy:
    """Stands before the server's socket and breaks connections in the moment of a COMMIT: before it or after."""

    def __init__(self, server, folder, share):
        self.server, self.share, self.lost, self.held = server, share, collections.Counter(), []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{folder}/.s.PGSQL.5432")
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self.server}/.s.PGSQL.5432")
        breaking = threading.Event()
        threading.Thread(target=self.back, args=(server, client, breaking), daemon=True).start()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if data.endswith(b"COMMIT\0") and chance.random() < self.share:
                    breaking.set()  # no answer passes from here on
                    if chance.random() < 0.5:
                        self.lost["before"] += 1
                    else:
                        self.lost["after"] += 1
                        server.sendall(data)
                        time.sleep(0.05)  # done by then
                    break
                server.sendall(data)
        for s in (client, server):
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
            s.close()

    @staticmethod
    def back(server, client, breaking):
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if not breaking.is_set():
                    client.sendall(data)
            if not breaking.is_set():
                client.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listener.close()


def lose_answers(c, first, *words):
    told, count = Told(), 6000 if LONG else 300
    with tempfile.TemporaryDirectory(prefix="sishi-proxy-", dir="/tmp") as folder:
        proxy = Proxy(c.folder, folder, 0.1)
        url = c.url.replace(str(c.folder), folder)
        status = write(told, url, "--from", first, "--count", count, "--threads", 4, *words)
        check("the writer came to its end", status == 0 and len(told.acks) == count)
        proxy.close()
    found = {n: r for n, r in rows(c.url).items() if first <= n < first + count}
    note = f"; answers lost {proxy.lost['after']}, commits lost {proxy.lost['before']}, told unknown {told.unknown}"
    check("answers were lost", proxy.lost["after"] > 0 and proxy.lost["before"] > 0)
    return told, found, note


def test_commit():
    if not with_server():
        return
    with cluster() as c:
        told, found, note = lose_answers(c, 0)
        sound("lost answers, with a key", judge("lost answers to COMMIT, with a key", told, found, note))
        told, found, note = lose_answers(c, 1000000, "--naive")
        v = judge("known bad: lost answers, repeated blindly", told, found, note)
        check("a blind repeat doubles, and it is seen", v.twice > 0)
        check("the store says that the outcome is unknown", told.unknown > 0)


# ---- clocks that jump -----------------------------------------------------------------------

HOUR, DAY = 3600000, 24 * 3600000
STEPS = [0, -DAY, 2 * HOUR, -2 * HOUR, DAY, -DAY, 0, 10 * DAY, 0]


def jump(url, *words):
    """Runs under jumping clocks, each killed: ids that come twice, and ids before an earlier run's."""
    told, last, twice, back = Told(), 0, 0, 0
    for i, step in enumerate(STEPS * (5 if LONG else 1)):
        before = len(told.acks)
        write(told, url, "--from", i * 1000000, "--threads", 2, "--step", step, *words, seconds=chance.uniform(0.15, 0.4))
        ids = [number for n, r in rows(url).items() if n // 1000000 == i for half, number in r if half == 1]
        twice += len(ids) - len(set(ids))
        back += sum(number <= last for number in ids)
        last = max([last, *ids])
        check(f"the clock at {step} ms: something was written", len(told.acks) > before or "--bad" in words)
    return told, twice, back


def clock_once(what, fresh):
    with fresh() as url:
        told, twice, back = jump(url)
        v = judge(f"clocks that jump, and kill -9, {what}", told, rows(url), f"; ids twice {twice}, ids going back {back}")
        sound(f"clock, {what}", v)
        check(f"clock, {what}: ids are unique and ascend", twice == 0 and back == 0)
    with fresh() as url:
        told, twice, back = jump(url, "--bad", "wall")
        judge(f"known bad, {what}: ids of the wall clock", told, rows(url), f"; ids twice {twice}, ids going back {back}")
        check("ids of the wall clock go wrong, and it is seen", twice > 0 and back > 0)


def test_clock():
    if with_file():
        clock_once("SQLite", file_database)
    if with_server():
        clock_once("PostgreSQL", server_database)


# ---- the server's own processes are killed --------------------------------------------------


def torment(c, child, rounds):
    """Kills a backend, then all of the server, in turn, while the writer writes."""
    done = 0
    for i in range(rounds):
        time.sleep(chance.uniform(0.4, 0.9))
        if child.poll() is not None:
            break
        if i % 2 == 0:
            victims = c.backends()
            if victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
                    done += 1
        else:
            c.kill_all()
            c.start_again()
            done += 1
    return done


def under_torment(c, first, *words, rounds):
    told = Told()
    child = writer("write", c.url, "--from", first, "--count", 0, "--threads", 4, *words)
    heard = []
    reader = threading.Thread(target=lambda: heard.append(child.stdout.read()))
    reader.start()
    done = torment(c, child, rounds)
    child.kill()
    reader.join()
    told.hear(heard[0])
    return told, done


def test_backend():
    if not with_server():
        return
    rounds = 40 if LONG else 4
    with cluster() as c:
        told, done = under_torment(c, 0, rounds=rounds)
        v = judge(f"kill -9 in the server {done} times", told, rows(c.url), f"; told unknown {told.unknown}")
        sound("killed server", v, 50)
        check("it was killed", done >= rounds - 1)
    with cluster(synchronous_commit="off", wal_writer_delay="10s") as c:
        told = Told()
        for i in range(3):
            child = writer("write", c.url, "--from", i * 1000000, "--count", 0, "--threads", 4)
            timer = threading.Timer(0.8, c.kill_all)
            timer.start()
            time.sleep(0.9)
            child.kill()
            told.hear(child.communicate()[0])
            timer.join()
            c.start_again()
        v = judge("known bad: the server acknowledges before it is on the disk", told, rows(c.url))
        check("what the server did not keep is missing, and it is seen", v.missing > 0)


print(f"FAULT_SEED={SEED}")
{"kill": test_kill, "full": test_full, "commit": test_commit, "clock": test_clock, "backend": test_backend}[FAULT]()
if passed + failed == 0:
    print(f"SKIPPED: {FAULT}: only a server, or root, can have this fault")
    sys.exit(77)
print(f"{passed} passed, {failed} failed")
sys.exit(bool(failed))

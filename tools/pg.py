#!/usr/bin/env python3
"""pg: runs a command beside a PostgreSQL of its own, and removes it after.

    tools/pg.py [--bin DIR] COMMAND [WORD ...]

The server is the newest of /usr/lib/postgresql/*/bin, or that in DIR. Its files are in a temporary folder, it listens on
a socket there and on no port, it writes durably as a real one does. The command finds it by SISHI_TEST_PG (libpq words)
and its process number by SISHI_TEST_PG_PID. PostgreSQL refuses to run as root: then it runs as postgres or nobody.
Exit status: the command's; 77 when there is no PostgreSQL, which is said on stderr."""
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SETTINGS = {"listen_addresses": "", "shared_buffers": "64MB", "max_connections": "200", "max_wal_size": "256MB",
            "fsync": "on", "synchronous_commit": "on", "log_min_messages": "warning", "autovacuum_naptime": "10s"}
PR_SET_PDEATHSIG = 1


def other_user():
    """Whom the server runs as: nothing to say when we are a plain user."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            who = pwd.getpwnam(name)
            return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
        except KeyError:
            pass
    sys.exit("pg: neither postgres nor nobody is a user here")


def find_server(wanted):
    """The folder of initdb and postgres, or None."""
    if wanted:
        places = [pathlib.Path(wanted)]
    else:
        places = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def die_with_us():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def start(server, folder, who):
    """A new cluster in the folder, and its server."""
    subprocess.run([server / "initdb", "-D", folder / "data", "-U", "sishi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
                   check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    return serve(server, folder, who)


def serve(server, folder, who):
    """The server of a cluster that is there; returns when it answers."""
    words = [w for k, v in SETTINGS.items() for w in ("-c", f"{k}={v}")]
    with open(folder / "log", "ab") as log:
        child = subprocess.Popen([server / "postgres", "-D", folder / "data", "-k", folder, *words], stdout=log, stderr=log,
                                 cwd=folder, preexec_fn=die_with_us, **who)
    ready = shutil.which("pg_isready", path=f"{server}:{os.environ['PATH']}") or sys.exit("pg: no pg_isready")
    for _ in range(300):
        if subprocess.run([ready, "-q", "-h", folder]).returncode == 0 or child.poll() is not None:
            break
        time.sleep(0.1)
    if child.poll() is not None:
        sys.exit(f"pg: the server did not start:\n{(folder / 'log').read_text(errors='replace')}")
    return child


def main(argv):
    wanted, argv = (argv[2], argv[3:]) if argv[1:2] == ["--bin"] else (None, argv[1:])
    server = find_server(wanted)
    if not argv:
        sys.exit(__doc__)
    if server is None:
        print(f"pg: SKIPPED: no PostgreSQL in {wanted or '/usr/lib/postgresql'}", file=sys.stderr)
        return 77
    who = other_user()
    try:
        subprocess.run([server / "postgres", "--version"], check=True, stdout=subprocess.DEVNULL, cwd="/", **who)
    except (PermissionError, subprocess.CalledProcessError):
        print(f"pg: SKIPPED: {server} cannot be run by the user that the server runs as", file=sys.stderr)
        return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sishi-pg-", dir="/tmp"))  # a socket's path is short
    folder.chmod(0o755)
    child = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
        child = start(server, folder, who)
        env = dict(os.environ, SISHI_TEST_PG=f"host={folder} user=sishi dbname=postgres", SISHI_TEST_PG_PID=str(child.pid))
        return subprocess.run(argv, env=env).returncode
    finally:
        if child and child.poll() is None:
            child.send_signal(signal.SIGQUIT)  # what it holds is thrown away
            child.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv))

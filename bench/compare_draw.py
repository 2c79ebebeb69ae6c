"""The draw against databases: one percent of a population with weights 1, 2, 5, 10, the same exact
list from all. Processor seconds of the draw alone, the table being loaded already: ours reads and
parses the file as well.
  compare_draw.py BENCH_DRAW SISHI [ENTITIES]
Exits 1 when a list differs or a bar is missed: at most 1/10 of DuckDB, 1/20 of PostgreSQL."""
import contextlib
import hashlib
import json
import os
import pathlib
import pwd
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
BARS = {"DuckDB": 10, "PostgreSQL": 20}


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(*command, **more):
    return subprocess.run([str(c) for c in command], check=True, stdout=subprocess.PIPE, text=True, **more).stdout


def list_of(lines):
    digest = hashlib.sha256()
    for id_, u, key in lines:
        digest.update(f"{id_}\t{u}\t{key}\n".encode())
    return digest.hexdigest()


def ours(sishi, folder):
    """freeze and run as programs; the draw is the run, which also checks every line against the freeze."""
    run(sishi, "draw", "freeze", folder, stderr=subprocess.DEVNULL)
    freeze = hashlib.sha256((folder / "freeze.txt").read_bytes()).hexdigest()
    (folder / "seed.txt").write_text(f"sishi-draw/1 seed\nfreeze {freeze}\nreveal jijian {'0' * 64}\n")
    before = children_cpu()
    run(sishi, "draw", "run", folder, stderr=subprocess.DEVNULL)
    cpu = children_cpu() - before
    rows = (line.split("\t") for line in (folder / "result.tsv").read_text().splitlines())
    seed = hashlib.sha256((folder / "seed.txt").read_bytes()).hexdigest()
    return seed, list_of((r[3], r[5], r[6]) for r in rows), cpu


def duckdb(folder, seed, wanted):
    said = json.loads(run("node", HERE / "duckdb_draw.mjs", folder / "population.tsv", seed, wanted))
    return said["list"], said["draw"]


SQL = """
SELECT id || E'\\t' || u || E'\\t' || k FROM (
  SELECT id, u, div(u::numeric * (2147483648 - p) * 2147483648, p * (9223372036854775808 - u::numeric)) AS k FROM (
    SELECT id, (('x' || left(encode(sha256(decode('{seed}54', 'hex') || convert_to(id, 'UTF8')), 'hex'), 16))::bit(64)::bigint >> 1) & 9223372036854775807 AS u,
           greatest(1::numeric, div({wanted}::numeric * w * 2147483648, total)) AS p
    FROM pool, (SELECT sum(w)::numeric AS total FROM pool) s) t) d
ORDER BY k, u, id COLLATE "C" LIMIT {wanted}
"""


def drop_root():
    """PostgreSQL does not run as root."""
    if os.getuid() == 0:
        user = pwd.getpwnam("nobody")
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


@contextlib.contextmanager
def cluster():
    bin_ = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    at = pathlib.Path(tempfile.mkdtemp())
    at.chmod(0o777)
    more = {"preexec_fn": drop_root, "stderr": subprocess.DEVNULL}
    try:
        run(bin_ / "initdb", "-D", at / "db", "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C", **more)
        run(bin_ / "pg_ctl", "-D", at / "db", "-w", "-l", at / "log", "-o",
            f"-c listen_addresses= -k {at} -c shared_buffers=1GB -c work_mem=1GB -c max_parallel_workers_per_gather=0 -c fsync=off", "start", **more)
        yield at
    finally:
        subprocess.run([bin_ / "pg_ctl", "-D", at / "db", "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, **more)
        shutil.rmtree(at, ignore_errors=True)


def backend_cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def postgres(folder, seed, wanted):
    with cluster() as at:
        psql = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-h", at, "-U", "bench", "postgres"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)

        def say(sql):
            psql.stdin.write(sql + "\n\\echo ::end\n")
            psql.stdin.flush()
            return list(iter(lambda: psql.stdout.readline().rstrip("\n"), "::end"))

        pid = say("SELECT pg_backend_pid();")[0]
        say("CREATE UNLOGGED TABLE pool (id text, w bigint);")
        pool = folder / "pool.tsv"
        with open(pool, "w") as out, open(folder / "population.tsv") as lines:
            for line in lines:
                fields = line.split("\t")
                out.write(f"{fields[0]}\t{fields[2][2:]}\n")
        say(f"\\copy pool FROM '{pool}'")
        say("ANALYZE pool;")
        before = backend_cpu(pid)
        rows = [r.split("\t") for r in say(SQL.format(seed=seed, wanted=wanted) + ";")]
        cpu = backend_cpu(pid) - before
        psql.stdin.close()
        psql.wait()
        return list_of(rows), cpu


def main():
    bench_draw, sishi = sys.argv[1:3]
    entities = int(sys.argv[3]) if len(sys.argv) > 3 else 10**7
    wanted, wrong = entities // 100, False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run(bench_draw, entities, folder)
        seed, list_, cpu = ours(sishi, folder)
        print(f"{entities:,} entities, {wanted:,} drawn: processor seconds of the same exact list")
        print(f"  {'sishi draw run':<16} {cpu:8.2f}   1.0   (reading, parsing, checking against the freeze, writing included)")
        for name, draw in (("DuckDB", duckdb), ("PostgreSQL", postgres)):
            other, seconds = draw(folder, seed, wanted)
            same = "same list" if other == list_ else "ANOTHER LIST"
            met = seconds >= cpu * BARS[name]
            print(f"  {name:<16} {seconds:8.2f} {seconds / cpu:5.1f}   {same}; bar {BARS[name]}: {'met' if met else 'NOT MET'}")
            wrong |= other != list_ or not met
    return wrong


sys.exit(main())

"""libsishi as somebody else meets it: installed, with its header alone. The library must show no
other name, need libc alone, and give the published bundle byte for byte."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, SOURCE = pathlib.Path(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1))
GOLDEN = SOURCE / "tests/golden/draw-v1"
USED = ["plan.txt", "population.tsv", "roster.tsv", "recusal.tsv", "freeze.txt", "seed.txt"]


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)


class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        at = pathlib.Path(cls.folder.name)
        done = run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", at, "--tags", "runtime,devel")
        assert done.returncode == 0, done.stdout + done.stderr
        cls.header = next(at.rglob("sishi.h"))
        cls.lib = next(p for p in at.rglob("libsishi.so.*") if not p.is_symlink())
        pc = next(at.rglob("libsishi.pc"))
        env = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent), PKG_CONFIG_SYSROOT_DIR=str(at))
        flags = run("pkg-config", "--cflags", "--libs", "libsishi", env=env).stdout.split()
        cls.user = at / "user"
        made = run("cc", "-Wall", "-Wextra", "-Werror", "-std=c11", SOURCE / "tests/lib/user.c", "-o", cls.user, *flags)
        assert made.returncode == 0, made.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def use(self, *words, **env):
        return run(self.user, *words, env=dict(os.environ, LD_LIBRARY_PATH=str(self.lib.parent), **env))

    def bundle(self, names=None):
        at = pathlib.Path(tempfile.mkdtemp(dir=self.folder.name))
        for p in GOLDEN.iterdir():
            if names is None or p.name in names:
                shutil.copy(p, at)
        (at / "made").mkdir()
        return at

    def test_shows_its_own_names_and_needs_libc_alone(self):
        names = [line.split()[-1] for line in run("nm", "-D", "--defined-only", self.lib).stdout.splitlines()]
        self.assertIn("sishi_draw_verify", names)
        self.assertEqual([n for n in names if not n.startswith("sishi_")], [])
        needed = [line.split("[")[1].rstrip("]") for line in run("readelf", "-d", self.lib).stdout.splitlines() if "NEEDED" in line]
        self.assertEqual([n for n in needed if not n.startswith(("libc.so", "ld-linux"))], [])

    def test_every_name_of_the_header_is_there(self):
        words = set(self.header.read_text().replace("*", " ").replace("(", " ( ").split())
        shown = {line.split()[-1] for line in run("nm", "-D", "--defined-only", self.lib).stdout.splitlines()}
        self.assertEqual([n for n in shown if n not in words], [])

    def test_header_is_cxx_too(self):
        if shutil.which("c++") is None:
            self.skipTest("SKIPPED: NO C++ COMPILER HERE")
        done = run("c++", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-x", "c++", self.header)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_published_bundle_verifies(self):
        done = self.use("verify", self.bundle())
        self.assertEqual(done.returncode, 0, done.stdout)
        steps = [line.split()[1].rstrip(":") for line in done.stdout.splitlines() if line.startswith("passed")]
        self.assertEqual(steps[0], "plan")
        self.assertEqual(steps[-1], "head")
        self.assertTrue(done.stdout.endswith("OK \n"), done.stdout)

    def test_freeze_and_run_give_the_published_bytes(self):
        at = self.bundle(USED)
        self.assertEqual(self.use("freeze", at).returncode, 0)
        self.assertEqual(self.use("run", at).returncode, 0)
        made = sorted(p.name for p in (at / "made").iterdir())
        self.assertEqual(made, ["assign.tsv", "freeze.txt", "head.txt", "lots.tsv", "prices.tsv", "result.tsv"])
        for name in made:
            self.assertEqual((at / "made" / name).read_bytes(), (GOLDEN / name).read_bytes(), name)

    def test_says_who_was_drawn(self):
        result = [line.split("\t") for line in (GOLDEN / "result.tsv").read_text().splitlines()]
        drawn = {f[3] for f in result if f[2] in "AS"}
        pool = [line.split("\t")[0] for line in (GOLDEN / "population.tsv").read_text().splitlines()]
        left = next(c for c in pool if c not in {f[3] for f in result})
        for code, want in [(next(iter(drawn)), "selected"), (left, "not drawn"), ("91430102MA00000000", "absent")]:
            done = self.use("check", self.bundle(), code)
            self.assertEqual(done.stdout.splitlines()[0], want, done.stdout)

    def test_a_changed_result_is_refused_with_its_place(self):
        at = self.bundle()
        text = (at / "result.tsv").read_bytes()
        (at / "result.tsv").write_bytes(text.replace(b"\tS\t", b"\tR\t", 1))
        done = self.use("verify", at)
        self.assertEqual(done.returncode, 1)
        self.assertIn("DRAW_MISMATCH result.tsv", done.stdout)

    def test_a_missing_file_and_too_little_memory_are_named(self):
        at = self.bundle()
        (at / "seed.txt").unlink()
        self.assertIn("FILE seed.txt", self.use("verify", at).stdout)
        self.assertIn("NO_MEMORY", self.use("verify", self.bundle(), LIMIT="4096").stdout)

    def test_vectors(self):
        self.assertEqual(self.use("tickets").stdout,
                         "0.1.0 2488458329939266103 7055079885154533257 21637524 42895984\n")
        self.assertEqual(self.use("code", "91350100M000100Y43").stdout, "1 uscc 91350100M000100Y43 0 [] \n")
        wrong = self.use("code", "91350100M000100Y44").stdout
        self.assertTrue(wrong.startswith("0 uscc 91350100M000100Y44 18 [91350100M000100Y43]"), wrong)


if __name__ == "__main__":
    unittest.main()

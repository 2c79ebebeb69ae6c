#!/usr/bin/env python3
"""An evidence log checked from the outside, standard library only (RFC 6962, RFC 8032, C2SP signed-note).

    log.py CHECKPOINT VKEY [LINES]                  the log's signature; with all its lines, its root
    log.py CHECKPOINT VKEY --entry PROOF.json       that an entry is in it
    log.py CHECKPOINT VKEY --from OLD PROOF.json    that OLD, an earlier checkpoint, is its beginning
    log.py CHECKPOINT VKEY --witness VKEY           that a witness cosigned it; prints when
"""
import base64
import datetime
import hashlib
import json
import pathlib
import sys

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


def h(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# ---- Ed25519: verification only

def x_of(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != xx or (x == 0 and sign):
        raise ValueError("no point of the curve")
    return P - x if x % 2 != sign else x


def point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        raise ValueError("no point of the curve")
    x = x_of(y, sign)
    return x, y, 1, x * y % P


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    p, q, r, s = f - e, d - c, d + c, f + e
    return p * q % P, r * s % P, q * r % P, p * s % P


def times(n, a):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, a)
        a, n = add(a, a), n >> 1
    return total


def signed(key, message, sig):
    try:
        a, r, s = point(key), point(sig[:32]), int.from_bytes(sig[32:], "little")
    except ValueError:
        return False
    if len(sig) != 64 or s >= Q:
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + key + message).digest(), "little") % Q
    left, right = times(s, (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)), add(r, times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ---- notes

def key_of(vkey):
    """-> name, key id, type, key"""
    name, key_id, typed = vkey.strip().split("+", 2)
    typed = base64.b64decode(typed, validate=True)
    if bytes.fromhex(key_id) != h(name.encode(), b"\n", typed)[:4] or len(typed) != 33:
        raise SystemExit(f"{name}: the key id is not that of the key")
    return name, bytes.fromhex(key_id), typed[0], typed[1:]


def opened(note, vkey):
    """-> text, instant of a cosignature or None; fails when the note bears no good signature by this key"""
    name, key_id, kind, key = key_of(vkey)
    text, _, lines = note.partition("\n\n")
    text += "\n"
    for line in lines.splitlines():
        if line.startswith(f"\u2014 {name} "):
            raw = base64.b64decode(line.rsplit(" ", 1)[1], validate=True)
            if raw[:4] != key_id:
                continue
            at = int.from_bytes(raw[4:12], "big") if kind == 4 else None
            message = text if kind == 1 else f"cosignature/v1\ntime {at}\n{text}"
            if signed(key, message.encode(), raw[4:] if kind == 1 else raw[12:]):
                return text, at
    raise SystemExit(f"{name}: no good signature")


def checkpoint(note, vkey):
    """-> size, root"""
    origin, size, root = opened(note, vkey)[0].splitlines()[:3]
    if origin != key_of(vkey)[0] and key_of(vkey)[2] == 1:
        raise SystemExit(f"a checkpoint of another log: {origin}")
    return int(size), base64.b64decode(root, validate=True)


# ---- trees

def root_of(leaves):
    while len(leaves) > 1:
        leaves = [h(b"\1", *leaves[i:i + 2]) if i + 1 < len(leaves) else leaves[i] for i in range(0, len(leaves), 2)]
    return leaves[0] if leaves else h()


def climb(at, last, node, path, old=None):
    """RFC 9162 2.1.3.2 and 2.1.4.2 -> the root that the path leads to, and with `old` the older one"""
    for step in path:
        if last == 0:
            raise SystemExit("the path is too long")
        if at % 2 or at == last:
            node, old = h(b"\1", step, node), h(b"\1", step, old) if old else None
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            node = h(b"\1", node, step)
        at, last = at >> 1, last >> 1
    if last:
        raise SystemExit("the path is too short")
    return node, old


def included(line, at, size, path):
    if not 0 <= at < size:
        raise SystemExit(f"entry {at} of {size}")
    return climb(at, size - 1, h(b"\0", line.encode()), path)[0]


def consistent(old_size, old_root, size, root, path):
    if old_size == size or old_size == 0:
        return not path and (old_size == 0 or old_root == root)
    if not 0 < old_size < size:
        return False
    path = ([old_root] if old_size & (old_size - 1) == 0 else []) + path
    at, last = old_size - 1, size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    return bool(path) and climb(at, last, path[0], path[1:], path[0]) == (root, old_root)


def main(note, vkey, *more):
    def read(name):
        return pathlib.Path(name).read_text(encoding="utf-8")

    size, root = checkpoint(read(note), vkey)
    if more[:1] == ("--entry",):
        proof = json.loads(read(more[1]))
        good = proof["size"] == size and included(proof["line"], proof["seq"], size, [bytes.fromhex(x) for x in proof["path"]]) == root
    elif more[:1] == ("--from",):
        old_size, old_root = checkpoint(read(more[1]), vkey)
        good = consistent(old_size, old_root, size, root, [bytes.fromhex(x) for x in json.loads(read(more[2]))["path"]])
    elif more[:1] == ("--witness",):
        at = opened(read(note), more[1])[1]
        print("cosigned", datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat())
        good = True
    else:
        lines = read(more[0]).splitlines() if more else None
        good = lines is None or (len(lines), root_of([h(b"\0", x.encode()) for x in lines])) == (size, root)
    print(f"{size} entries: {'good' if good else 'NOT what the checkpoint says'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

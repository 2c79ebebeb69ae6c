/* The digests SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016), which a page cannot ask its browser for while it
 * computes, and texts as bytes and back as hex. A classic script for a page, a Worker or Node; ES2018 with BigInt. It
 * defines `sishiDigests`: sha256(...parts) and sm3(...parts) give the 32 bytes for arrays of bytes, one behind the other. */
(function (root) {
  'use strict';
  const W = new Int32Array(68), rot = (x, n) => x << n | x >>> 32 - n;
  const K256 = (() => { // fractional parts of cube roots of the first 64 primes, exactly
    const k = [], cube = p => { let r = 0n; for (let b = 1n << 40n; b; b >>= 1n) if ((r + b) ** 3n <= BigInt(p) << 96n) r += b; return r; };
    for (let p = 2; k.length < 64; p++) if (k.every((_, i) => p % k[i][0])) k.push([p, Number(BigInt.asIntN(32, cube(p)))]);
    return Int32Array.from(k, pair => pair[1]);
  })();
  function sha256Block(v) {
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2];
      W[i] = W[i - 16] + (rot(x, 25) ^ rot(x, 14) ^ x >>> 3) + W[i - 7] + (rot(y, 15) ^ rot(y, 13) ^ y >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = v;
    for (let i = 0; i < 64; i++) {
      const t = h + (rot(e, 26) ^ rot(e, 21) ^ rot(e, 7)) + (e & f ^ ~e & g) + K256[i] + W[i] | 0;
      const s = (rot(a, 30) ^ rot(a, 19) ^ rot(a, 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + s | 0;
    }
    v[0] += a; v[1] += b; v[2] += c; v[3] += d; v[4] += e; v[5] += f; v[6] += g; v[7] += h;
  }
  function sm3Block(v) {
    for (let i = 16; i < 68; i++) {
      const x = W[i - 16] ^ W[i - 9] ^ rot(W[i - 3], 15);
      W[i] = x ^ rot(x, 15) ^ rot(x, 23) ^ rot(W[i - 13], 7) ^ W[i - 6];
    }
    let [a, b, c, d, e, f, g, h] = v;
    for (let i = 0; i < 64; i++) {
      const ss = rot(rot(a, 12) + e + rot(i < 16 ? 0x79cc4519 : 0x7a879d8a, i % 32) | 0, 7);
      const t = (i < 16 ? a ^ b ^ c : a & b | a & c | b & c) + d + (ss ^ rot(a, 12)) + (W[i] ^ W[i + 4]) | 0;
      const s = (i < 16 ? e ^ f ^ g : e & f | ~e & g) + h + ss + W[i] | 0;
      d = c; c = rot(b, 9); b = a; a = t; h = g; g = rot(f, 19); f = e; e = s ^ rot(s, 9) ^ rot(s, 17);
    }
    v[0] ^= a; v[1] ^= b; v[2] ^= c; v[3] ^= d; v[4] ^= e; v[5] ^= f; v[6] ^= g; v[7] ^= h;
  }
  const IV256 = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
  const IVSM3 = Int32Array.of(0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);
  const digest = (block, iv) => (...parts) => { // of the parts as if they were one; both digests pad alike
    const n = parts.reduce((sum, part) => sum + part.length, 0), end = n + 9 + 63 & ~63, v = iv.slice();
    const data = new Uint8Array(end), out = new DataView(new ArrayBuffer(32));
    parts.reduce((at, part) => { data.set(part, at); return at + part.length; }, 0);
    data[n] = 128;
    for (let at = 0; at < end; at += 64) {
      for (let i = 0, p = at; i < 16; i++, p += 4) W[i] = data[p] << 24 | data[p + 1] << 16 | data[p + 2] << 8 | data[p + 3];
      if (at + 64 === end) { W[14] = Math.floor(n / 0x20000000); W[15] = n << 3; }
      block(v);
    }
    v.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  };
  const bytes = text => new TextEncoder().encode(text);
  const hex = data => Array.from(data, b => (b < 16 ? '0' : '') + b.toString(16)).join('');
  root.sishiDigests = { sha256: digest(sha256Block, IV256), sm3: digest(sm3Block, IVSM3), bytes, hex };
})(typeof globalThis === 'object' ? globalThis : this);

/* Checks a published draw (format sishi-draw/1): a classic script for a page, a Worker or Node, without dependencies; ES2018 with BigInt
 * (Chromium 67, Firefox 68, Safari 14). Written from the specification alone. It defines `sishiDraw`:
 *   verify(files, onProgress)       files: { 'plan.txt': Uint8Array, ... }; onProgress(step, done, of); returns what was checked, throws what is wrong
 *   checkOne(files, id, onProgress) the same, but of the population only `id` is recomputed, and explained in `told` */
(function (root) {
  'use strict';
  const ID = '[!-~]{1,64}', NAME = '[A-Za-z0-9_]{1,32}', HEX = '[0-9a-f]{64}', INT = '(?:0|[1-9][0-9]{0,17})', COUNT = `(${INT} ${HEX})\n`;
  const BEACON = '(?:lottery|dice|drand|nist|other) [!-~]+', SALT = '(?:-|[0-9a-f]{32})';
  const PLAN = `sishi-draw/1 plan\ndraw ([!-~]{1,64})\n(?:title [^\n]+\n)?(?:rules ${HEX}\n)?hash (sha256|sm3)\n((?:party ${NAME}\n){1,16})((?:beacon ${BEACON}\n){0,8})` +
    `missing (void|skip)\npublish (?:now|embargo ([0-9]{4}-[0-9]{2}-[0-9]{2}))\n((?:lot ${NAME} (?:fixed ${INT} reserve ${INT}|rate)\n)+)((?:team ${NAME} ${NAME} ${INT} (?:${NAME}|-)\n)*)`;
  const form = (...fields) => new RegExp('^' + fields.join('\t') + '$');
  const ROWS = { // a sealed line of the population is the id and the leaf's hash
    population: form(`(${ID})`, `(?:(${HEX})|([0-9]{6,12})`, `(${NAME}=${INT}(?:,${NAME}=${INT})*)`, SALT, '(-|[^\0-\x1f\x7f]+))'),
    roster: form(`(${ID})`, `(${NAME})`, '([0-9]{1,12}(?:,[0-9]{1,12})*)', `(-|${NAME}(?:,${NAME})*)`, `(${INT})`, `(${INT})`, SALT),
    recusal: form(`(${ID})`, `(${ID})`), assign: form(`(${ID})`, `(${NAME})`, `(${NAME}|-)`, `(${ID})`),
    lots: form(`(${NAME})`, '(fixed|rate)', ...Array(9).fill('(0|[1-9][0-9]{0,38})'), `(${ID})`),
    result: form(`(${NAME})`, `(${INT})`, '([ASR])', `(${ID})`, ...Array(3).fill('(0|[1-9][0-9]{0,38})')),
    prices: form(`(${NAME})`, `(${NAME}|-)`, `(${ID})`, '([1-9][0-9]{0,39})') };
  const SORT = { population: 1, roster: 1, recusal: 2, assign: 4, prices: 3, lots: 1 }; // so many first fields must ascend
  const LISTS = ['seed.txt', 'lots.tsv', 'result.tsv', 'assign.tsv', 'prices.tsv'], S = 1n << 20n, B = 1n << 72n, SHORT = 1n << 96n;
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), bytes = text => new TextEncoder().encode(text);
  const need = (ok, what) => { if (!ok) throw new Error(what); };
  const hex = hash => Array.from(hash, b => (b < 16 ? '0' : '') + b.toString(16)).join('');
  const split = (text, by) => text === '' ? [] : text.split(by);
  const escaped = text => text.replace(/[^A-Za-z0-9_]/g, '\\$&');
  const before = (a, b) => { for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i]; return false; };
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return all;
  };

  /* SHA-256 and SM3 pad alike and differ in the block function. */
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
  function sm3Block(v) { // GB/T 32905-2016
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
  const digest = (block, iv) => data => {
    const v = iv.slice(), n = data.length, end = n + 9 + 63 & ~63, out = new DataView(new ArrayBuffer(32));
    for (let at = 0; at < end; at += 64) {
      for (let i = 0, p = at; i < 16; i++, p += 4) {
        W[i] = p + 4 <= n ? data[p] << 24 | data[p + 1] << 16 | data[p + 2] << 8 | data[p + 3]
          : p > n ? 0 : [0, 1, 2, 3].reduce((w, j) => w << 8 | (p + j < n ? data[p + j] : p + j === n ? 128 : 0), 0);
      }
      if (at + 64 === end) { W[14] = Math.floor(n / 0x20000000); W[15] = n << 3; }
      block(v);
    }
    v.forEach((word, i) => out.setInt32(4 * i, word));
    return new Uint8Array(out.buffer);
  };
  const sha256 = digest(sha256Block, IV256), sm3 = digest(sm3Block, IVSM3);

  /* A candidate as [not certain, K, u, id, p], which sorts as the result does; null: not drawn. `last` is the last published row: what is surely behind it is skipped. */
  function entry(lot, w, u, who, p, last) {
    if (lot.mode === 'rate') return u < w << 32n ? [1, 0n, u, who, w] : null;
    if (p === 1n << 31n || !p && (lot.W === 0n || lot.m && lot.m * w >= lot.W)) return [0, 0n, 0n, who, 1n << 31n];
    p = p || lot.m * w * 2147483648n / lot.W || 1n;
    if (last && Number(u) / (2 ** 63 - Number(u)) * (2 ** 31 - Number(p)) / Number(p) * 2 ** 31 > (Number(last[1]) + 1) * (1 + 1e-9) && lot.m) return null;
    return [1, lot.m ? u * (2147483648n - p) * 2147483648n / (p * (9223372036854775808n - u)) : u, u, who, p];
  }
  function takeAll(m, weights) { // Map {w: how many} -> [m, W] left when everybody whose share is a whole place has it
    let W = 0n, certain;
    weights.forEach((k, w) => { W += w * BigInt(k); });
    const left = new Map(weights);
    while (m && (certain = [...left.keys()].filter(w => m * w >= W)).length) {
      for (const w of certain) { const k = BigInt(left.get(w)); left.delete(w); m -= k; W -= k * w; }
    }
    return [m, W];
  }

  function verify(files, onProgress, only) {
    let hash = sha256, seed, sealed = 0;
    const raw = name => (need(files[name], `${name}: is missing`), files[name]), digestOf = name => hex(hash(raw(name))), told = [];
    const text = (name, pattern) => {
      const found = new RegExp('^' + pattern + '$').exec(utf8.decode(raw(name)));
      need(found && !found[0].includes('\r'), `${name}: is not of the form that the specification, the plan and the other files' hashes give it`);
      return found.slice(1);
    };
    const [draw, kind, partyLines, beaconLines, missing, day, lotLines, teamLines] = text('plan.txt', PLAN);
    hash = kind === 'sm3' ? sm3 : sha256;
    const list = block => split(block, '\n').slice(0, -1).map(line => line.split(' ').slice(1)), parties = list(partyLines).map(party => party[0]);
    const beacons = split(beaconLines, '\n').slice(0, -1), teams = list(teamLines), named = list(lotLines).sort((a, b) => before(a, b) ? -1 : 1), lots = Object.create(null);
    for (const [name, mode, n, , r] of named) lots[name] = { mode, n: BigInt(n || 0), keep: Number(n || 0) + Number(r || 0), weights: new Map(), count: 0, sum: 0n, found: Object.create(null) };
    need(parties.every((party, i) => !i || parties[i - 1] < party) && Object.keys(lots).length === named.length, 'plan.txt: parties do not ascend, or a lot is there twice');
    need(teams.every(t => lots[t[0]] && t[2] !== '0') && (missing === 'void' || beacons.length), 'plan.txt: a wrong team, or skip without beacon');
    need(!day || new Date(day + 'T00:00:00Z').toISOString().slice(0, 10) === day, 'plan.txt: no such day');
    const top = `draw ${escaped(draw)}\n`, roots = {};
    const frozen = text('freeze.txt', `sishi-draw/1 freeze\n${top}plan ${digestOf('plan.txt')}\npopulation ${COUNT}roster ${COUNT}recusal ${COUNT}` + parties.map(p => `commit ${p} (${HEX})\n`).join(''));
    const freeze = `freeze ${digestOf('freeze.txt')}\n`;
    const head = text('head.txt', `sishi-draw/1 result\n${top}${freeze}${day ? 'seal' : 'seed'} (${HEX})\nlots ${COUNT}result ${COUNT}assign ${COUNT}prices ${COUNT}`);
    ['population', 'roster', 'recusal', 'lots', 'result', 'assign', 'prices'].forEach((name, i) => { roots[name] = i < 3 ? frozen[i] : head[i - 2]; });
    if (day && !LISTS.some(name => files[name])) return { draw, embargo: day, entities: Number(roots.population.split(' ')[0]) };

    function* table(name) { // rows of name.tsv; at the end its count and RFC 6962 root must be the published ones
      const data = raw(name + '.tsv'), stack = [], of = Number(roots[name].split(' ')[0]);
      let count = 0, last = null;
      for (let at = 0, end; at < data.length; at = end + 1) {
        need((end = data.indexOf(10, at)) >= 0, `${name}.tsv: does not end with LF`);
        const line = data.subarray(at, end), found = ROWS[name].exec(utf8.decode(line));
        need(found && !found[0].includes('\r'), `${name}.tsv line ${count + 1}: not understood: ${utf8.decode(line).slice(0, 80)}`);
        const row = found.slice(1), sort = row.slice(0, SORT[name]);
        need(!last || !SORT[name] || before(last, sort) || row[3] === '~' && String(last) === String(sort), `${name}.tsv line ${count + 1}: twice, or out of order: ${row}`);
        let node = name === 'population' && row[1] ? Uint8Array.from(row[1].match(/../g), b => parseInt(b, 16)) : hash(join([0], line));
        for (let k = count++; k & 1; k >>= 1) node = hash(join([1], stack.pop(), node));
        stack.push(node);
        last = sort;
        if (onProgress && count % 8192 === 0) onProgress(name, count, of);
        yield row;
      }
      const root = stack.length ? stack.reduceRight((right, left) => hash(join([1], left, right))) : hash(bytes(''));
      need(`${count} ${hex(root)}` === roots[name], `${name}.tsv: has ${count} lines and root ${hex(root)}, published: ${roots[name]}`);
    }

    const reveals = freeze + parties.map(party => `reveal ${party} (${HEX}${missing === 'skip' ? '|-' : ''})\n`).join('');
    const values = text('seed.txt', 'sishi-draw/1 seed\n' + reveals + beacons.map(beacon => `${escaped(beacon)} [!-~]{1,400}\n`).join(''));
    parties.forEach((party, i) => need(values[i] === '-' || frozen[3 + i] ===
      hex(hash(bytes(`sishi-draw/1 contribution\ndraw ${draw}\nparty ${party}\nvalue ${values[i]}\n`))), `seed.txt: ${party} did not reveal what it had committed`));
    if (files['reveals.txt']) need(String(text('reveals.txt', 'sishi-draw/1 reveals\n' + reveals)) === String(values), 'reveals.txt: differs from seed.txt');
    seed = hash(raw('seed.txt'));
    need(head[0] === (day ? hex(hash(bytes(`sishi-draw/1 seal\n${hex(seed)}\n`))) : hex(seed)), 'head.txt: the seed (or its seal) is not that of seed.txt');
    const ticket = who => hash(join(seed, [84], bytes(who))), uOf = t => { const v = new DataView(t.buffer); return (BigInt(v.getUint32(0)) << 32n | BigInt(v.getUint32(4))) >> 1n; };

    /* Nobody in the published rows is too many and nobody is missing. Sealed lines, and with `only` all others, count as published. */
    const lotRows = [...table('lots')], rows = [...table('result')], region = new Map(), visits = new Map();
    need(String(lotRows.map(row => row[0])) === String(named.map(lot => lot[0])) && rows.every(row => lots[row[0]]), 'lots.tsv, result.tsv: not the lots of the plan, in order');
    for (const row of lotRows) Object.assign(lots[row[0]], { m: BigInt(row[6]), W: BigInt(row[7]), row });
    const published = rows.map(([name, , , who, p]) => {
      region.set(who, '');
      return [lots[name], who, lots[name].last = entry(lots[name], BigInt(p), uOf(ticket(who)), who, BigInt(p))];
    });
    for (const [who, leaf, where, weights, note] of table('population')) {
      if (region.has(who)) region.set(who, leaf ? null : where);
      sealed += leaf ? 1 : 0;
      need(leaf || bytes(note).length <= 255, `population.tsv: ${who}: note longer than 255 bytes`);
      const u = !leaf && (!only || only === who) && uOf(ticket(who));
      let previous = '';
      for (const [name, digits] of leaf ? [] : weights.split(',').map(part => part.split('='))) {
        const lot = lots[name], w = BigInt(digits);
        need(previous < name && lot && w >= 1n && w <= 1n << 31n, `population.tsv: ${who}: ${name}=${w}: order, lot or weight`);
        previous = name; lot.count++; lot.sum += w;
        lot.weights.set(w, (lot.weights.get(w) || 0) + 1);
        const mine = u !== false && (lot.last || only || lot.mode === 'rate') && entry(lot, w, u, who, 0n, only ? null : lot.last);
        if (mine && (lot.mode === 'rate' || lot.last && !before(lot.last, mine))) lot.found[who] = mine;
        if (only && only === who) told.push({ lot: name, weight: digits, u: String(u), p: mine ? String(mine[4]) : digits, K: mine ? String(mine[1]) : null, in: !!lot.found[who] });
      }
    }
    for (const [lot, who, row] of published) {
      need(row && region.get(who) !== '', `result.tsv: ${who}: above its rate, or not in the population`);
      if (region.get(who) === null || only && only !== who) lot.found[who] = row;
    }
    const wanted = [];
    for (const [name] of named) {
      const lot = lots[name], fixed = lot.mode === 'fixed', ranked = Object.keys(lot.found).map(who => lot.found[who]).sort((a, b) => before(a, b) ? -1 : 1);
      const kinds = ranked.map((e, i) => !e[0] ? 'A' : !fixed || i < lot.n ? 'S' : 'R'), all = kinds.filter(k => k === 'A').length, taken = kinds.filter(k => k !== 'R').length;
      const mine = ranked.map((e, i) => [name, i + 1, kinds[i], e[3], e[4], uOf(ticket(e[3])), e[1]].map(String)), final = fixed && mine.filter(row => row[2] === 'S').pop();
      const [m, W] = sealed ? [lot.n - BigInt(all), lot.W] : fixed ? takeAll(lot.n, lot.weights) : [0n, 0n], [count, sum] = sealed ? lot.row.slice(2, 4) : [lot.count, lot.sum];
      const row = [name, lot.mode, count, sum, lot.n, all, m, W, taken, ...final ? [final[6], final[5], final[3]] : [0, 0, '-']];
      need(String(row) === String(lot.row) && (!fixed || kinds.length === Math.min(count, lot.keep)), `lots.tsv, result.tsv: lot ${name}: is not ${row}`);
      wanted.push(...mine);
      for (const [, , k, who] of mine) if (k !== 'R') visits.set(who, (visits.get(who) || new Set()).add(name));
    }
    for (let i = 0; i < Math.max(rows.length, wanted.length); i++) need(String(rows[i]) === String(wanted[i]), `result.tsv: is ${rows[i]} and should be ${wanted[i]}`);

    /* No optimisation is repeated: the published prices prove that the assignment is the best one, and the only best one. */
    const phases = new Map(), placed = new Map(), mates = new Map(), get = (map, key, make) => (map.has(key) || map.set(key, make()), map.get(key));
    const phase = (dept, qual) => get(phases, `${dept}\t${qual}`, () => ({ dept, qual, held: new Map(), price: new Map(), places: new Map() }));
    const staff = [...table('roster')], recused = new Set(Array.from(table('recusal'), row => row.join('\t')));
    for (const [who, dept, qual, inspector] of table('assign')) get(phase(dept, qual).held, who, () => []).push(inspector);
    for (const [dept, qual, inspector, price] of table('prices')) phase(dept, qual).price.set(inspector, BigInt(price));
    visits.forEach((drew, who) => new Set(teams.map(t => t[1])).forEach(dept => {
      const lines = teams.filter(t => drew.has(t[0]) && t[1] === dept), quals = new Set(lines.map(t => t[3]).filter(q => q !== '-'));
      quals.forEach(qual => phase(dept, qual).places.set(who, 1));
      const rest = Math.max(0, ...lines.map(t => Number(t[2]))) - quals.size;
      if (rest > 0) phase(dept, '-').places.set(who, rest);
    }));
    need(staff.every(r => Number(r[5]) <= 2 ** 20), 'roster.tsv: a load above 2^20');
    for (const { dept, qual, held, price, places } of [...phases.values()].sort((a, b) => before([a.dept, a.qual === '-', a.qual], [b.dept, b.qual === '-', b.qual]) ? -1 : 1)) {
      const where = `assign.tsv, prices.tsv: ${dept} ${qual}`, able = staff.filter(r => r[1] === dept && (qual === '-' || r[3].split(',').includes(qual))), x = new Map(), most = new Map();
      need(places.size && held.size === places.size && [...held].every(([who, team]) => team.length === places.get(who)), `${where}: not the places that are to be filled`);
      need([...price.keys()].join('\t') === able.map(r => r[0]).join('\t'), `${where}: not one price for each inspector who could come`);
      held.forEach(team => team.forEach(j => x.set(j, (x.get(j) || 0) + 1)));
      for (const [j, , , , cap, load] of able) {
        const mine = x.get(j) || 0, done = (placed.get(j) || 0) + mine, left = Number(cap) - done, total = BigInt(load) + BigInt(done);
        most.set(j, left ? S * B * (total + 1n) - 1n : S * SHORT);
        need(left >= 0 && (!mine || price.get(j) > S * B * total), `${where}: ${j} has more than cap or balance allow`);
        placed.set(j, done);
      }
      held.forEach((team, who) => {
        const from = region.get(who), t = ticket(who), got = new Set(team.filter(j => j !== '~')), cost = new Map(), same = get(mates, `${who}\t${dept}`, () => new Set());
        for (const [j, , prefixes] of able) {
          if (recused.has(`${j}\t${who}`) || same.has(j) || !(from ? prefixes.split(',').some(prefix => from.startsWith(prefix)) : got.has(j))) continue;
          cost.set(j, S * hash(join(t, [73], bytes(j))).subarray(0, 6).reduce((n, b) => n << 8n | BigInt(b), 0n));
        }
        need(got.size + team.filter(j => j === '~').length === team.length && [...got].every(j => cost.has(j)), `${where}: ${who}: an inspector twice, or one who may not come`);
        let other = S * SHORT;
        cost.forEach((c, j) => { if (!got.has(j) && c + price.get(j) < other) other = c + price.get(j); });
        const free = [...cost.keys()].some(j => !got.has(j) && cost.get(j) + price.get(j) <= S * SHORT);
        need(got.size === team.length || !free, `${where}: ${who}: a place is empty though somebody could come`);
        got.forEach(j => { if (other - 1n - cost.get(j) < most.get(j)) most.set(j, other - 1n - cost.get(j)); same.add(j); });
      });
      const blind = [...held.keys()].some(who => region.get(who) === null);
      price.forEach((p, j) => need(p === most.get(j) || blind && p < most.get(j), `${where}: the prices do not prove this assignment`));
    }
    return { draw, entities: Number(roots.population.split(' ')[0]), visits: visits.size, sealed, told, found: !only || told.length > 0 };
  }
  root.sishiDraw = { verify, checkOne: (files, id, onProgress) => verify(files, onProgress, id), sha256, sm3 };
})(typeof globalThis === 'object' ? globalThis : this);

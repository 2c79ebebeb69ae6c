/* Checks a published draw (format sishi-draw/1): a classic script for a page, a Worker or Node, after digests.js; ES2018 with BigInt
 * (Chromium 67, Firefox 68, Safari 14). Written from the specification alone. It defines sishiDraw.verify(files, onProgress, id):
 * files { 'plan.txt': Uint8Array, ... }; onProgress(step, done, of), or none; throws what is wrong, returns what was checked, and with
 * an id in `told` that entity's chances. */
(function (root) {
  'use strict';
  const ID = '[!-~]{1,64}', NAME = '[A-Za-z0-9_]{1,32}', HEX = '[0-9a-f]{64}', INT = '(?:0|[1-9][0-9]{0,17})', BIG = '(?:0|[1-9][0-9]{0,38})';
  const COUNT = `(${INT} ${HEX})\n`, SALT = '(?:-|[0-9a-f]{32})', BEACON = '(?:lottery|dice|drand|nist|other) [!-~]+';
  const PLAN = `sishi-draw/1 plan\ndraw ([!-~]{1,64})\n(?:title [^\n]+\n)?(?:rules ${HEX}\n)?hash (sha256|sm3)\n` +
    `((?:party ${NAME}\n){1,16})((?:beacon ${BEACON}\n){0,8})missing (void|skip)\npublish (?:now|embargo ([0-9]{4}-[0-9]{2}-[0-9]{2}))\n` +
    `((?:lot ${NAME} (?:fixed ${INT} reserve ${INT}|rate)\n)+)((?:team ${NAME} ${NAME} ${INT} (?:${NAME}|-)\n)*)`;
  const form = (...fields) => new RegExp('^' + fields.map(field => `(${field})`).join('\t') + '$');
  const ROWS = { // how many first fields ascend, and the fields; a sealed line of the population is the id and the leaf's hash
    population: [1, new RegExp(`^(${ID})\t(?:(${HEX})|([0-9]{6,12})\t(${NAME}=${INT}(?:,${NAME}=${INT})*)\t${SALT}\t(-|[^\0-\x1f\x7f]+))$`)],
    roster: [1, form(ID, NAME, '[0-9]{1,12}(?:,[0-9]{1,12})*', `-|${NAME}(?:,${NAME})*`, INT, INT, SALT)],
    recusal: [2, form(ID, ID)], assign: [4, form(ID, NAME, `${NAME}|-`, ID)], prices: [3, form(NAME, `${NAME}|-`, ID, '[1-9][0-9]{0,39}')],
    lots: [1, form(NAME, 'fixed|rate', ...Array(9).fill(BIG), ID)], result: [0, form(NAME, INT, '[ASR]', ID, BIG, BIG, BIG)] };
  const STEP = 1n << 20n, LOAD = 1n << 92n, SHORT = 1n << 116n; // of prices: a unit of the random number, a visit of load, an empty place

  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const need = (ok, what) => { if (!ok) throw new Error(what); };
  const { hex, bytes } = root.sishiDigests, number = hash => BigInt('0x' + hex(hash));
  const sum = list => list.reduce((a, b) => a + b, 0), same = (a, b) => a.join('\t') === b.join('\t');
  const lines = text => text.match(/.+/g) || [], words = text => lines(text).map(line => line.split(' ').slice(1));
  const escaped = text => text.replace(/[^A-Za-z0-9_]/g, '\\$&');
  const before = (a, b) => { const i = a.findIndex((x, at) => x !== b[at]); return i >= 0 && a[i] < b[i]; }, order = (a, b) => before(a, b) ? -1 : 1;
  const get = (map, key, make) => { if (!map.has(key)) map.set(key, make()); return map.get(key); };

  /* A candidate as [not certain, K, u, id, p], which sorts as the result does; null: not drawn. p 0: to be computed from the weight w. */
  function entry(lot, w, u, who, p) {
    if (lot.mode === 'rate') return u < w << 32n ? [1, 0n, u, who, w] : null;
    if (p === 1n << 31n || !p && (lot.W === 0n || lot.m && lot.m * w >= lot.W)) return [0, 0n, 0n, who, 1n << 31n];
    p = p || lot.m * w * 2147483648n / lot.W || 1n;
    return [1, lot.m ? u * (2147483648n - p) * 2147483648n / (p * (9223372036854775808n - u)) : u, u, who, p];
  }
  function takeAll(m, weights) { // Map {w: how many} -> [m, W] left when everybody whose share is a whole place has it
    const left = new Map(weights);
    let certain, W = [...weights].reduce((all, [w, k]) => all + w * BigInt(k), 0n);
    while (m && (certain = [...left].filter(([w]) => m * w >= W)).length) {
      for (const [w, k] of certain) { left.delete(w); m -= BigInt(k); W -= BigInt(k) * w; }
    }
    return [m, W];
  }

  class Draw {
    constructor(files, onProgress) { // reads and checks plan, freeze and head
      Object.assign(this, { files, onProgress, hash: root.sishiDigests.sha256, lots: Object.create(null), roots: {}, sealed: 0, told: [] });
      const [draw, kind, parties, beacons, missing, day, lots, teams] = this.text('plan.txt', PLAN), named = words(lots).sort(order);
      Object.assign(this, { draw, day, missing, hash: root.sishiDigests[kind], parties: words(parties).map(([party]) => party), beacons: lines(beacons) });
      this.teams = words(teams).map(([lot, dept, size, qual]) => ({ lot, dept, size: Number(size), qual }));
      for (const [name, mode, n = 0, , reserve = 0] of named) {
        this.lots[name] = { name, mode, n: BigInt(n), keep: Number(n) + Number(reserve), weights: new Map(), found: new Map() };
      }
      this.names = Object.keys(this.lots).sort();
      need(this.parties.every((p, i, all) => !i || all[i - 1] < p) && this.names.length === named.length, 'plan.txt: parties do not ascend, or a lot twice');
      need(this.teams.every(t => this.lots[t.lot] && t.size) && (missing === 'void' || beacons), 'plan.txt: a wrong team, or skip without beacon');
      need(!day || new Date(day + 'T00:00:00Z').toISOString().slice(0, 10) === day, 'plan.txt: no such day');
      const top = `draw ${escaped(draw)}\n`, commits = this.parties.map(party => `commit ${party} (${HEX})\n`).join('');
      [this.roots.population, this.roots.roster, this.roots.recusal, ...this.commits] = this.text('freeze.txt',
        `sishi-draw/1 freeze\n${top}plan ${this.digest('plan.txt')}\npopulation ${COUNT}roster ${COUNT}recusal ${COUNT}${commits}`);
      this.freeze = `freeze ${this.digest('freeze.txt')}\n`;
      [this.shown, this.roots.lots, this.roots.result, this.roots.assign, this.roots.prices] = this.text('head.txt',
        `sishi-draw/1 result\n${top}${this.freeze}${day ? 'seal' : 'seed'} (${HEX})\nlots ${COUNT}result ${COUNT}assign ${COUNT}prices ${COUNT}`);
    }
    raw(name) { need(this.files[name], `${name}: is missing`); return this.files[name]; }
    digest(name) { return hex(this.hash(this.raw(name))); }
    text(name, pattern) {
      const found = new RegExp(`^${pattern}$`).exec(utf8.decode(this.raw(name)));
      need(found && !found[0].includes('\r'), `${name}: is not of the form that the specification, the plan and the other files' hashes give it`);
      return found.slice(1);
    }
    * table(name) { // rows of name.tsv; at the end its count and RFC 6962 root must be the published ones
      const data = this.raw(name + '.tsv'), [ascending, pattern] = ROWS[name], stack = [], of = Number(this.roots[name].split(' ')[0]);
      let count = 0, last = null;
      for (let at = 0, end; at < data.length; at = end + 1) {
        need((end = data.indexOf(10, at)) >= 0, `${name}.tsv: does not end with LF`);
        const line = data.subarray(at, end), text = utf8.decode(line), found = pattern.exec(text), where = `${name}.tsv line ${count + 1}: `;
        need(found && !text.includes('\r'), `${where}not understood: ${text.slice(0, 80)}`);
        const row = found.slice(1), first = row.slice(0, ascending), sealed = name === 'population' && row[1];
        need(!last || !ascending || before(last, first) || row[3] === '~' && same(last, first), `${where}twice, or out of order: ${row}`);
        let node = sealed ? Uint8Array.from(sealed.match(/../g), b => parseInt(b, 16)) : this.hash([0], line);
        for (let k = count; k & 1; k >>= 1) node = this.hash([1], stack.pop(), node);
        stack.push(node);
        last = first;
        if (++count % 8192 === 0 && this.onProgress) this.onProgress(name, count, of);
        yield row;
      }
      const top = stack.length ? stack.reduceRight((right, left) => this.hash([1], left, right)) : this.hash([]);
      need(`${count} ${hex(top)}` === this.roots[name], `${name}.tsv: lines and root are ${count} ${hex(top)}, published: ${this.roots[name]}`);
    }

    openSeed() {
      const reveals = this.freeze + this.parties.map(party => `reveal ${party} (${HEX}${this.missing === 'skip' ? '|-' : ''})\n`).join('');
      const made = text => hex(this.hash(bytes(text))), contribution = `sishi-draw/1 contribution\ndraw ${this.draw}\n`;
      const values = this.text('seed.txt', `sishi-draw/1 seed\n${reveals}${this.beacons.map(beacon => `${escaped(beacon)} [!-~]{1,400}\n`).join('')}`);
      this.parties.forEach((party, i) => need(values[i] === '-' || made(`${contribution}party ${party}\nvalue ${values[i]}\n`) === this.commits[i],
        `seed.txt: ${party} did not reveal what it had committed`));
      need(!this.files['reveals.txt'] || same(this.text('reveals.txt', 'sishi-draw/1 reveals\n' + reveals), values), 'reveals.txt: differs from seed.txt');
      this.seed = this.hash(this.raw('seed.txt'));
      need(this.shown === (this.day ? made(`sishi-draw/1 seal\n${hex(this.seed)}\n`) : hex(this.seed)), 'head.txt: the seed (or its seal) is not that of seed.txt');
    }
    ticket(who) { return this.hash(this.seed, [84], bytes(who)); }
    u(who) { return number(this.ticket(who).subarray(0, 8)) >> 1n; }

    /* Nobody in the published rows is too many and nobody is missing. Sealed lines count as published. */
    results(id) {
      const lotRows = [...this.table('lots')], rows = [...this.table('result')], region = this.region = new Map(rows.map(row => [row[3], '']));
      need(same(lotRows.map(row => row[0]), this.names) && rows.every(row => this.lots[row[0]]), 'lots.tsv, result.tsv: not the lots of the plan');
      for (const row of lotRows) Object.assign(this.lots[row[0]], { m: BigInt(row[6]), W: BigInt(row[7]), row });
      const published = rows.map(([lot, , , who, p]) => [this.lots[lot], who, this.lots[lot].last = entry(this.lots[lot], BigInt(p), this.u(who), who, BigInt(p))]);
      for (const [who, leaf, where, weights, note] of this.table('population')) {
        if (region.has(who)) region.set(who, leaf ? null : where);
        this.sealed += leaf ? 1 : 0;
        need(leaf || bytes(note).length <= 255, `population.tsv: ${who}: note longer than 255 bytes`);
        leaf || this.candidate(who, weights.split(',').map(part => part.split('=')), who === id);
      }
      need(published.every(([, who, row]) => row && region.get(who) !== ''), 'result.tsv: somebody above the rate, or not in the population');
      for (const [lot, who, row] of published) if (region.get(who) === null) lot.found.set(who, row);
      const wanted = [].concat(...this.names.map(name => this.lotResult(this.lots[name])));
      const wrong = [...(rows.length > wanted.length ? rows : wanted).keys()].find(i => !same(rows[i] || [], wanted[i] || []));
      need(wrong === undefined, `result.tsv: is ${rows[wrong]} and should be ${wanted[wrong]}`);
      this.visits = new Map();
      for (const [name, , kind, who] of rows) if (kind !== 'R') get(this.visits, who, () => new Set()).add(name);
    }
    candidate(who, weights, tell) {
      const u = this.u(who);
      weights.forEach(([name, digits], i) => {
        const lot = this.lots[name], w = BigInt(digits), ordered = !i || weights[i - 1][0] < name;
        need(ordered && lot && w >= 1n && w <= 1n << 31n, `population.tsv: ${who}: ${name}=${w}: order, lot or weight`);
        const mine = entry(lot, w, u, who, 0n), drawn = mine && (lot.mode === 'rate' || lot.last && !before(lot.last, mine));
        if (drawn) lot.found.set(who, mine);
        lot.weights.set(w, (lot.weights.get(w) || 0) + 1);
        if (tell) this.told.push({ lot: name, weight: digits, u: String(u), K: mine && String(mine[1]), drawn: !!drawn });
      });
    }
    lotResult(lot) {
      const fixed = lot.mode === 'fixed', ranked = [...lot.found.values()].sort(order), counts = [...lot.weights];
      const kinds = ranked.map((e, i) => !e[0] ? 'A' : !fixed || i < lot.n ? 'S' : 'R'), all = kinds.filter(kind => kind === 'A').length;
      const rows = ranked.map(([, K, , who, p], i) => [lot.name, i + 1, kinds[i], who, p, this.u(who), K].map(String));
      const [count, total, m, W] = this.sealed ? [...lot.row.slice(2, 4), lot.n - BigInt(all), lot.W]
        : [sum(counts.map(c => c[1])), counts.reduce((n, [w, k]) => n + w * BigInt(k), 0n), ...fixed ? takeAll(lot.n, lot.weights) : [0n, 0n]];
      const final = fixed && rows.filter(row => row[2] === 'S').pop() || [0, 0, 0, '-', 0, 0, 0], drawn = kinds.filter(kind => kind !== 'R').length;
      const row = [lot.name, lot.mode, count, total, lot.n, all, m, W, drawn, final[6], final[5], final[3]];
      need(same(row, lot.row) && (!fixed || rows.length === Math.min(count, lot.keep)), `lots.tsv, result.tsv: lot ${lot.name}: is not ${row}`);
      return rows;
    }

    /* No optimisation is repeated: the published prices prove that the assignment is the best one, and the only best one. */
    inspectors() {
      const phases = new Map(), phase = (dept, qual) => get(phases, `${dept} ${qual}`, () => ({ dept, qual, held: new Map(), price: new Map(), places: new Map() }));
      Object.assign(this, { staff: [...this.table('roster')], recused: new Set([...this.table('recusal')].map(row => row.join('\t'))), load: new Map(), mates: new Map() });
      for (const [who, dept, qual, inspector] of this.table('assign')) get(phase(dept, qual).held, who, () => []).push(inspector);
      for (const [dept, qual, inspector, price] of this.table('prices')) phase(dept, qual).price.set(inspector, BigInt(price));
      this.visits.forEach((drew, who) => new Set(this.teams.map(team => team.dept)).forEach(dept => {
        const teams = this.teams.filter(team => drew.has(team.lot) && team.dept === dept), quals = new Set(teams.map(team => team.qual).filter(q => q !== '-'));
        const rest = Math.max(0, ...teams.map(team => team.size)) - quals.size;
        quals.forEach(qual => phase(dept, qual).places.set(who, 1));
        if (rest > 0) phase(dept, '-').places.set(who, rest);
      }));
      need(this.staff.every(row => Number(row[5]) <= 2 ** 20), 'roster.tsv: a load above 2^20');
      const inOrder = [...phases.values()].sort((a, b) => order([a.dept, a.qual === '-', a.qual], [b.dept, b.qual === '-', b.qual]));
      for (const p of inOrder) this.phase(p, `assign.tsv, prices.tsv: ${p.dept} ${p.qual}: `);
    }
    phase({ dept, qual, held, price, places }, where) {
      const able = this.staff.filter(row => row[1] === dept && (qual === '-' || row[3].split(',').includes(qual))), most = new Map();
      need(places.size && held.size === places.size && [...held].every(([who, team]) => team.length === places.get(who)), `${where}not the places to be filled`);
      need(same([...price.keys()], able.map(row => row[0])), `${where}not one price for each inspector who could come`);
      for (const [name, , , , cap, load] of able) {
        const mine = [...held.values()].filter(team => team.includes(name)).length, done = (this.load.get(name) || 0) + mine, total = BigInt(load) + BigInt(done);
        this.load.set(name, done);
        most.set(name, done < Number(cap) ? LOAD * (total + 1n) - 1n : SHORT);
        need(done <= Number(cap) && (!mine || price.get(name) > LOAD * total), `${where}${name} has more than cap or balance allow`);
      }
      held.forEach((team, who) => {
        const from = this.region.get(who), ticket = this.ticket(who), got = new Set(team.filter(j => j !== '~')), empty = team.filter(j => j === '~').length;
        const mates = get(this.mates, `${who} ${dept}`, () => new Set()), cost = new Map();
        for (const [name, , regions] of able) {
          const there = from ? regions.split(',').some(prefix => from.startsWith(prefix)) : got.has(name);
          if (!there || this.recused.has(`${name}\t${who}`) || mates.has(name)) continue;
          cost.set(name, STEP * number(this.hash(ticket, [73], bytes(name)).subarray(0, 6)));
        }
        const next = [...cost].filter(([j]) => !got.has(j)).reduce((least, [j, c]) => c + price.get(j) < least ? c + price.get(j) : least, SHORT + 1n);
        need(got.size + empty === team.length && [...got].every(j => cost.has(j)), `${where}${who}: an inspector twice, or one who may not come`);
        need(!empty || next > SHORT, `${where}${who}: a place is empty though somebody could come`);
        const top = j => (next < SHORT ? next : SHORT) - 1n - cost.get(j);
        got.forEach(j => { mates.add(j); if (top(j) < most.get(j)) most.set(j, top(j)); });
      });
      const blind = [...held.keys()].some(who => this.region.get(who) === null);
      price.forEach((p, j) => need(p === most.get(j) || blind && p < most.get(j), `${where}the prices do not prove this assignment`));
    }
  }

  root.sishiDraw = { verify(files, onProgress, id) {
    const d = new Draw(files, onProgress), { draw } = d, entities = Number(d.roots.population.split(' ')[0]);
    if (d.day && !['seed.txt', 'lots.tsv', 'result.tsv', 'assign.tsv', 'prices.tsv'].some(name => files[name])) return { draw, entities, embargo: d.day };
    d.openSeed(), d.results(id), d.inspectors();
    return { draw, entities, visits: d.visits.size, sealed: d.sealed, told: d.told };
  } };
})(typeof globalThis === 'object' ? globalThis : this);

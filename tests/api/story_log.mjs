/* The evidence log through the API: a witness of our own follows it and cosigns. */
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

const hash = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();
const keyId = (name, type, key) => hash(`${name}\n`, Buffer.from([type]), key).subarray(0, 4);

/* RFC 6962 2.1.1, from the leaf up. */
function included(leaf, seq, size, path) {
  let node = leaf, last = size - 1;
  for (const step of path) {
    const left = seq % 2 === 1 || seq === last;
    node = left ? hash('\x01', step, node) : hash('\x01', node, step);
    if (left) while (seq % 2 === 0 && seq !== 0) [seq, last] = [Math.floor(seq / 2), Math.floor(last / 2)];
    [seq, last] = [Math.floor(seq / 2), Math.floor(last / 2)];
  }
  return node;
}

function signedBy(note, vkey) {
  const [, name, id, key] = /^(.+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey.trim());
  const bytes = Buffer.from(key, 'base64').subarray(1);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const [text, lines] = note.split('\n\n');
  const line = lines.split('\n').find(l => l.startsWith(`\u2014 ${name} `));
  const sig = Buffer.from(line.split(' ')[2], 'base64');
  return sig.subarray(0, 4).toString('hex') === id && verify(null, Buffer.from(`${text}\n`), publicKey, sig.subarray(4));
}

function witness(name) {
  const pair = generateKeyPairSync('ed25519');
  const key = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const id = keyId(name, 4, key);
  return {
    vkey: `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.from([4]), key]).toString('base64')}`,
    line(note) {
      const at = Math.floor(Date.now() / 1000);
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(at));
      const sig = sign(null, Buffer.from(`cosignature/v1\ntime ${at}\n${note.split('\n\n')[0]}\n`), pair.privateKey);
      return `\u2014 ${name} ${Buffer.concat([id, time, sig]).toString('base64')}`;
    },
  };
}

export async function evidence(ask, check) {
  const note = (await ask('get_checkpoint')).text;
  const [, size, root] = note.split('\n');
  check('the head is signed by the log', signedBy(note, (await ask('get_log_key')).text), note);
  check('an earlier head is kept', (await ask('get_checkpoint_at', { size })).text.startsWith(note.split('\n\n')[0]));
  const entries = (await ask('get_log_entries', { limit: 2 })).json;
  check('entries go on', (await ask('get_log_entries', { limit: 2, cursor: Number(entries.next) })).json.items[0].seq === 2, entries);
  const proof = (await ask('get_inclusion', { seq: 1, size: Number(size) })).json;
  const leaf = hash('\0', proof.line);
  check('the leaf is of the line', leaf.toString('hex') === proof.leaf, proof);
  check('an entry is in the signed head', included(leaf, 1, Number(size), proof.path.map(h => Buffer.from(h, 'hex'))).toString('base64') === root, proof);
  await ask('get_consistency', { from: 1, size: Number(size) });
  check('no proof past the end', (await ask('get_inclusion', { seq: 1e9 })).status >= 400);
  const w = witness('witness.example');
  check('who is no witness may not cosign', (await ask('add_cosignature', { body: { size: Number(size), line: w.line(note) } })).json.code === 'NOTE');
  check('a planner registers none', (await ask('add_witness', { as: 'planner', body: { vkey: w.vkey } })).status === 403);
  await ask('add_witness', { as: 'root', body: { vkey: w.vkey } });
  check('a false cosignature is refused', (await ask('add_cosignature', { body: { size: Number(size), line: w.line(`x${note}`) } })).status === 422);
  await ask('add_cosignature', { body: { size: Number(size), line: w.line(note) } });
  check('the cosignature stands in the note', (await ask('get_checkpoint')).text.includes('witness.example'));
}

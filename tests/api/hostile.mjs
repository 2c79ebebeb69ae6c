/* Inputs made from an operation's description: fitting ones, nearly fitting ones, and hostile ones. */
import fc from 'fast-check';

const odd = fc.constantFrom('', ' ', '0', '-1', 'null', '../..', '%00', 'a'.repeat(300), '\u202e\u0000', '𠮷', '中文', "'; --", '<script>',
  '92431281YD0000005P', '91350100M000100Y43', '430000', '43', 'F52', '0000000000001', '99999999999999999999', '2026-02-30', '2026-11-25',
  '2026-11-25T10:00:00+08:00', '9999-12-31', 'A', '~', '[', '\t', '\r\n', 'planner', 'HNAMR', 'E0001');
const text = fc.oneof(odd, fc.fullUnicodeString({ maxLength: 40 }), fc.string({ maxLength: 20 }));
const anyJson = fc.oneof({ weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) }, { weight: 3, arbitrary: odd },
  { weight: 1, arbitrary: fc.constantFrom(null, true, 0, -1, 1.5, 1e300, 2 ** 53, -(2 ** 53), [], {}, [[]]) });

function fitting(schema, deref) {
  schema = deref(schema);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map(s => fitting(s, deref)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'integer') return fc.integer({ min: Math.max(schema.minimum ?? -5, -(2 ** 31)), max: Math.min(schema.maximum ?? 500, 2 ** 31 - 1) });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array') return fc.array(fitting(schema.items, deref), { maxLength: 4 });
  if (type === 'object') {
    const members = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([k, v]) => [k, fitting(v, deref)]));
    return fc.record(members, { requiredKeys: schema.required ?? [] });
  }
  if (schema.pattern?.includes('f]{64}')) return fc.hexaString({ minLength: 64, maxLength: 64 });
  if (schema.format === 'date-time') return fc.constantFrom('2026-11-25T10:00:00+08:00', '1999-01-01T00:00:00Z');
  if (schema.pattern?.includes('[0-9]{4}-') || schema.format === 'date') return fc.constantFrom('2026-11-25', '2020-02-29', '1583-01-01');
  return text;
}

/* One place of a value replaced, added or taken away. */
const spoiled = good => fc.tuple(good, anyJson, fc.nat(), fc.constantFrom('replace', 'add', 'drop')).map(([value, other, at, how]) => {
  const keys = value && typeof value === 'object' ? Object.keys(value) : []
  if (keys.length === 0) return other
  const key = keys[at % keys.length]
  const copy = Array.isArray(value) ? [...value] : { ...value }
  if (how === 'add') copy[`x${at % 7}`] = other
  else if (how === 'drop') delete copy[key]
  else copy[key] = other
  return copy
});

const noJson = fc.constantFrom('', '{', '[1', '{"a":1,"a":2}', 'null', '"\\u0000"', '[]', '[[[[[[[[[[[[[[[[[[[[', '1e999', '{"a":99999999999999999999999}', '\ufeff{}',
  '{}{}', '{"\\ud800":1}', 'NaN');

function bodyOf(o, deref) {
  if (!o.body) return fc.constant({});
  if (!o.body['application/json']) {
    const csv = fc.oneof(text, fc.constantFrom('', 'a,b\n1,2\n', '企业名称,统一社会信用代码\n甲公司,91350100M000100Y43\n', '\u0000\u0001', '"', ','.repeat(5000)));
    return fc.record({ body: csv, type: fc.constantFrom('text/csv', 'application/octet-stream', 'application/json', 'multipart/form-data; boundary=x') });
  }
  const good = fitting(o.body['application/json'].schema, deref);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ body: good.map(v => JSON.stringify(v)) }) },
    { weight: 4, arbitrary: fc.record({ body: spoiled(good).map(v => JSON.stringify(v) ?? '') }) },
    { weight: 1, arbitrary: fc.record({ body: noJson }) },
    { weight: 1, arbitrary: fc.record({ body: good.map(v => JSON.stringify(v)), type: fc.constantFrom('text/plain', 'application/json; charset=gbk', 'x') }) });
}

export function hostile(o, deref) {
  const parts = Object.fromEntries(o.parameters.filter(p => p.in !== 'header').map(p => {
    const good = fitting(p.schema, deref)
    const any = fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: odd })
    return [p.name, p.in === 'path' ? any.filter(v => !['', '.', '..'].includes(String(v))) : fc.option(any, { nil: undefined })]
  }));
  const headers = o.parameters.some(p => p.in === 'header')
    ? fc.record({ headers: fc.record({ 'Idempotency-Key': fc.constantFrom('k1', 'k2', 'x'.repeat(200), 'with blank') }, { requiredKeys: [] }) })
    : fc.constant({});
  return fc.tuple(fc.record(parts), bodyOf(o, deref), headers).map(all => Object.assign({}, ...all));
}

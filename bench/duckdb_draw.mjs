// The draw of bench_draw in DuckDB: exact keys in HUGEINT, one percent, from the same population.
//   node duckdb_draw.mjs POPULATION SEED_HEX N  ->  one JSON line: list, load and draw CPU seconds
import { DuckDBInstance } from "@duckdb/node-api";
import { createHash } from "node:crypto";

const [population, seed, wanted] = process.argv.slice(2);
const db = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };

let from = cpu();
await db.run(`CREATE TABLE pool AS SELECT id, CAST(substr(lots, 3) AS BIGINT) AS w
    FROM read_csv('${population}', delim='\t', header=false, quote='', escape='',
                  names=['id','region','lots','salt','note'], all_varchar=true)`);
const load = cpu() - from;

// DuckDB divides UHUGEINT as DOUBLE; HUGEINT is exact, and 63-bit numbers times 31-bit ones fit.
from = cpu();
const rows = await (await db.runAndReadAll(`
    WITH total AS (SELECT CAST(sum(w) AS HUGEINT) AS w FROM pool),
    t AS (SELECT id, w, ('0x' || substr(sha256(from_hex('${seed}54' || hex(id))), 1, 16))::UBIGINT >> 1 AS u FROM pool),
    k AS (SELECT id, u::HUGEINT AS u,
                 greatest(1::HUGEINT, ${wanted}::HUGEINT * w * 2147483648 // (SELECT w FROM total)) AS p FROM t)
    SELECT id, u::VARCHAR, ((u * (2147483648 - p) * 2147483648) // (p * (9223372036854775808::HUGEINT - u)))::VARCHAR AS key
    FROM k ORDER BY (u * (2147483648 - p) * 2147483648) // (p * (9223372036854775808::HUGEINT - u)), u, id LIMIT ${wanted}`)).getRows();
const draw = cpu() - from;

const list = createHash("sha256");
for (const [id, u, key] of rows) list.update(`${id}\t${u}\t${key}\n`);
console.log(JSON.stringify({ list: list.digest("hex"), load, draw }));

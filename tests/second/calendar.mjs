// The working days of definitions/calendar.yaml against the npm package chinese-days, day by day for
// twenty years, and the n-th working day against a count of ours from that package.
//   node calendar.mjs SISHI
import { execFileSync } from "node:child_process";
import chineseDays from "../node_modules/chinese-days/dist/index.min.js";

const sishi = process.argv[2], FIRST = 2007, LAST = 2026;
const say = (...words) => JSON.parse(execFileSync(sishi, ["calendar", ...words, "--json", "--quiet"]));
const iso = (t) => new Date(t).toISOString().slice(0, 10);
const DAY = 86400000;
let days = 0, wrong = 0;

for (let year = FIRST; year <= LAST; year++) {
    const told = new Map(say("show", String(year)).days.map((d) => [d.on, d.kind]));
    for (let t = Date.UTC(year, 0, 1); t < Date.UTC(year + 1, 0, 1); t += DAY) {
        const weekend = [0, 6].includes(new Date(t).getUTCDay());
        const kind = told.get(iso(t)) ?? (weekend ? "weekend" : "work");
        const ours = kind === "work" || kind === "makeup";
        days++;
        if (ours !== chineseDays.isWorkday(iso(t))) {
            wrong++;
            console.log(`${iso(t)}: ${kind} here, ${ours ? "off" : "worked"} there`);
        }
    }
}

let seed = 12345, counts = 0;
const next = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
for (let i = 0; i < 150; i++) {
    const from = Date.UTC(FIRST, 0, 1) + next(7200) * DAY, n = 1 + next(30);
    let at = from;
    for (let left = n; left > 0; ) {
        at += DAY;
        left -= chineseDays.isWorkday(iso(at)) ? 1 : 0;
    }
    if (at >= Date.UTC(LAST + 1, 0, 1)) continue;
    counts++;
    const got = say("add", iso(from), String(n)).day;
    if (got !== iso(at)) {
        wrong++;
        console.log(`${n} working days after ${iso(from)}: ${got} here, ${iso(at)} counted`);
    }
}
console.log(`${days} days and ${counts} counts compared, ${wrong} differ`);
process.exit(wrong === 0 && days > 7300 && counts > 100 ? 0 : 1);

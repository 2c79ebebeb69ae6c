-- name: draw_block_add (home int, run int, file int, block int, first_key text, count int, lines text, root blob) :exec
INSERT INTO draw_block (home, run, file, block, first_key, count, lines, root) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: draw_block (home int, run int, file int, block int) :maybe (block int, first_key text, count int, lines text, root blob)
SELECT block, first_key, count, lines, root FROM draw_block
WHERE home = $1 AND run = $2 AND file = $3 AND block = $4;

-- name: draw_block_lines (home int, run int, file int, block int) :each (lines text)
SELECT lines FROM draw_block WHERE home = $1 AND run = $2 AND file = $3 AND block = $4 ORDER BY block;

-- name: draw_block_of_key (home int, run int, file int, key text) :maybe (block int)
-- The last block that begins at or before the key.
SELECT block FROM draw_block WHERE home = $1 AND run = $2 AND file = $3 AND first_key <= $4
ORDER BY first_key DESC LIMIT 1;

-- name: draw_block_roots (home int, run int, file int, first int, most int) :many (block int, root blob)
SELECT block, root FROM draw_block
WHERE home = $1 AND run = $2 AND file = $3 AND block >= $4 ORDER BY block LIMIT $5;

-- name: draw_block_sum (home int, run int, file int) :one (blocks int, lines int)
SELECT COUNT(*) AS blocks, COALESCE(CAST(SUM(count) AS {I8}), 0) AS lines FROM draw_block
WHERE home = $1 AND run = $2 AND file = $3;

-- name: draw_block_sweep (home int, keep_frame int, keep_result int) :exec
-- What attempts that did not count have left. A run that is not known yet is given as 0.
DELETE FROM draw_block WHERE home = $1 AND run <> $2 AND run <> $3;

-- name: draw_block_drop (home int, run int) :exec
-- What a failed attempt wrote.
DELETE FROM draw_block WHERE home = $1 AND run = $2;

-- name: draw_memory_drop (home int, run int) :exec
DELETE FROM draw_memory WHERE home = $1 AND run = $2;

-- name: draw_result_drop (home int, run int) :exec
DELETE FROM draw_result WHERE home = $1 AND run = $2;

-- name: draw_place_drop (home int, run int) :exec
DELETE FROM draw_place WHERE home = $1 AND run = $2;

-- name: draw_memory_sweep (home int, keep int) :exec
DELETE FROM draw_memory WHERE home = $1 AND run <> $2;

-- name: draw_result_sweep (home int, keep int) :exec
DELETE FROM draw_result WHERE home = $1 AND run <> $2;

-- name: draw_place_sweep (home int, keep int) :exec
DELETE FROM draw_place WHERE home = $1 AND run <> $2;

-- name: draw_lot_add (home int, run int, lot text, entities int, sum_weight int, take_all int) :exec
INSERT INTO draw_lot (home, run, lot, entities, sum_weight, take_all) VALUES ($1, $2, $3, $4, $5, $6);

-- name: draw_lots (home int, run int) :many (lot text, entities int, sum_weight int, take_all int)
SELECT lot, entities, sum_weight, take_all FROM draw_lot WHERE home = $1 AND run = $2 ORDER BY lot;

-- name: draw_exclusion_add (home int, run int, reason int, entities int) :exec
INSERT INTO draw_exclusion (home, run, reason, entities) VALUES ($1, $2, $3, $4);

-- name: draw_exclusions (home int, run int) :many (reason int, entities int)
SELECT reason, entities FROM draw_exclusion WHERE home = $1 AND run = $2 ORDER BY reason;

-- bulk: draw_result (home int, run int, lot text, rank int, status text, code text, p31 int, u int, k text)

-- bulk: draw_place (home int, run int, pos int, code text, dept text, qual text, inspector text)

-- bulk: draw_memory (home int, run int, item text, cycle int, code text, c31 int)

-- name: draw_memory_page {item text, cycle int, after text, self int, demo int, drawn int, published int, most int} :each (code text, c31 int)
-- What draws that took effect left for an item and cycle, by code, oldest freeze first. Rehearsals
-- remember rehearsals only.
SELECT m.code, m.c31 FROM draw_memory m JOIN draw d ON d.home = m.home AND d.id = m.home
WHERE m.item = $1 AND m.cycle = $2 AND m.code > $3 AND m.home <> $4 AND d.demo = $5 AND d.frame_run = m.run AND d.state >= $6 AND d.state <= $7
ORDER BY m.code, m.run LIMIT $8;

-- name: draw_visits_add (home int, run int, lot text, item text, visit_on int) :exec
-- A planned visit for each entity that a lot drew.
INSERT INTO draw_visit (home, run, lot, code, item, premises_key, visit_on)
SELECT r.home, r.run, r.lot, r.code, $4, COALESCE((SELECT e.premises_key FROM entity_key k JOIN entity e ON e.home = k.home WHERE k.code = r.code AND k.current = 1 ORDER BY k.scheme LIMIT 1), 0), $5
FROM draw_result r WHERE r.home = $1 AND r.run = $2 AND r.lot = $3 AND r.status <> 'R';

-- name: draw_visit_add (home int, run int, lot text, code text, item text, visit_on int) :exec
INSERT INTO draw_visit (home, run, lot, code, item, premises_key, visit_on)
SELECT $1, $2, $3, $4, $5, COALESCE((SELECT e.premises_key FROM entity_key k JOIN entity e ON e.home = k.home WHERE k.code = $4 AND k.current = 1 ORDER BY k.scheme LIMIT 1), 0), $6
FROM draw WHERE draw.home = $1 AND draw.id = $1;

-- name: draw_visit_replaced (home int, run int, lot text, code text) :exec
UPDATE draw_visit SET replaced = 1 WHERE home = $1 AND run = $2 AND lot = $3 AND code = $4;

-- name: draw_visited (item text, from_on int, self int, voided int, demo int) :many (code text)
-- Entities with a planned visit for the item since a day. A rehearsal's visits count for rehearsals
-- only, and so below.
SELECT DISTINCT v.code FROM draw_visit v JOIN draw d ON d.home = v.home AND d.id = v.home
WHERE v.item = $1 AND v.visit_on >= $2 AND v.home <> $3 AND v.replaced = 0 AND d.state <> $4 AND d.demo = $5 AND d.result_run = v.run
ORDER BY v.code;

-- name: draw_capped {from_on int, to_on int, self int, voided int, demo int, cap int} :many (code text)
-- Entities with `cap` planned visits or more between two days; a draw visits once.
SELECT v.code FROM draw_visit v JOIN draw d ON d.home = v.home AND d.id = v.home
WHERE v.visit_on >= $1 AND v.visit_on <= $2 AND v.home <> $3 AND v.replaced = 0 AND d.state <> $4 AND d.demo = $5 AND d.result_run = v.run
GROUP BY v.code HAVING COUNT(DISTINCT v.home) >= $6 ORDER BY v.code;

-- name: draw_capped_places {from_on int, to_on int, self int, voided int, demo int, cap int} :many (premises_key int)
-- The same for places of business.
SELECT v.premises_key FROM draw_visit v JOIN draw d ON d.home = v.home AND d.id = v.home
WHERE v.premises_key <> 0 AND v.visit_on >= $1 AND v.visit_on <= $2 AND v.home <> $3 AND v.replaced = 0 AND d.state <> $4 AND d.demo = $5 AND d.result_run = v.run
GROUP BY v.premises_key HAVING COUNT(DISTINCT v.home) >= $6 ORDER BY v.premises_key;

-- name: draw_capped_of_item {item text, from_on int, to_on int, self int, voided int, demo int, cap int} :many (code text)
SELECT v.code FROM draw_visit v JOIN draw d ON d.home = v.home AND d.id = v.home
WHERE v.item = $1 AND v.visit_on >= $2 AND v.visit_on <= $3 AND v.home <> $4 AND v.replaced = 0 AND d.state <> $5 AND d.demo = $6 AND d.result_run = v.run
GROUP BY v.code HAVING COUNT(DISTINCT v.home) >= $7 ORDER BY v.code;

-- name: draw_target_count (home int, run int) :one (targets int)
SELECT COUNT(DISTINCT code) AS targets FROM draw_result WHERE home = $1 AND run = $2 AND status <> 'R';

-- name: draw_results_page {home int, run int, lot text, rank int, known_at int, on_day int, most int} :many (lot text, rank int, status text, code text, p31 int, u int, k text, name text?, region text?)
-- Behind (lot, rank), in order; name and region as the register knew them at the freeze.
SELECT r.lot, r.rank, r.status, r.code, r.p31, r.u, r.k, COALESCE((SELECT p.name FROM entity_key k JOIN entity_past p ON p.home = k.home WHERE k.code = r.code AND p.recorded_at <= $5 AND (p.superseded_at = 0 OR p.superseded_at > $5) AND p.valid_from_on <= $6 AND (p.valid_to_on = 0 OR p.valid_to_on > $6) ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1), (SELECT e.name FROM entity_key k JOIN entity e ON e.home = k.home WHERE k.code = r.code ORDER BY k.scheme LIMIT 1)) AS name, COALESCE((SELECT p.region FROM entity_key k JOIN entity_past p ON p.home = k.home WHERE k.code = r.code AND p.recorded_at <= $5 AND (p.superseded_at = 0 OR p.superseded_at > $5) AND p.valid_from_on <= $6 AND (p.valid_to_on = 0 OR p.valid_to_on > $6) ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1), (SELECT e.region FROM entity_key k JOIN entity e ON e.home = k.home WHERE k.code = r.code ORDER BY k.scheme LIMIT 1)) AS region
FROM draw_result r WHERE r.home = $1 AND r.run = $2 AND (r.lot > $3 OR (r.lot = $3 AND r.rank > $4))
ORDER BY r.lot, r.rank LIMIT $7;

-- name: draw_results_of (home int, run int, code text) :many (lot text, rank int, status text, p31 int, u int, k text)
SELECT lot, rank, status, p31, u, k FROM draw_result WHERE home = $1 AND run = $2 AND code = $3 ORDER BY lot;

-- name: draw_results_chosen (home int, run int) :many (lot text, code text)
SELECT lot, code FROM draw_result WHERE home = $1 AND run = $2 AND status <> 'R' ORDER BY code, lot;

-- name: draw_reserves (home int, run int, lot text, after int, most int) :many (rank int, code text)
SELECT rank, code FROM draw_result
WHERE home = $1 AND run = $2 AND lot = $3 AND status = 'R' AND rank > $4 ORDER BY rank LIMIT $5;

-- name: draw_places_page (home int, run int, after text, most int) :many (pos int, code text, dept text, qual text, inspector text, name text?)
-- Places of targets behind a code, by target: those drawn, then (pos from 2^40) those that a
-- replaced target's successor got.
SELECT p.pos, p.code, p.dept, p.qual, p.inspector, (SELECT i.name FROM inspector_key k JOIN inspector i ON i.home = k.home WHERE k.staff_no = p.inspector) AS name
FROM draw_place p WHERE p.home = $1 AND p.run = $2 AND p.code > $3
UNION ALL
SELECT 1099511627776 + c.seq AS pos, c.code, c.dept, c.leaves AS qual, c.enters AS inspector, (SELECT i.name FROM inspector_key k JOIN inspector i ON i.home = k.home WHERE k.staff_no = c.enters) AS name
FROM draw_change c WHERE c.home = $1 AND c.kind = 'place' AND c.code > $3
ORDER BY code, pos LIMIT $4;

-- name: draw_places_all (home int, run int) :many (pos int, code text, dept text, qual text, inspector text)
SELECT pos, code, dept, qual, inspector FROM draw_place WHERE home = $1 AND run = $2 ORDER BY pos;

-- name: draw_loads (home int, run int) :many (home int, places int)
-- Places each inspector has got.
SELECT k.home, COUNT(*) AS places FROM draw_place p JOIN inspector_key k ON k.staff_no = p.inspector
WHERE p.home = $1 AND p.run = $2 GROUP BY k.home ORDER BY k.home;

-- name: draw_inspector_home (staff_no text) :maybe (home int)
SELECT home FROM inspector_key WHERE staff_no = $1;

-- name: draw_inspector_name (staff_no text) :maybe (name text)
SELECT i.name FROM inspector_key k JOIN inspector i ON i.home = k.home WHERE k.staff_no = $1;

-- name: draw_entity_name (code text) :maybe (name text)
SELECT e.name FROM entity_key k JOIN entity e ON e.home = k.home WHERE k.code = $1 AND k.current = 1;

-- name: draw_dept (code text) :maybe (name text)
SELECT name FROM dept WHERE code = $1;

-- name: draw_item (code text, on_day int) :maybe (name text, name_en text?, yearly_cap int, quals text?, classes int, industries text?)
SELECT name, name_en, yearly_cap, quals, classes, industries FROM item
WHERE code = $1 AND valid_from_on <= $2 AND (valid_to_on = 0 OR valid_to_on >= $2) ORDER BY version DESC LIMIT 1;

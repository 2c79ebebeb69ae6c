-- name: draw_number_take (region text, year int) :one (last int)
-- The next number of a region and year, without gaps: in the transaction that plans the draw.
INSERT INTO draw_counter (region, year, last) VALUES ($1, $2, 1)
ON CONFLICT (region, year) DO UPDATE SET last = draw_counter.last + 1 RETURNING last;

-- name: draw_insert (id int, no text, region text, title text, hash int, demo int, sealed int, embargo_on int, supersedes int?, at int, state int) :exec
INSERT INTO draw (home, id, ver, no, state, region, title, hash, demo, sealed, embargo_on, supersedes, planned_at, changed_at)
VALUES ($1, $1, 1, $2, $11, $3, $4, $5, $6, $7, $8, $9, $10, $10);

-- name: draw_key_insert (no text, home int) :exec
INSERT INTO draw_key (no, home) VALUES ($1, $2);

-- name: draw_home (no text) :maybe (home int)
SELECT home FROM draw_key WHERE no = $1;

-- name: draw_get (id int) :maybe (id int, ver int, no text, state int, region text, title text, hash int, demo int, sealed int, embargo_on int, supersedes int?, superseded_by int?, void_reason text?, frame_run int?, result_run int?, n_entities int, n_targets int, n_places int, n_unfilled int, planned_at int, frozen_at int, revealed_at int, seeded_at int, drawn_at int, published_at int, void_at int, freeze_seq int)
SELECT id, ver, no, state, region, title, hash, demo, sealed, embargo_on, supersedes, superseded_by, void_reason, frame_run, result_run, n_entities, n_targets, n_places, n_unfilled, planned_at, frozen_at, revealed_at, seeded_at, drawn_at, published_at, void_at, freeze_seq
FROM draw WHERE home = $1 AND id = $1;

-- name: draw_page (before int, region_from text, region_to text, states int, most int) :many (id int, no text, state int, region text, title text, demo int, n_entities int, n_targets int, planned_at int, changed_at int, published_at int)
-- Newest first. A state counts when its bit stands in `states`.
SELECT id, no, state, region, title, demo, n_entities, n_targets, planned_at, changed_at, published_at FROM draw
WHERE id < $1 AND region >= $2 AND region < $3 AND ($4 / (CASE state WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 4 WHEN 3 THEN 8 WHEN 4 THEN 16 WHEN 5 THEN 32 WHEN 6 THEN 64 ELSE 128 END)) % 2 = 1
ORDER BY id DESC LIMIT $5;

-- name: draw_bump (home int, ver int, at int) :exec
-- A step that leaves the state as it is.
UPDATE draw SET ver = ver + 1, changed_at = $3 WHERE home = $1 AND id = $1 AND ver = $2;

-- name: draw_to_frozen (home int, ver int, at int, state int, run int, n_entities int, freeze_seq int) :exec
UPDATE draw SET ver = ver + 1, changed_at = $3, frozen_at = $3, state = $4, frame_run = $5, n_entities = $6, freeze_seq = $7
WHERE home = $1 AND id = $1 AND ver = $2;

-- name: draw_to_revealed (home int, ver int, at int, state int) :exec
UPDATE draw SET ver = ver + 1, changed_at = $3, revealed_at = $3, state = $4
WHERE home = $1 AND id = $1 AND ver = $2;

-- name: draw_to_seeded (home int, ver int, at int, state int) :exec
UPDATE draw SET ver = ver + 1, changed_at = $3, seeded_at = $3, state = $4
WHERE home = $1 AND id = $1 AND ver = $2;

-- name: draw_to_drawn (home int, ver int, at int, state int, run int, n_targets int, n_places int, n_unfilled int) :exec
UPDATE draw SET ver = ver + 1, changed_at = $3, drawn_at = $3, state = $4, result_run = $5, n_targets = $6, n_places = $7, n_unfilled = $8
WHERE home = $1 AND id = $1 AND ver = $2;

-- name: draw_to_published (home int, ver int, at int, state int, published_at int) :exec
UPDATE draw SET ver = ver + 1, changed_at = $3, state = $4, published_at = $5
WHERE home = $1 AND id = $1 AND ver = $2;

-- name: draw_to_void (home int, ver int, at int, state int, reason text) :exec
UPDATE draw SET ver = ver + 1, changed_at = $3, void_at = $3, state = $4, void_reason = $5
WHERE home = $1 AND id = $1 AND ver = $2;

-- name: draw_superseded (home int, by_id int) :exec
UPDATE draw SET superseded_by = $2, ver = ver + 1 WHERE home = $1 AND id = $1 AND superseded_by IS NULL;

-- name: draw_text_add (home int, name text, body text, hex text) :exec
INSERT INTO draw_text (home, name, body, hex) VALUES ($1, $2, $3, $4);

-- name: draw_text (home int, name text) :maybe (body text, hex text)
SELECT body, hex FROM draw_text WHERE home = $1 AND name = $2;

-- name: draw_text_hexes (home int) :many (name text, hex text)
SELECT name, hex FROM draw_text WHERE home = $1 ORDER BY name;

-- name: draw_party_add (home int, dept text) :exec
INSERT INTO draw_party (home, dept, kept, skipped) VALUES ($1, $2, 0, 0);

-- name: draw_parties (home int) :many (dept text, commitment text?, value text?, kept int, skipped int, committed_at int, revealed_at int)
SELECT dept, commitment, value, kept, skipped, committed_at, revealed_at FROM draw_party
WHERE home = $1 ORDER BY dept;

-- name: draw_party_commit (home int, dept text, commitment text, kept int, at int) :exec
UPDATE draw_party SET commitment = $3, kept = $4, committed_at = $5 WHERE home = $1 AND dept = $2;

-- name: draw_party_reveal (home int, dept text, value text, at int) :exec
UPDATE draw_party SET value = $3, revealed_at = $4 WHERE home = $1 AND dept = $2 AND value IS NULL;

-- name: draw_parties_skip (home int) :exec
UPDATE draw_party SET skipped = 1 WHERE home = $1 AND value IS NULL;

-- name: draw_beacon_add (home int, pos int, kind text, ref text) :exec
INSERT INTO draw_beacon (home, pos, kind, ref) VALUES ($1, $2, $3, $4);

-- name: draw_beacons (home int) :many (pos int, kind text, ref text, value text?, event_at int, entered_at int)
SELECT pos, kind, ref, value, event_at, entered_at FROM draw_beacon WHERE home = $1 ORDER BY pos;

-- name: draw_beacon_set (home int, pos int, value text, event_at int, at int) :exec
UPDATE draw_beacon SET value = $3, event_at = $4, entered_at = $5
WHERE home = $1 AND pos = $2 AND value IS NULL;

-- name: draw_event_add (home int, at int, step int, account int, shown text, dept text?, part int, what text, hex text?, log_seq int, op text?) :exec
INSERT INTO draw_event (home, seq, at, step, account, shown, dept, part, what, hex, log_seq, op)
SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM draw_event WHERE home = $1;

-- name: draw_events (home int) :many (seq int, at int, step int, account int, shown text, dept text?, part int, what text, hex text?, log_seq int)
SELECT seq, at, step, account, shown, dept, part, what, hex, log_seq FROM draw_event
WHERE home = $1 ORDER BY seq;

-- name: draw_event_of_op (home int, op text) :maybe (seq int)
SELECT seq FROM draw_event WHERE home = $1 AND op = $2 ORDER BY seq LIMIT 1;

-- name: draw_parts (home int, account int) :many (part int)
-- Whether the account operated (1) or witnessed (2) this draw.
SELECT DISTINCT part FROM draw_event WHERE home = $1 AND account = $2 AND part > 0 ORDER BY part;

-- name: draw_certain_add (home int, code text, lot text) :exec
INSERT INTO draw_certain (home, code, lot) VALUES ($1, $2, $3) ON CONFLICT (home, code, lot) DO NOTHING;

-- name: draw_certain_elsewhere (home int, seeded int, demo int) :many (code text)
-- Named as mandatory by another draw that is under way (states up to `seeded`).
SELECT DISTINCT c.code FROM draw_certain c JOIN draw d ON d.home = c.home AND d.id = c.home
WHERE c.home <> $1 AND d.state <= $2 AND d.demo = $3 ORDER BY c.code;

-- draw_change.kind is target, inspector or place (a place of who moved up); leaves is the last part of
-- the line's id: entity code, staff number, qualification. enters '-': the team goes no more.
-- name: draw_change_add (home int, seq int, at int, kind text, lot text, code text, dept text, leaves text, enters text, reason text, evidence text?, line text) :exec
INSERT INTO draw_change (home, seq, at, kind, lot, code, dept, leaves, enters, reason, evidence, line)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: draw_changes (home int) :many (seq int, at int, kind text, lot text, code text, dept text, leaves text, enters text, reason text, evidence text?, line text)
SELECT seq, at, kind, lot, code, dept, leaves, enters, reason, evidence, line FROM draw_change
WHERE home = $1 ORDER BY seq;

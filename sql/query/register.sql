-- name: entity_now (home int) :maybe (home int, code text, uscc text?, regno text?, name text, name_key text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?)
SELECT home, code, uscc, regno, name, name_key, class, status, region, authority, industry, established_on, closed_on, premises, premises_key, capital_fen, representative, version, valid_from_on, recorded_at, recorded_by, reason
FROM entity WHERE home = $1;

-- name: entity_now_of_code (of_code text, scheme int) :maybe (home int, code text, uscc text?, regno text?, name text, name_key text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?)
SELECT e.home, e.code, e.uscc, e.regno, e.name, e.name_key, e.class, e.status, e.region, e.authority, e.industry, e.established_on, e.closed_on, e.premises, e.premises_key, e.capital_fen, e.representative, e.version, e.valid_from_on, e.recorded_at, e.recorded_by, e.reason
FROM entity_key k JOIN entity e ON e.home = k.home WHERE k.code = $1 AND k.scheme = $2;

-- name: entity_now_of (homes text) :many (home int, code text, uscc text?, regno text?, name text, name_key text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?)
-- Those of a list "[1,2,3]", by id.
SELECT home, code, uscc, regno, name, name_key, class, status, region, authority, industry, established_on, closed_on, premises, premises_key, capital_fen, representative, version, valid_from_on, recorded_at, recorded_by, reason
FROM entity
-- sqlite: WHERE home IN (SELECT value FROM json_each($1))
-- postgres: WHERE home = ANY(CAST(string_to_array(trim(both '[]' from $1), ',') AS BIGINT[]))
ORDER BY home;

-- name: entity_past (home int) :many (home int, id int, code text, uscc text?, regno text?, name text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, valid_to_on int, recorded_at int, superseded_at int, recorded_by int, reason text?)
SELECT home, id, code, uscc, regno, name, class, status, region, authority, industry, established_on, closed_on, premises, premises_key, capital_fen, representative, version, valid_from_on, valid_to_on, recorded_at, superseded_at, recorded_by, reason
FROM entity_past WHERE home = $1 ORDER BY recorded_at DESC, valid_from_on DESC, id DESC;

-- name: entity_set {home int, was int, code text, uscc text?, regno text?, name text, name_key text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?} :exec
-- Compare-and-set on the version that was read.
UPDATE entity SET code = $3, uscc = $4, regno = $5, name = $6, name_key = $7, class = $8, status = $9, region = $10, authority = $11, industry = $12, established_on = $13, closed_on = $14, premises = $15, premises_key = $16, capital_fen = $17, representative = $18, version = $19, valid_from_on = $20, recorded_at = $21, recorded_by = $22, reason = $23
WHERE home = $1 AND version = $2;

-- name: entity_past_supersede (home int, id int, superseded_at int) :exec
UPDATE entity_past SET superseded_at = $3 WHERE home = $1 AND id = $2 AND superseded_at = 0;

-- name: entity_home_of_code (code text, scheme int) :maybe (home int)
SELECT home FROM entity_key WHERE code = $1 AND scheme = $2;

-- name: entity_keys_of (codes text) :many (code text, scheme int, home int, current int)
-- Who holds the codes of a list '["A","B"]', by code.
SELECT k.code, k.scheme, k.home, k.current
-- sqlite: FROM json_each($1) j CROSS JOIN entity_key k WHERE k.code = j.value
-- postgres: FROM entity_key k WHERE k.code = ANY(string_to_array(trim(both '[]"' from $1), '","'))
ORDER BY k.code, k.scheme;

-- name: entity_key_of (code text, scheme int) :maybe (home int, current int)
SELECT home, current FROM entity_key WHERE code = $1 AND scheme = $2;

-- name: entity_key_add (code text, scheme int, home int, current int) :exec
INSERT INTO entity_key (code, scheme, home, current) VALUES ($1, $2, $3, $4);

-- name: entity_key_set (code text, scheme int, home int, current int) :exec
-- A code that nobody goes by now moves; its holder's own is marked anew.
UPDATE entity_key SET home = $3, current = $4 WHERE code = $1 AND scheme = $2 AND (current = 0 OR home = $3);

-- name: entity_name_of (home int, name text, kind int) :maybe (id int)
SELECT id FROM entity_name WHERE home = $1 AND name = $2 AND kind = $3 ORDER BY id LIMIT 1;

-- name: entity_grade (home int) :maybe (grade int)
SELECT grade FROM grade WHERE home = $1 AND batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0);

-- name: entity_names (home int) :many (name text, kind int, from_on int?, to_on int?)
SELECT name, kind, from_on, to_on FROM entity_name WHERE home = $1 ORDER BY kind, id;

-- name: entity_codes (home int) :many (code text, scheme int, current int)
SELECT code, scheme, current FROM entity_key WHERE home = $1 AND scheme > 0 ORDER BY scheme, current DESC, code;

-- name: entity_each {region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int} :each (home int, code text, uscc text?, regno text?, name text, name_key text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?, grade int?)
-- The whole of a filter, in the order of codes.
SELECT e.home, e.code, e.uscc, e.regno, e.name, e.name_key, e.class, e.status, e.region, e.authority, e.industry, e.established_on, e.closed_on, e.premises, e.premises_key, e.capital_fen, e.representative, e.version, e.valid_from_on, e.recorded_at, e.recorded_by, e.reason, g.grade
FROM entity e LEFT JOIN grade g ON g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)
WHERE e.region >= $1 AND e.region < $2
AND ($3 = 0 OR (e.industry >= $4 AND e.industry < $5))
AND ($6 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $6) <> 0)
AND ($7 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $7) <> 0)
AND ($8 = 0 OR e.authority = $9)
AND ($10 = 0 OR (e.uscc >= $11 AND e.uscc < $12) OR (e.regno >= $11 AND e.regno < $12) OR (e.code >= $11 AND e.code < $12))
AND ($13 = 0 OR ((CAST(1 AS BIGINT) << COALESCE(g.grade - 1, 4)) & $13) <> 0)
ORDER BY e.code;

-- name: entity_counts {region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, live int} :one (entities int, live int)
-- By the index entity_facets alone.
SELECT COUNT(*) AS entities, COUNT(*) FILTER (WHERE ((CAST(1 AS BIGINT) << e.status) & $8) <> 0) AS live
FROM entity e
WHERE e.region >= $1 AND e.region < $2
AND ($3 = 0 OR (e.industry >= $4 AND e.industry < $5))
AND ($6 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $6) <> 0)
AND ($7 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $7) <> 0);

-- name: entity_counts_graded {region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int, live int} :one (entities int, live int, grade_a int, grade_b int, grade_c int, grade_d int, ungraded int)
SELECT COUNT(*) AS entities, COUNT(*) FILTER (WHERE m.live = 1) AS live, COUNT(*) FILTER (WHERE m.live = 1 AND m.grade = 1) AS grade_a, COUNT(*) FILTER (WHERE m.live = 1 AND m.grade = 2) AS grade_b, COUNT(*) FILTER (WHERE m.live = 1 AND m.grade = 3) AS grade_c, COUNT(*) FILTER (WHERE m.live = 1 AND m.grade = 4) AS grade_d, COUNT(*) FILTER (WHERE m.live = 1 AND m.grade IS NULL) AS ungraded
FROM (SELECT CASE WHEN ((CAST(1 AS BIGINT) << e.status) & $14) <> 0 THEN 1 ELSE 0 END AS live, g.grade FROM entity e LEFT JOIN grade g ON g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)
WHERE e.region >= $1 AND e.region < $2
AND ($3 = 0 OR (e.industry >= $4 AND e.industry < $5))
AND ($6 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $6) <> 0)
AND ($7 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $7) <> 0)
AND ($8 = 0 OR e.authority = $9)
AND ($10 = 0 OR (e.uscc >= $11 AND e.uscc < $12) OR (e.regno >= $11 AND e.regno < $12) OR (e.code >= $11 AND e.code < $12))
AND ($13 = 0 OR ((CAST(1 AS BIGINT) << COALESCE(g.grade - 1, 4)) & $13) <> 0)) m;

-- name: entity_any () :maybe (home int)
SELECT home FROM entity ORDER BY home LIMIT 1;

-- name: grade_batch_insert (batch int, method text, entities int, closed_at int) :exec
INSERT INTO grade_batch (batch, method, entities, closed_at) VALUES ($1, $2, $3, $4);

-- bulk: entity (home int, code text, uscc text?, regno text?, name text, name_key text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?)

-- bulk: entity_past (home int, id int, code text, uscc text?, regno text?, name text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, valid_to_on int, recorded_at int, superseded_at int, recorded_by int, reason text?)

-- bulk: entity_name (home int, id int, name text, name_key text, kind int, from_on int?, to_on int?)

-- bulk: name_gram (rowid int, gram text)

-- name: name_gram_cut (rowid int, gram text) :exec
-- The words must be those that were put in.
-- sqlite: INSERT INTO name_gram(name_gram, rowid, gram) VALUES ('delete', $1, $2);
-- postgres: DELETE FROM name_gram WHERE rowid = $1 AND gram = $2;

-- bulk: entity_key (code text, scheme int, home int, current int)

-- bulk: grade (home int, batch int, grade int)


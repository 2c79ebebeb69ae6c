-- Search of the register. Sources give ids of entities that may match; what is asked of the entities
-- themselves (region .. grades, part or head of the name) stands in the statements behind them.

-- name: search_words (words text, behind int, most int) :many (home int)
-- Current names that have all of the words, by id. OFFSET 0 keeps the planner from going by id.
-- sqlite: SELECT rowid AS home FROM name_gram WHERE name_gram MATCH $1 AND rowid > $2 ORDER BY rowid LIMIT $3;
-- postgres: SELECT m.home FROM (SELECT rowid AS home FROM name_gram WHERE string_to_array(gram, ' ') @> string_to_array($1, ' ') OFFSET 0) m WHERE m.home > $2 ORDER BY m.home LIMIT $3;

-- name: search_heads (head_from text, behind int, head_to text, most int) :many (home int, name_key text)
-- Current names behind (head_from, behind) and below head_to, by name.
SELECT home, name_key FROM entity WHERE (name_key, home) > ($1, $2) AND name_key < $3 ORDER BY name_key, home LIMIT $4;

-- name: search_codes (code_from text, code_to text, behind int, most int) :many (home int)
SELECT DISTINCT home FROM entity_key WHERE code >= $1 AND code < $2 AND current = 1 AND home > $3 ORDER BY home LIMIT $4;

-- name: search_other_words (words text, part text) :many (home int, name text, kind int)
-- Former names and aliases with the words that contain the part; of an entity former ones first.
-- sqlite: SELECT n.home, n.name, n.kind FROM (SELECT rowid AS doc FROM name_gram WHERE name_gram MATCH $1 AND rowid < 0) m CROSS JOIN entity_name n ON n.id = - m.doc WHERE instr(n.name_key, $2) > 0
-- postgres: SELECT n.home, n.name, n.kind FROM (SELECT rowid AS doc FROM name_gram WHERE string_to_array(gram, ' ') @> string_to_array($1, ' ') OFFSET 0) m JOIN entity_name n ON n.id = - m.doc WHERE m.doc < 0 AND strpos(n.name_key, $2) > 0
ORDER BY n.home, n.kind, n.id;

-- name: search_other_heads (head_from text, head_to text) :many (home int, name text, kind int)
SELECT home, name, kind FROM entity_name WHERE name_key >= $1 AND name_key < $2 ORDER BY home, kind, id;

-- name: search_keys {homes text, region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int} :each (home int, code text, name_key text)
-- Of the entities of a list "[1,2,3]" those that match.
-- any order: whoever asks keeps the first places himself
SELECT e.home, e.code, e.name_key
-- sqlite: FROM json_each($1) j CROSS JOIN entity e WHERE e.home = j.value
-- postgres: FROM entity e WHERE e.home = ANY(CAST(string_to_array(trim(both '[]' from $1), ',') AS BIGINT[]))
AND e.region >= $2 AND e.region < $3
AND ($4 = 0 OR (e.industry >= $5 AND e.industry < $6))
AND ($7 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $7) <> 0)
AND ($8 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $8) <> 0)
AND ($9 = 0 OR e.authority = $10)
AND ($11 = 0 OR (e.uscc >= $12 AND e.uscc < $13) OR (e.regno >= $12 AND e.regno < $13) OR (e.code >= $12 AND e.code < $13))
AND ($14 = 0 OR ((CAST(1 AS BIGINT) << COALESCE((SELECT g.grade - 1 FROM grade g WHERE g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)), 4)) & $14) <> 0);

-- name: search_walk_codes {after text, window int, by_part int, part text, by_head int, head_from text, head_to text, region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int, most int} :each (home int, code text)
-- In the order of codes behind one, looking at no more than `window` entities.
SELECT e.home, e.code FROM (SELECT home, code, uscc, regno, name_key, class, status, region, authority, industry FROM entity WHERE code > $1 ORDER BY code LIMIT $2) e
WHERE e.region >= $8 AND e.region < $9
AND ($10 = 0 OR (e.industry >= $11 AND e.industry < $12))
AND ($13 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $13) <> 0)
AND ($14 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $14) <> 0)
AND ($15 = 0 OR e.authority = $16)
AND ($17 = 0 OR (e.uscc >= $18 AND e.uscc < $19) OR (e.regno >= $18 AND e.regno < $19) OR (e.code >= $18 AND e.code < $19))
AND ($20 = 0 OR ((CAST(1 AS BIGINT) << COALESCE((SELECT g.grade - 1 FROM grade g WHERE g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)), 4)) & $20) <> 0)
-- sqlite: AND ($3 = 0 OR instr(e.name_key, $4) > 0)
-- postgres: AND ($3 = 0 OR strpos(e.name_key, $4) > 0)
AND ($5 = 0 OR (e.name_key >= $6 AND e.name_key < $7))
ORDER BY e.code LIMIT $21;

-- name: search_walk_names {after text, behind int, window int, by_part int, part text, by_head int, head_from text, head_to text, region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int, most int} :each (home int, name_key text)
SELECT e.home, e.name_key FROM (SELECT home, code, uscc, regno, name_key, class, status, region, authority, industry FROM entity WHERE (name_key, home) > ($1, $2) ORDER BY name_key, home LIMIT $3) e
WHERE e.region >= $9 AND e.region < $10
AND ($11 = 0 OR (e.industry >= $12 AND e.industry < $13))
AND ($14 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $14) <> 0)
AND ($15 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $15) <> 0)
AND ($16 = 0 OR e.authority = $17)
AND ($18 = 0 OR (e.uscc >= $19 AND e.uscc < $20) OR (e.regno >= $19 AND e.regno < $20) OR (e.code >= $19 AND e.code < $20))
AND ($21 = 0 OR ((CAST(1 AS BIGINT) << COALESCE((SELECT g.grade - 1 FROM grade g WHERE g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)), 4)) & $21) <> 0)
-- sqlite: AND ($4 = 0 OR instr(e.name_key, $5) > 0)
-- postgres: AND ($4 = 0 OR strpos(e.name_key, $5) > 0)
AND ($6 = 0 OR (e.name_key >= $7 AND e.name_key < $8))
ORDER BY e.name_key, e.home LIMIT $22;

-- name: search_place_codes {by_part int, part text, by_head int, head_from text, head_to text, region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int, after text, most int} :each (home int, code text)
-- The first of all that match, by the index entity_facets; the entity itself is looked at only when
-- more is asked than the index has.
SELECT e.home, e.code
-- sqlite: FROM entity e INDEXED BY entity_facets
-- postgres: FROM entity e
WHERE e.region >= $6 AND e.region < $7
AND ($8 = 0 OR (e.industry >= $9 AND e.industry < $10))
AND ($11 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $11) <> 0)
AND ($12 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $12) <> 0)
AND ($13 = 0 OR e.authority = $14)
AND ($15 = 0 OR (e.uscc >= $16 AND e.uscc < $17) OR (e.regno >= $16 AND e.regno < $17) OR (e.code >= $16 AND e.code < $17))
AND ($18 = 0 OR ((CAST(1 AS BIGINT) << COALESCE((SELECT g.grade - 1 FROM grade g WHERE g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)), 4)) & $18) <> 0)
-- sqlite: AND ($1 = 0 OR instr(e.name_key, $2) > 0)
-- postgres: AND ($1 = 0 OR strpos(e.name_key, $2) > 0)
AND ($3 = 0 OR (e.name_key >= $4 AND e.name_key < $5))
AND e.code > $19 ORDER BY e.code LIMIT $20;

-- name: search_place_names {by_part int, part text, by_head int, head_from text, head_to text, region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int, after text, behind int, most int} :each (home int, name_key text)
SELECT e.home, e.name_key
-- sqlite: FROM entity e INDEXED BY entity_facets
-- postgres: FROM entity e
WHERE e.region >= $6 AND e.region < $7
AND ($8 = 0 OR (e.industry >= $9 AND e.industry < $10))
AND ($11 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $11) <> 0)
AND ($12 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $12) <> 0)
AND ($13 = 0 OR e.authority = $14)
AND ($15 = 0 OR (e.uscc >= $16 AND e.uscc < $17) OR (e.regno >= $16 AND e.regno < $17) OR (e.code >= $16 AND e.code < $17))
AND ($18 = 0 OR ((CAST(1 AS BIGINT) << COALESCE((SELECT g.grade - 1 FROM grade g WHERE g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)), 4)) & $18) <> 0)
-- sqlite: AND ($1 = 0 OR instr(e.name_key, $2) > 0)
-- postgres: AND ($1 = 0 OR strpos(e.name_key, $2) > 0)
AND ($3 = 0 OR (e.name_key >= $4 AND e.name_key < $5))
AND (e.name_key, e.home) > ($19, $20) ORDER BY e.name_key, e.home LIMIT $21;

-- name: search_count {by_part int, part text, by_head int, head_from text, head_to text, region_from text, region_to text, by_industry int, industry_from text, industry_to text, classes int, statuses int, by_authority int, authority text, by_code int, code_from text, code_to text, grades int, most int} :one (entities int)
SELECT COUNT(*) AS entities FROM (SELECT e.home
-- sqlite: FROM entity e INDEXED BY entity_facets
-- postgres: FROM entity e
WHERE e.region >= $6 AND e.region < $7
AND ($8 = 0 OR (e.industry >= $9 AND e.industry < $10))
AND ($11 = 0 OR ((CAST(1 AS BIGINT) << e.class) & $11) <> 0)
AND ($12 = 0 OR ((CAST(1 AS BIGINT) << e.status) & $12) <> 0)
AND ($13 = 0 OR e.authority = $14)
AND ($15 = 0 OR (e.uscc >= $16 AND e.uscc < $17) OR (e.regno >= $16 AND e.regno < $17) OR (e.code >= $16 AND e.code < $17))
AND ($18 = 0 OR ((CAST(1 AS BIGINT) << COALESCE((SELECT g.grade - 1 FROM grade g WHERE g.home = e.home AND g.batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)), 4)) & $18) <> 0)
-- sqlite: AND ($1 = 0 OR instr(e.name_key, $2) > 0)
-- postgres: AND ($1 = 0 OR strpos(e.name_key, $2) > 0)
AND ($3 = 0 OR (e.name_key >= $4 AND e.name_key < $5))
LIMIT $19) m;

-- name: search_grades (homes text) :many (home int, grade int)
SELECT home, grade FROM grade
WHERE batch = (SELECT MAX(batch) FROM grade_batch WHERE closed_at > 0)
-- sqlite: AND home IN (SELECT value FROM json_each($1))
-- postgres: AND home = ANY(CAST(string_to_array(trim(both '[]' from $1), ',') AS BIGINT[]))
ORDER BY home;

-- name: name_index_clear () :exec
-- sqlite: INSERT INTO name_gram(name_gram) VALUES ('delete-all');
-- postgres: DELETE FROM name_gram WHERE rowid IS NOT NULL;

-- name: name_index_total () :one (names int)
SELECT (SELECT COUNT(*) FROM entity) + (SELECT COUNT(*) FROM entity_name) AS names;

-- name: name_index_names (behind int, most int) :many (home int, name_key text)
SELECT home, name_key FROM entity WHERE home > $1 ORDER BY home LIMIT $2;

-- name: name_index_others (behind int, most int) :many (id int, name_key text)
SELECT id, name_key FROM entity_name WHERE id > $1 ORDER BY id LIMIT $2;

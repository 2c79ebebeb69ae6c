-- name: entity_now (home int) :maybe (home int, code text, uscc text?, regno text?, name text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?)
SELECT home, code, uscc, regno, name, class, status, region, authority, industry, established_on, closed_on, premises, premises_key, capital_fen, representative, version, valid_from_on, recorded_at, recorded_by, reason
FROM entity WHERE home = $1;

-- name: entity_home_of_code (code text, scheme int) :maybe (home int)
SELECT home FROM entity_key WHERE code = $1 AND scheme = $2;

-- name: entity_grade (home int) :maybe (grade int)
SELECT grade FROM grade WHERE home = $1 ORDER BY batch DESC LIMIT 1;

-- name: entity_names (home int) :many (name text, kind int, from_on int?, to_on int?)
SELECT name, kind, from_on, to_on FROM entity_name WHERE home = $1 ORDER BY kind, id;

-- name: entity_codes (home int) :many (code text, scheme int, current int)
SELECT code, scheme, current FROM entity_key WHERE home = $1 AND scheme > 0 ORDER BY scheme, current DESC, code;

-- name: entity_any () :maybe (home int)
SELECT home FROM entity ORDER BY home LIMIT 1;

-- name: grade_batch_insert (batch int, method text, entities int, closed_at int) :exec
INSERT INTO grade_batch (batch, method, entities, closed_at) VALUES ($1, $2, $3, $4);

-- bulk: entity (home int, code text, uscc text?, regno text?, name text, name_key text, class int, status int, region text, authority text?, industry text?, established_on int?, closed_on int?, premises text?, premises_key int?, capital_fen int?, representative text?, version int, valid_from_on int, recorded_at int, recorded_by int, reason text?)

-- bulk: entity_key (code text, scheme int, home int, current int)

-- bulk: grade (home int, batch int, grade int)


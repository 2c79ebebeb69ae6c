-- Statements of the store itself: versions, repeated writes, ids, what the engine is.

-- name: schema_has_table (name text) :maybe (one int)
-- sqlite: SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1;
-- postgres: SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1;

-- One migration at a time: on SQLite the writer's lock says so already.
-- name: schema_lock () :one (one int)
-- sqlite: SELECT 1;
-- postgres: SELECT CASE WHEN pg_advisory_xact_lock(7468311) IS NULL THEN 1 ELSE 2 END;

-- name: schema_newest () :one (version int)
SELECT COALESCE(MAX(version), 0) FROM schema_version;

-- name: schema_applied (version int, name text, applied_at int) :exec
INSERT INTO schema_version (version, name, applied_at) VALUES ($1, $2, $3);

-- Order by code points is tried out, since a collation's name is told in many ways.
-- name: engine () :one (version text, encoding text, collation text)
-- sqlite: SELECT sqlite_version(), encoding, 'C' FROM pragma_encoding;
-- postgres: SELECT current_setting('server_version'), 'UTF-8',
-- postgres: CASE WHEN '-' < '1' AND '1' < 'B' AND 'B' < 'a' AND 'ab' < 'b' AND 'b' < 'é' AND 'é' < '一'
-- postgres: AND '一' < '中' AND '中' < 'Ａ' AND 'Ａ' < '𠀀' THEN 'C'
-- postgres: ELSE CAST(datcollate AS TEXT) END
-- postgres: FROM pg_database WHERE datname = current_database();

-- name: op_take (op_key text, done_at int) :exec
INSERT INTO op (op_key, done_at) VALUES ($1, $2) ON CONFLICT (op_key) DO NOTHING;

-- name: op_answer (op_key text) :one (answer text?)
SELECT answer FROM op WHERE op_key = $1;

-- name: op_say (op_key text, answer text) :exec
UPDATE op SET answer = $2 WHERE op_key = $1;

-- name: op_forget (before_at int) :exec
DELETE FROM op WHERE done_at < $1;

-- name: lease_newest () :one (until_at int?)
SELECT MAX(until_at) FROM node_lease;

-- The numbers in use, those that nobody holds first, then the longest unheard of.
-- name: lease_all () :many (node int, holder text?, until_at int)
SELECT node, holder, until_at FROM node_lease
ORDER BY CASE WHEN holder IS NULL THEN 0 ELSE 1 END, until_at, node;

-- name: lease_take (node int, holder text, until_at int) :exec
INSERT INTO node_lease (node, holder, until_at) VALUES ($1, $2, $3)
ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at;

-- name: lease_extend (node int, holder text, until_at int) :exec
UPDATE node_lease SET until_at = $3 WHERE node = $1 AND holder = $2;

-- name: lease_free (node int, holder text, until_at int) :exec
UPDATE node_lease SET holder = NULL, until_at = $3 WHERE node = $1 AND holder = $2;

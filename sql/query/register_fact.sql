-- name: register_fact (name text) :maybe (value text)
SELECT value FROM register_fact WHERE name = $1;

-- name: register_fact_set (name text, value text) :exec
INSERT INTO register_fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;


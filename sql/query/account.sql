-- name: account_insert {id int, name text, shown text, password text, roles int, dept text?, region text?, created_at int, created_by int} :exec
INSERT INTO account (home, id, name, shown, password, roles, dept, region, status, created_at, created_by)
VALUES ($1, $1, $2, $3, $4, $5, $6, $7, 1, $8, $9);

-- name: account_key_insert (name text, home int) :exec
INSERT INTO account_key (name, home) VALUES ($1, $2);

-- name: account_any () :maybe (home int)
SELECT home FROM account_key ORDER BY name LIMIT 1;

-- name: account_home (name text) :maybe (home int)
SELECT home FROM account_key WHERE name = $1;

-- name: account_by_home (home int) :one (id int, name text, shown text, password text, roles int, dept text?, region text?, status int, fails int, locked_until_at int, last_sign_in_at int, created_at int)
SELECT id, name, shown, password, roles, dept, region, status, fails, locked_until_at, last_sign_in_at, created_at
FROM account WHERE home = $1 AND id = $1;

-- name: account_all () :many (id int, name text, shown text, roles int, dept text?, region text?, status int, locked_until_at int, last_sign_in_at int, created_at int)
SELECT id, name, shown, roles, dept, region, status, locked_until_at, last_sign_in_at, created_at
FROM account ORDER BY name;

-- name: account_failed (home int, locked_until_at int) :exec
UPDATE account SET fails = fails + 1, locked_until_at = $2 WHERE home = $1 AND id = $1;

-- name: account_signed_in (home int, at int) :exec
UPDATE account SET fails = 0, locked_until_at = 0, last_sign_in_at = $2 WHERE home = $1 AND id = $1;

-- name: account_password (home int, password text) :exec
UPDATE account SET password = $2, fails = 0, locked_until_at = 0 WHERE home = $1 AND id = $1;

-- name: session_insert (digest text, account int, at int) :exec
INSERT INTO session (digest, account, created_at, seen_at) VALUES ($1, $2, $3, $3);

-- name: session_by_digest (digest text) :maybe (account int, created_at int, seen_at int)
SELECT account, created_at, seen_at FROM session WHERE digest = $1;

-- name: session_seen (digest text, at int) :exec
UPDATE session SET seen_at = $2 WHERE digest = $1;

-- name: session_delete (digest text) :exec
DELETE FROM session WHERE digest = $1;

-- name: session_delete_of (account int) :exec
DELETE FROM session WHERE account = $1;

-- name: session_sweep (seen_before int, created_before int) :exec
DELETE FROM session WHERE seen_at < $1 OR created_at < $2;

-- name: token_insert (digest text, account int, label text, roles int, at int, ends_at int) :exec
INSERT INTO token (digest, account, label, roles, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: token_by_digest (digest text) :maybe (account int, roles int, ends_at int)
SELECT account, roles, ends_at FROM token WHERE digest = $1;

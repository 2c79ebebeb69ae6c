-- name: job_insert {id int, kind int, title text, options text?, started_by int, created_at int} :exec
INSERT INTO job (id, kind, state, title, options, done, total, cursor, cancel, started_by, created_at, started_at, ended_at, seen_at)
VALUES ($1, $2, 1, $3, $4, 0, 0, 0, 0, $5, $6, 0, 0, 0);

-- name: job_by_id (id int) :maybe (id int, kind int, state int, title text, options text?, done int, total int, cursor int, counts text?, result text?, fault text?, cancel int, started_by int, created_at int, started_at int, ended_at int, seen_at int)
SELECT id, kind, state, title, options, done, total, cursor, counts, result, fault, cancel, started_by, created_at, started_at, ended_at, seen_at
FROM job WHERE id = $1;

-- name: job_newest (started_by int, most int) :many (id int, kind int, state int, title text, options text?, done int, total int, cursor int, counts text?, result text?, fault text?, cancel int, started_by int, created_at int, started_at int, ended_at int, seen_at int)
-- Those of an account; 0: everybody's.
SELECT id, kind, state, title, options, done, total, cursor, counts, result, fault, cancel, started_by, created_at, started_at, ended_at, seen_at
FROM job WHERE $1 = 0 OR started_by = $1 ORDER BY id DESC LIMIT $2;

-- name: job_next () :maybe (id int, kind int, state int, title text, options text?, done int, total int, cursor int, counts text?, result text?, fault text?, cancel int, started_by int, created_at int, started_at int, ended_at int, seen_at int)
-- Whoever asks is the only worker: a job that is said to run was left by one that died, and comes first.
SELECT id, kind, state, title, options, done, total, cursor, counts, result, fault, cancel, started_by, created_at, started_at, ended_at, seen_at
FROM job WHERE state IN (1, 2) ORDER BY state DESC, id LIMIT 1;

-- name: job_begin (id int, at int) :exec
UPDATE job SET state = 2, started_at = CASE WHEN started_at = 0 THEN $2 ELSE started_at END, seen_at = $2
WHERE id = $1 AND state IN (1, 2);

-- name: job_advance {id int, done int, total int, cursor int, counts text?, at int} :exec
UPDATE job SET done = $2, total = $3, cursor = $4, counts = $5, seen_at = $6 WHERE id = $1 AND state = 2;

-- name: job_end {id int, state int, result text?, fault text?, at int} :exec
UPDATE job SET state = $2, result = $3, fault = $4, ended_at = $5, seen_at = $5 WHERE id = $1 AND state = 2;

-- name: job_cancel_waiting (id int, at int) :exec
UPDATE job SET state = 5, cancel = 1, ended_at = $2 WHERE id = $1 AND state = 1;

-- name: job_cancel_running (id int) :exec
UPDATE job SET cancel = 1 WHERE id = $1 AND state = 2;


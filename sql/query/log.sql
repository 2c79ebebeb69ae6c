-- name: log_head_take (places int) :one (size int)
-- Reserves n places at the end; the row's lock makes appends queue.
UPDATE log_head SET size = size + $1 WHERE id = 1 RETURNING size;

-- name: log_head () :one (size int)
SELECT size FROM log_head WHERE id = 1;

-- name: log_entry_add (seq int, at int, kind int, draw_no text, hex text) :exec
INSERT INTO log_entry (seq, at, kind, draw_no, hex) VALUES ($1, $2, $3, $4, $5);

-- name: log_node_add (level int, idx int, digest blob) :exec
INSERT INTO log_node (level, idx, digest) VALUES ($1, $2, $3);

-- name: log_node (level int, idx int) :one (digest blob)
SELECT digest FROM log_node WHERE level = $1 AND idx = $2;

-- name: log_entries (first int, most int) :many (seq int, at int, kind int, draw_no text, hex text)
SELECT seq, at, kind, draw_no, hex FROM log_entry WHERE seq >= $1 ORDER BY seq LIMIT $2;

-- name: log_entries_of (draw_no text, first int, most int) :many (seq int, at int, kind int, draw_no text, hex text)
SELECT seq, at, kind, draw_no, hex FROM log_entry
WHERE draw_no = $1 AND seq >= $2 ORDER BY seq LIMIT $3;

-- name: log_checkpoint_add (size int, at int, note text) :exec
INSERT INTO log_checkpoint (size, at, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING;

-- name: log_checkpoint (size int) :maybe (size int, at int, note text)
SELECT size, at, note FROM log_checkpoint WHERE size = $1;

-- name: log_witness_add (name text, vkey text, added_at int) :exec
INSERT INTO log_witness (name, vkey, added_at) VALUES ($1, $2, $3);

-- name: log_witnesses () :many (name text, vkey text, added_at int)
SELECT name, vkey, added_at FROM log_witness ORDER BY name;

-- name: log_cosign_add (size int, witness text, at int, line text) :exec
INSERT INTO log_cosign (size, witness, at, line) VALUES ($1, $2, $3, $4)
ON CONFLICT (size, witness) DO NOTHING;

-- name: log_cosigns (size int) :many (witness text, at int, line text)
SELECT witness, at, line FROM log_cosign WHERE size = $1 ORDER BY witness;

-- name: log_cosigned_times (seq int) :many (witness text, first_at int)
-- When each witness first cosigned a checkpoint that covers the entry.
SELECT witness, MIN(at) AS first_at FROM log_cosign WHERE size > $1 GROUP BY witness ORDER BY first_at, witness;

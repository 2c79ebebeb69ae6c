-- name: import_mapping (signature text) :maybe (mapping text)
SELECT mapping FROM import_mapping WHERE signature = $1;

-- name: import_mapping_put (signature text, mapping text, used_at int, used_by int) :exec
INSERT INTO import_mapping (signature, mapping, used_at, used_by) VALUES ($1, $2, $3, $4)
ON CONFLICT (signature) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at, used_by = excluded.used_by;


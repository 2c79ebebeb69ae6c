-- The store's own tables.

-- schema_version: the migrations that were applied, one row each.
CREATE TABLE schema_version (
    version    INTEGER NOT NULL PRIMARY KEY, -- number of the migration: NNNN of sql/schema/NNNN_name.sql
    name       TEXT NOT NULL,                -- its name
    applied_at {I8} NOT NULL                 -- instant, ms UTC
) {STRICT};

-- op: a write that was done once, and what it answered. A repeat with the same key gets the answer
-- and changes nothing, so a lost answer never makes a second fine.
CREATE TABLE op (
    op_key  TEXT NOT NULL PRIMARY KEY,       -- the caller's key, 1 to 64 bytes, its namespace included
    answer  TEXT,                            -- what the first one answered, at most 4000 bytes
    done_at {I8} NOT NULL                    -- instant, ms UTC; old rows may be removed by it
) {STRICT};
CREATE INDEX op_done ON op (done_at);

-- node_lease: which running program makes ids with which node number, and how far ahead it has
-- reserved them. An id is 41 bits of ms since 2020, 8 bits of node, 14 bits of sequence.
CREATE TABLE node_lease (
    node     INTEGER NOT NULL PRIMARY KEY CHECK (node BETWEEN 0 AND 255), -- the 8 bits
    holder   TEXT,                           -- token of the running program; NULL when it closed
    until_at {I8} NOT NULL                   -- instant, ms UTC: every id made with this node is before it
) {STRICT};

-- log_head: where the evidence log stands. One row (id 1), updated by every append, so that writers
-- queue on it. Class L.
CREATE TABLE log_head (
    id   {I8} NOT NULL CHECK (id = 1),
    size {I8} NOT NULL CHECK (size >= 0),      -- entries in the log
    PRIMARY KEY (id)
){STRICT};
INSERT INTO log_head (id, size) VALUES (1, 0);

-- log_entry: the evidence log, RFC 6962 over SHA-256. The leaf is the text "<kind> <draw_no> <hex>".
-- Never updated, never deleted. Class L.
CREATE TABLE log_entry (
    seq     {I8} NOT NULL,                     -- place in the log, from 0, without gaps
    at      {I8} NOT NULL,                     -- when it was appended, Unix ms
    kind    {I8} NOT NULL,                     -- enum ledger_kind (src/kernel/ledger.h)
    draw_no TEXT NOT NULL,                     -- 430000-2026-0012
    hex     TEXT NOT NULL,                     -- digest it stands for, 64 lower hex
    PRIMARY KEY (seq)
){STRICT};
CREATE INDEX log_entry_draw ON log_entry (draw_no, seq);

-- log_node: digests of the log's perfect subtrees; level 0 are the leaves. Number idx of a level
-- covers entries idx * 2^level and the 2^level - 1 behind. Proofs read O(log n) of them. Class L.
CREATE TABLE log_node (
    level  {I8} NOT NULL,                      -- 0..61
    idx    {I8} NOT NULL,                      -- from 0
    digest {BLOB} NOT NULL,                    -- 32 bytes
    PRIMARY KEY (level, idx)
){STRICT};

-- log_checkpoint: signed heads of the log (C2SP tlog-checkpoint). Class L.
CREATE TABLE log_checkpoint (
    size {I8} NOT NULL,                        -- entries covered
    at   {I8} NOT NULL,                        -- when it was signed, Unix ms
    note TEXT NOT NULL,                        -- the signed note, with the log's own signature only
    PRIMARY KEY (size)
){STRICT};

-- log_witness: whose cosignatures are taken: discipline office, notary, other departments. Class L.
CREATE TABLE log_witness (
    name     TEXT NOT NULL,                    -- key name
    vkey     TEXT NOT NULL,                    -- "<name>+<key id>+<base64>" (C2SP signed-note)
    added_at {I8} NOT NULL,                    -- Unix ms
    PRIMARY KEY (name)
){STRICT};

-- log_cosign: a witness's line for a checkpoint (C2SP tlog-cosignature), checked when it came. Class L.
CREATE TABLE log_cosign (
    size    {I8} NOT NULL,                     -- of log_checkpoint
    witness TEXT NOT NULL,                     -- log_witness.name
    at      {I8} NOT NULL,                     -- time inside the cosignature, Unix ms
    line    TEXT NOT NULL,                     -- the signature line, with LF
    PRIMARY KEY (size, witness)
){STRICT};

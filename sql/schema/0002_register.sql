-- register_fact: what the whole register is. Class L.
CREATE TABLE register_fact (
    name  TEXT NOT NULL,                        -- "demo": the province is made up; its value says by which seed
    value TEXT NOT NULL,
    PRIMARY KEY (name)
){STRICT};

-- entity: the newest believed version of each market entity. Class H: home is the entity's id.
-- Older versions and older beliefs are in entity_past; together they are the bitemporal register.
CREATE TABLE entity (
    home           {I8} PRIMARY KEY NOT NULL,   -- entity id, never reused
    code           TEXT NOT NULL,               -- what it goes by: USCC, else registration number, else the id in base 32
    uscc           TEXT,                        -- unified social credit code, GB 32100-2015
    regno          TEXT,                        -- 15-digit registration number, before 2015
    name           TEXT NOT NULL,               -- registered name
    name_key       TEXT NOT NULL,               -- the name folded for comparing and sorting (name_fold)
    class          INTEGER NOT NULL,            -- definitions/entity_classes.yaml, no
    status         INTEGER NOT NULL,            -- enum entity_status, 1..6
    region         TEXT NOT NULL,               -- GB/T 2260, 6..12 digits
    authority      TEXT,                        -- registration authority; NULL = that of the region
    industry       TEXT,                        -- GB/T 4754-2017 with section letter
    established_on INTEGER,                     -- yyyymmdd
    closed_on      INTEGER,                     -- yyyymmdd: deregistered, revoked, annulled or moved out
    premises       TEXT,                        -- address as registered
    premises_key   {I8},                        -- equal for equal folded addresses; NULL = no address
    capital_fen    {I8},                        -- registered capital, CNY
    representative TEXT,                        -- legal representative or operator; personal, staff only
    version        INTEGER NOT NULL,            -- 1, 2, ...: compare-and-set
    valid_from_on  INTEGER NOT NULL,            -- yyyymmdd; this version is true from then on
    recorded_at    {I8} NOT NULL,               -- Unix ms; believed since
    recorded_by    {I8} NOT NULL,               -- account; 0 = console
    reason         TEXT                         -- why this version was written; NULL = first entry
){STRICT};
CREATE INDEX entity_region ON entity (region, home);
CREATE INDEX entity_by_name ON entity (name_key, home);
CREATE INDEX entity_industry ON entity (industry, home);

-- entity_past: versions that ended, and beliefs that were superseded. Class H. Append-only, but
-- for superseded_at, which is set once.
CREATE TABLE entity_past (
    home           {I8} NOT NULL,               -- entity id
    id             {I8} NOT NULL,               -- of this row
    code           TEXT NOT NULL,               -- as in entity, and so on below
    uscc           TEXT,
    regno          TEXT,
    name           TEXT NOT NULL,
    class          INTEGER NOT NULL,
    status         INTEGER NOT NULL,
    region         TEXT NOT NULL,
    authority      TEXT,
    industry       TEXT,
    established_on INTEGER,
    closed_on      INTEGER,
    premises       TEXT,
    premises_key   {I8},
    capital_fen    {I8},
    representative TEXT,
    version        INTEGER NOT NULL,
    valid_from_on  INTEGER NOT NULL,
    valid_to_on    INTEGER NOT NULL,            -- yyyymmdd, not included; 0 = was believed to be open
    recorded_at    {I8} NOT NULL,
    superseded_at  {I8} NOT NULL,               -- Unix ms; 0 = still believed (an ended version)
    recorded_by    {I8} NOT NULL,
    reason         TEXT,
    PRIMARY KEY (home, id)
){STRICT};

-- entity_key: code -> entity. Class K: the one place where codes are unique. A code that is issued
-- again moves to its new holder; the old one keeps it in entity_past.
CREATE TABLE entity_key (
    code    TEXT NOT NULL,                      -- folded
    scheme  INTEGER NOT NULL,                   -- enum code_kind: 0 record id, 1 USCC, 2 registration number
    home    {I8} NOT NULL,                      -- entity id
    current INTEGER NOT NULL CHECK (current IN (0, 1)), -- 0: it no longer has this code
    PRIMARY KEY (code, scheme)
){STRICT}{KEYED};
CREATE INDEX entity_key_home ON entity_key (home);

-- entity_name: former names and aliases. Class H.
CREATE TABLE entity_name (
    home     {I8} NOT NULL,                     -- entity id
    id       {I8} NOT NULL,                     -- record id: also the document number in the name index
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL,                     -- folded
    kind     INTEGER NOT NULL,                  -- 2 former, 3 alias
    from_on  INTEGER,                           -- yyyymmdd; NULL = not known
    to_on    INTEGER,                           -- yyyymmdd; NULL = not known, or still
    PRIMARY KEY (home, id)
){STRICT};
CREATE INDEX entity_name_id ON entity_name (id);
CREATE INDEX entity_name_key ON entity_name (name_key, id);

-- grade_batch: one run of the credit-risk grading. Class G.
CREATE TABLE grade_batch (
    batch      INTEGER NOT NULL,                -- yyyymm
    method     TEXT NOT NULL,                   -- scorecard and version, or "demo"
    entities   {I8} NOT NULL,                   -- how many were graded
    closed_at  {I8} NOT NULL,                   -- Unix ms; a batch is read only when closed
    PRIMARY KEY (batch)
){STRICT};

-- grade: credit-risk grades, appended for each batch, never changed. Class H. Internal, never public.
CREATE TABLE grade (
    home  {I8} NOT NULL,                        -- entity id
    batch INTEGER NOT NULL,                     -- grade_batch
    grade INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 4), -- 1 A (low risk) .. 4 D
    PRIMARY KEY (home, batch)
){STRICT}{KEYED};

-- import_mapping: which column feeds which field, remembered by the header it was used for. Class G.
CREATE TABLE import_mapping (
    signature TEXT NOT NULL,                    -- 16 hex digits of SHA-256 of the folded header
    mapping   TEXT NOT NULL,                    -- "field=column,..."; columns from 0
    used_at   {I8} NOT NULL,                    -- Unix ms
    used_by   {I8} NOT NULL,                    -- account
    PRIMARY KEY (signature)
){STRICT};

-- job: durable work. Class G.
CREATE TABLE job (
    id         {I8} PRIMARY KEY NOT NULL,       -- record id
    kind       INTEGER NOT NULL,                -- enum job_kind
    state      INTEGER NOT NULL,                -- enum job_state
    title      TEXT NOT NULL,                   -- what a person reads
    options    TEXT,                            -- JSON, opaque to SQL
    done       {I8} NOT NULL,                   -- bytes or rows
    total      {I8} NOT NULL,                   -- 0 = not known
    cursor     {I8} NOT NULL,                   -- all before it is committed
    counts     TEXT,                            -- JSON of counts
    result     TEXT,                            -- file name below the data folder
    fault      TEXT,                            -- why it failed
    cancel     INTEGER NOT NULL CHECK (cancel IN (0, 1)), -- somebody asked it to stop
    started_by {I8} NOT NULL,                   -- account
    created_at {I8} NOT NULL,                   -- Unix ms, as all below; 0 = not yet
    started_at {I8} NOT NULL,
    ended_at   {I8} NOT NULL,
    seen_at    {I8} NOT NULL                    -- last sign of life of its worker
){STRICT};
CREATE INDEX job_state ON job (state, id);

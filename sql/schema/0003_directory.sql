-- dept: departments of government that inspect. Class G.
CREATE TABLE dept (
    code   TEXT NOT NULL,                       -- [A-Za-z0-9_]{1,32}
    name   TEXT NOT NULL,
    level  INTEGER NOT NULL,                    -- 1 province, 2 city, 3 county
    region TEXT NOT NULL,                       -- its area, GB/T 2260
    parent TEXT,                                -- dept above
    field  TEXT NOT NULL,                       -- definitions/departments.yaml fields
    PRIMARY KEY (code)
){STRICT};

-- inspector: who may be drawn to inspect. Class H: home is the inspector's id.
CREATE TABLE inspector (
    home             {I8} PRIMARY KEY NOT NULL, -- record id
    staff_no         TEXT NOT NULL,             -- 1..32 bytes of 0x21-0x7E
    name             TEXT NOT NULL,             -- personal
    dept             TEXT NOT NULL,             -- dept.code
    kind             INTEGER NOT NULL,          -- 1 officer, 2 qualified staff, 3 expert
    regions          TEXT NOT NULL,             -- prefixes, comma separated, ascending
    quals            TEXT,                      -- qualifications, comma separated, ascending
    cert_no          TEXT NOT NULL,             -- certificate number
    cert_valid_to_on INTEGER NOT NULL,          -- yyyymmdd, last day
    cap              INTEGER NOT NULL,          -- most places in one draw
    load             INTEGER NOT NULL,          -- places carried over
    status           INTEGER NOT NULL           -- 1 pending, 2 valid, 3 invalid
){STRICT};
CREATE INDEX inspector_dept ON inspector (dept, staff_no);

-- inspector_key: staff number -> inspector. Class K.
CREATE TABLE inspector_key (
    staff_no TEXT NOT NULL,
    home     {I8} NOT NULL,                     -- inspector id
    PRIMARY KEY (staff_no)
){STRICT};

-- interest: a declared tie between an inspector and an entity; recusal follows from it. Class H
-- (home is the inspector). Rules: administrative punishment law art. 43 and its sister rules.
CREATE TABLE interest (
    home    {I8} NOT NULL,                      -- inspector id
    id      {I8} NOT NULL,                      -- record id
    entity  {I8} NOT NULL,                      -- entity id
    kind    INTEGER NOT NULL,                   -- 1 relative, 2 former employer, 3 shareholding, 4 private tie
    from_on INTEGER NOT NULL,                   -- yyyymmdd
    to_on   INTEGER,                            -- yyyymmdd, last day; NULL = still
    note    TEXT,                               -- personal
    PRIMARY KEY (home, id)
){STRICT};

-- item: the published list of inspection items, one row a version. Class G.
CREATE TABLE item (
    code            TEXT NOT NULL,              -- [A-Z0-9_]{1,32}
    version         INTEGER NOT NULL,           -- of the list
    category        TEXT NOT NULL,              -- field of supervision, as published
    name            TEXT NOT NULL,
    name_en         TEXT,
    objects         TEXT NOT NULL,              -- what is inspected, as published
    kind            INTEGER NOT NULL,           -- 1 general, 2 key
    list            INTEGER NOT NULL,           -- 1 leave alone, 2 random, 3 key
    methods         TEXT NOT NULL,              -- keys, comma separated
    field           TEXT NOT NULL,              -- whose: dept.field
    levels          TEXT NOT NULL,              -- executing levels, comma separated
    basis           TEXT NOT NULL,              -- articles, one a line: law TAB article TAB verified
    ratio_floor_ppm INTEGER NOT NULL,           -- parts per million of the pool a year
    ratio_cap_ppm   INTEGER NOT NULL,           -- 0 = none
    yearly_cap      INTEGER NOT NULL,           -- planned visits of an entity a year; 0 = none
    quals           TEXT,                       -- each team needs one of each, comma separated
    classes         {I8} NOT NULL,              -- mask of entity classes; 0 = all
    industries      TEXT,                       -- prefixes, comma separated; NULL = all
    valid_from_on   INTEGER NOT NULL,           -- yyyymmdd
    valid_to_on     INTEGER NOT NULL,           -- yyyymmdd, last day; 0 = open
    PRIMARY KEY (code, version)
){STRICT};

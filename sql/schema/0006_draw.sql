-- draw: one draw (sishi-draw/1). Class L; home = id, also in every table below that hangs on it.
CREATE TABLE draw (
    home          {I8} NOT NULL,               -- the draw itself
    id            {I8} NOT NULL,               -- record id
    ver           {I8} NOT NULL,               -- compare-and-set: one more with every step
    no            TEXT NOT NULL,               -- region-year-NNNN, gapless per region and year
    state         {I8} NOT NULL,               -- enum ceremony_state (src/office/draw.h)
    region        TEXT NOT NULL,               -- 6 digits: who holds it; entities of its subtree
    title         TEXT NOT NULL,
    hash          {I8} NOT NULL,               -- enum digest_kind
    demo          {I8} NOT NULL CHECK (demo IN (0, 1)),
    sealed        {I8} NOT NULL CHECK (sealed IN (0, 1)), -- weights internal, lines salted
    embargo_on    {I8} NOT NULL,               -- lists withheld until this yyyymmdd; 0 = none
    supersedes    {I8},                        -- the void draw this one replaces; NULL = none
    superseded_by {I8},                        -- the other way; NULL = none
    void_reason   TEXT,                        -- why it ended; NULL = it did not
    frame_run     {I8},                        -- which draw_block.run is the frame; NULL = not frozen
    result_run    {I8},                        -- which run is the result; NULL = not drawn
    n_entities    {I8} NOT NULL DEFAULT 0,     -- lines of population.tsv
    n_targets     {I8} NOT NULL DEFAULT 0,     -- entities drawn in at least one lot
    n_places      {I8} NOT NULL DEFAULT 0,     -- places of teams
    n_unfilled    {I8} NOT NULL DEFAULT 0,     -- of them nobody could fill
    planned_at    {I8} NOT NULL,               -- Unix ms, and so below; 0 = not yet
    frozen_at     {I8} NOT NULL DEFAULT 0,
    revealed_at   {I8} NOT NULL DEFAULT 0,     -- when H(reveals.txt) was logged
    seeded_at     {I8} NOT NULL DEFAULT 0,
    drawn_at      {I8} NOT NULL DEFAULT 0,
    published_at  {I8} NOT NULL DEFAULT 0,     -- lists public
    void_at       {I8} NOT NULL DEFAULT 0,
    changed_at    {I8} NOT NULL,
    freeze_seq    {I8} NOT NULL DEFAULT -1,    -- log_entry.seq of its freeze; -1 = none
    PRIMARY KEY (home, id)
){STRICT};
CREATE INDEX draw_by_id ON draw (id);

-- draw_key: number of a draw -> draw. Class K.
CREATE TABLE draw_key (
    no   TEXT NOT NULL,                        -- 430000-2026-0012
    home {I8} NOT NULL,                        -- draw
    PRIMARY KEY (no)
){STRICT};

-- draw_counter: the last number given in a region and year; taken in the transaction that plans.
CREATE TABLE draw_counter (
    region TEXT NOT NULL,                      -- 6 digits
    year   {I8} NOT NULL,                      -- civil year
    last   {I8} NOT NULL,                      -- 1..9999
    PRIMARY KEY (region, year)
){STRICT};

-- draw_text: the short files of a draw, byte for byte.
CREATE TABLE draw_text (
    home {I8} NOT NULL,                        -- draw
    name TEXT NOT NULL,                        -- plan.json plan.txt rules.txt freeze.txt reveals.txt seed.txt head.txt
    body TEXT NOT NULL,  -- the bytes
    hex  TEXT NOT NULL,                        -- H(body) with the draw's hash
    PRIMARY KEY (home, name)
){STRICT};

-- draw_party: a contributing department. Its value is stored when it is revealed, never before.
CREATE TABLE draw_party (
    home         {I8} NOT NULL,                -- draw
    dept         TEXT NOT NULL,                -- department code
    commitment   TEXT,                         -- 64 hex; NULL = not yet
    value        TEXT,                         -- 64 hex once revealed
    kept         {I8} NOT NULL CHECK (kept IN (0, 1)),    -- contribution file in the data folder
    skipped      {I8} NOT NULL CHECK (skipped IN (0, 1)), -- closed without its reveal
    committed_at {I8} NOT NULL DEFAULT 0,      -- Unix ms; 0 = not yet
    revealed_at  {I8} NOT NULL DEFAULT 0,
    PRIMARY KEY (home, dept)
){STRICT};

-- draw_beacon: a public random event that the plan names, and its value once it took place.
CREATE TABLE draw_beacon (
    home       {I8} NOT NULL,                  -- draw
    pos        {I8} NOT NULL,                  -- order in plan.txt, from 0
    kind       TEXT NOT NULL,                  -- lottery dice drand nist other
    ref        TEXT NOT NULL,                  -- names the event
    value      TEXT,                           -- canonical form; NULL = not yet
    event_at   {I8} NOT NULL DEFAULT 0,        -- when the event took place, Unix ms
    entered_at {I8} NOT NULL DEFAULT 0,
    PRIMARY KEY (home, pos)
){STRICT};

-- draw_block: the long files of a draw in blocks of 1024 lines, which are also the perfect subtrees
-- of level 10 of the file's Merkle tree: a block is the pool's rows pos = block*1024 .. +1023. A run
-- counts only when draw.frame_run or draw.result_run names it; others are what a killed or beaten
-- attempt left, and are deleted by the next step.
CREATE TABLE draw_block (
    home      {I8} NOT NULL,                   -- draw
    run       {I8} NOT NULL,                   -- attempt, a record id
    file      {I8} NOT NULL,                   -- enum ceremony_file
    block     {I8} NOT NULL,                   -- from 0
    first_key TEXT NOT NULL,                   -- first field of the first line
    count     {I8} NOT NULL,                   -- lines, 1..1024; below 1024 in the last block only
    lines     TEXT NOT NULL,                   -- each with LF
    root      {BLOB} NOT NULL,                 -- Merkle root of these lines, draw's hash
    PRIMARY KEY (home, run, file, block)
){STRICT};
CREATE INDEX draw_block_key ON draw_block (home, run, file, first_key);

-- draw_lot: what the freeze and the run say about a lot.
CREATE TABLE draw_lot (
    home       {I8} NOT NULL,                  -- draw
    run        {I8} NOT NULL,                  -- draw.frame_run
    lot        TEXT NOT NULL,
    entities   {I8} NOT NULL,                  -- in the lot
    sum_weight {I8} NOT NULL,                  -- sum of w
    take_all   {I8} NOT NULL,                  -- certain ones of a fixed lot
    PRIMARY KEY (home, run, lot)
){STRICT};

-- draw_exclusion: how many entities were left out of the pool, by reason (the list is a block file).
CREATE TABLE draw_exclusion (
    home   {I8} NOT NULL,                      -- draw
    run    {I8} NOT NULL,                      -- draw.frame_run
    reason {I8} NOT NULL,                      -- enum ceremony_exclusion
    entities {I8} NOT NULL,
    PRIMARY KEY (home, run, reason)
){STRICT};

-- draw_result: the lines of result.tsv, for paging and for replacements.
CREATE TABLE draw_result (
    home   {I8} NOT NULL,                      -- draw
    run    {I8} NOT NULL,                      -- draw.result_run
    lot    TEXT NOT NULL,
    rank   {I8} NOT NULL,                      -- from 1
    status TEXT NOT NULL CHECK (status IN ('A', 'S', 'R')), -- take-all, selected, reserve
    code   TEXT NOT NULL,                      -- entity's id in the draw
    p31    {I8} NOT NULL,                      -- inclusion probability, units of 2^-31
    u      {I8} NOT NULL,                      -- ticket number, below 2^63
    k      TEXT NOT NULL,                      -- key, decimal below 2^125
    PRIMARY KEY (home, run, lot, rank)
){STRICT};
CREATE INDEX draw_result_code ON draw_result (home, run, code);

-- draw_place: the lines of assign.tsv: a place of the team that visits a target for a department.
CREATE TABLE draw_place (
    home      {I8} NOT NULL,                   -- draw
    run       {I8} NOT NULL,                   -- draw.result_run
    pos       {I8} NOT NULL,                   -- line of assign.tsv, from 0
    code      TEXT NOT NULL,                   -- target
    dept      TEXT NOT NULL,
    qual      TEXT NOT NULL,                   -- or '-'
    inspector TEXT NOT NULL,                   -- staff number, or '~' nobody
    PRIMARY KEY (home, run, pos)
){STRICT};
CREATE INDEX draw_place_code ON draw_place (home, run, code, pos);

-- draw_change: replacements after the draw; also the lines of events.tsv, in order.
CREATE TABLE draw_change (
    home     {I8} NOT NULL,                    -- draw
    seq      {I8} NOT NULL,                    -- from 1
    at       {I8} NOT NULL,                    -- Unix ms
    kind     TEXT NOT NULL,                    -- target, inspector
    lot      TEXT NOT NULL,                    -- target: lot; inspector: '-'
    code     TEXT NOT NULL,                    -- entity that leaves, or whose team changes
    dept     TEXT NOT NULL,                    -- inspector: department; target: '-'
    leaves   TEXT NOT NULL,                    -- what was replaced: entity code or staff number
    enters   TEXT NOT NULL,                    -- by what
    reason   TEXT NOT NULL,
    evidence TEXT,                             -- 64 hex of a document; NULL = none
    line     TEXT NOT NULL,                    -- the line of events.tsv, without LF
    PRIMARY KEY (home, seq)
){STRICT};

-- draw_certain: entities that a plan names as mandatory; another draw running at the same time
-- leaves them out.
CREATE TABLE draw_certain (
    home {I8} NOT NULL,                        -- draw
    code TEXT NOT NULL,
    lot  TEXT NOT NULL,
    PRIMARY KEY (home, code, lot)
){STRICT};

-- draw_visit: a planned visit that a draw ordered. Counts while its draw is not void and it was not
-- replaced: for the yearly cap (entity, place, year) and for the duty to visit within a time.
-- Keyed by the draw: written and withdrawn with it.
CREATE TABLE draw_visit (
    home         {I8} NOT NULL,                -- draw
    run          {I8} NOT NULL,                -- draw.result_run
    lot          TEXT NOT NULL,
    code         TEXT NOT NULL,                -- entity's id in the draw
    item         TEXT NOT NULL,                -- inspection item, '-' none
    premises_key {I8} NOT NULL,                -- place of business; 0 = no address
    visit_on     {I8} NOT NULL,                -- day of the draw, yyyymmdd
    replaced     {I8} NOT NULL DEFAULT 0 CHECK (replaced IN (0, 1)),
    PRIMARY KEY (home, run, lot, code)
){STRICT};
CREATE INDEX draw_visit_on ON draw_visit (visit_on, code);

-- draw_memory: the memory rule's state (specification 4.10) that a freeze left for an entity and
-- item. The newest of a cycle from a draw that took effect counts.
CREATE TABLE draw_memory (
    home  {I8} NOT NULL,                       -- draw
    run   {I8} NOT NULL,                       -- draw.frame_run
    item  TEXT NOT NULL,
    cycle {I8} NOT NULL,                       -- first day of the cycle, yyyymmdd
    code  TEXT NOT NULL,                       -- entity's id in the draw
    c31   {I8} NOT NULL,                       -- cumulative probability, units of 2^-31
    PRIMARY KEY (home, run, item, code)
){STRICT};
CREATE INDEX draw_memory_item ON draw_memory (item, cycle, code, home);

-- draw_event: who did what and when, in order. Append-only.
CREATE TABLE draw_event (
    home    {I8} NOT NULL,                     -- draw
    seq     {I8} NOT NULL,                     -- from 1
    at      {I8} NOT NULL,                     -- Unix ms
    step    {I8} NOT NULL,                     -- enum ceremony_step
    account {I8} NOT NULL,                     -- who; 0 = console
    shown   TEXT NOT NULL,                     -- the name a person read then
    dept    TEXT,                              -- department acted for; NULL = none
    part    {I8} NOT NULL,                     -- 0 none, 1 operated the draw, 2 witnessed it
    what    TEXT NOT NULL,                     -- one line
    hex     TEXT,                              -- what was hashed; NULL = nothing
    log_seq {I8} NOT NULL,                     -- log_entry.seq; -1 = not in the log
    op      TEXT,                              -- operation key of the request; NULL = none
    PRIMARY KEY (home, seq)
){STRICT};

-- account: a person (or program) that may sign in. Class H: home = id.
CREATE TABLE account (
    home            {I8} NOT NULL,             -- the account itself
    id              {I8} NOT NULL,             -- record id
    name            TEXT NOT NULL,             -- sign-in name, a-z 0-9 . _ -
    shown           TEXT NOT NULL,             -- what a person reads
    password        TEXT NOT NULL,             -- argon2id, as crypto_pwhash_str writes it
    roles           {I8} NOT NULL,             -- mask of 1 << enum role (src/kernel/access.h)
    dept            TEXT,                      -- department code; NULL = none
    region          TEXT,                      -- prefix of region codes; NULL = all
    status          {I8} NOT NULL,             -- 1 active, 2 closed
    fails           {I8} NOT NULL DEFAULT 0,   -- failed sign-ins in a row
    locked_until_at {I8} NOT NULL DEFAULT 0,   -- Unix ms; 0 = not locked
    last_sign_in_at {I8} NOT NULL DEFAULT 0,   -- Unix ms; 0 = never
    created_at      {I8} NOT NULL,             -- Unix ms
    created_by      {I8} NOT NULL,             -- account id; 0 = console
    PRIMARY KEY (home, id)
){STRICT};

-- account_key: sign-in name -> account. Class K: unique, never reused.
CREATE TABLE account_key (
    name TEXT NOT NULL,                        -- as in account.name
    home {I8} NOT NULL,                        -- account id
    PRIMARY KEY (name)
){STRICT};

-- session: one browser signed in. Class K by the digest of its token.
CREATE TABLE session (
    digest     TEXT NOT NULL,                  -- SHA-256 of the token, lower hex; the token is not kept
    account    {I8} NOT NULL,                  -- account id
    created_at {I8} NOT NULL,                  -- Unix ms
    seen_at    {I8} NOT NULL,                  -- last use, Unix ms, at most a minute old
    PRIMARY KEY (digest)
){STRICT};
CREATE INDEX session_account ON session (account);

-- token: an API token. Class K by its digest.
CREATE TABLE token (
    digest     TEXT NOT NULL,                  -- SHA-256 of the token, lower hex
    account    {I8} NOT NULL,                  -- account id
    label      TEXT NOT NULL,                  -- what it is for
    roles      {I8} NOT NULL,                  -- mask; never more than the account's
    created_at {I8} NOT NULL,                  -- Unix ms
    ends_at    {I8} NOT NULL,                  -- Unix ms
    PRIMARY KEY (digest)
){STRICT};

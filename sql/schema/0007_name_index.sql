-- name_gram: the name index. A document is a current name (its number: entity.home) or a former name
-- or alias (its number: minus entity_name.id); its words are the overlapping pairs of characters of
-- name_key, a space between. SQLite keeps the words alone, without the text, so whoever deletes must
-- give the old words again. The store does not move it between databases: search_rebuild makes it anew.
-- sqlite: CREATE VIRTUAL TABLE name_gram USING fts5(gram, content='', detail=none, columnsize=0, tokenize='ascii');
-- postgres: CREATE TABLE name_gram (rowid BIGINT PRIMARY KEY NOT NULL, gram TEXT NOT NULL);
-- postgres: CREATE INDEX name_gram_words ON name_gram USING gin (string_to_array(gram, ' '));

-- A draw's population and every list are read in the order of codes.
CREATE UNIQUE INDEX entity_code ON entity (code);

-- Lists and counts by place, kind and state read this index alone; it stands for entity_region too.
CREATE INDEX entity_facets ON entity (region, industry, class, status, code, home);
DROP INDEX entity_region;

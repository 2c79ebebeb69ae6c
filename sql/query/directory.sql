-- name: dept_put {code text, name text, level int, region text, parent text?, field text} :exec
INSERT INTO dept (code, name, level, region, parent, field) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, region = excluded.region, parent = excluded.parent, field = excluded.field;

-- name: dept_all () :many (code text, name text, level int, region text, parent text?, field text)
SELECT code, name, level, region, parent, field FROM dept ORDER BY code;

-- name: dept_by_code (code text) :maybe (code text, name text, level int, region text, parent text?, field text)
SELECT code, name, level, region, parent, field FROM dept WHERE code = $1;

-- name: inspector_home (staff_no text) :maybe (home int)
SELECT home FROM inspector_key WHERE staff_no = $1;

-- name: inspector_key_insert (staff_no text, home int) :exec
INSERT INTO inspector_key (staff_no, home) VALUES ($1, $2);

-- name: inspector_put {home int, staff_no text, name text, dept text, kind int, regions text, quals text?, cert_no text, cert_valid_to_on int, cap int, load int, status int} :exec
INSERT INTO inspector (home, staff_no, name, dept, kind, regions, quals, cert_no, cert_valid_to_on, cap, load, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (home) DO UPDATE SET name = excluded.name, dept = excluded.dept, kind = excluded.kind, regions = excluded.regions, quals = excluded.quals, cert_no = excluded.cert_no, cert_valid_to_on = excluded.cert_valid_to_on, cap = excluded.cap, load = excluded.load, status = excluded.status;

-- name: inspector_by_home (home int) :maybe (home int, staff_no text, name text, dept text, kind int, regions text, quals text?, cert_no text, cert_valid_to_on int, cap int, load int, status int)
SELECT home, staff_no, name, dept, kind, regions, quals, cert_no, cert_valid_to_on, cap, load, status
FROM inspector WHERE home = $1;

-- A page of all inspectors.
-- name: inspector_page (after text, most int) :many (home int, staff_no text, name text, dept text, kind int, regions text, quals text?, cert_no text, cert_valid_to_on int, cap int, load int, status int)
SELECT i.home, i.staff_no, i.name, i.dept, i.kind, i.regions, i.quals, i.cert_no, i.cert_valid_to_on, i.cap, i.load, i.status
FROM inspector_key k JOIN inspector i ON i.home = k.home WHERE k.staff_no > $1 ORDER BY k.staff_no LIMIT $2;

-- name: inspector_page_of (dept text, after text, most int) :many (home int, staff_no text, name text, dept text, kind int, regions text, quals text?, cert_no text, cert_valid_to_on int, cap int, load int, status int)
SELECT home, staff_no, name, dept, kind, regions, quals, cert_no, cert_valid_to_on, cap, load, status
FROM inspector WHERE dept = $1 AND staff_no > $2 ORDER BY staff_no LIMIT $3;

-- Who may be drawn on a day.
-- name: inspector_good (dept text, valid int, on_day int) :each (home int, staff_no text, name text, dept text, kind int, regions text, quals text?, cert_no text, cert_valid_to_on int, cap int, load int, status int)
SELECT home, staff_no, name, dept, kind, regions, quals, cert_no, cert_valid_to_on, cap, load, status
FROM inspector WHERE dept = $1 AND status = $2 AND cert_valid_to_on >= $3 ORDER BY staff_no;

-- name: inspector_count_all () :one (inspectors int)
SELECT COUNT(*) AS inspectors FROM inspector;

-- name: inspector_count_of (dept text) :one (inspectors int)
SELECT COUNT(*) AS inspectors FROM inspector WHERE dept = $1;

-- name: inspector_load (home int, places int) :exec
UPDATE inspector SET load = CASE WHEN load + $2 < 0 THEN 0 ELSE load + $2 END WHERE home = $1;

-- name: interest_insert {home int, id int, entity int, kind int, from_on int, to_on int?, note text?} :exec
INSERT INTO interest (home, id, entity, kind, from_on, to_on, note) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: interest_end (home int, id int, to_on int) :exec
-- An end is set or brought forward, never put off.
UPDATE interest SET to_on = $3 WHERE home = $1 AND id = $2 AND (to_on IS NULL OR to_on > $3);

-- name: interest_of (home int) :many (home int, id int, entity int, staff_no text, code text, kind int, from_on int, to_on int?, note text?)
SELECT t.home, t.id, t.entity, i.staff_no, e.code, t.kind, t.from_on, t.to_on, t.note
FROM interest t JOIN inspector i ON i.home = t.home JOIN entity e ON e.home = t.entity
WHERE t.home = $1 ORDER BY t.id;

-- name: interest_in_force (dept text, on_day int) :each (home int, id int, entity int, staff_no text, code text, kind int, from_on int, to_on int?, note text?)
SELECT t.home, t.id, t.entity, i.staff_no, e.code, t.kind, t.from_on, t.to_on, t.note
FROM inspector i JOIN interest t ON t.home = i.home JOIN entity e ON e.home = t.entity
WHERE i.dept = $1 AND t.from_on <= $2 AND (t.to_on IS NULL OR t.to_on >= $2)
ORDER BY i.staff_no, e.code, t.id;

-- The newest version of each item among those that began by a day; it may have ended since.
-- name: item_newest (on_day int) :many (code text, version int, category text, name text, name_en text?, objects text, kind int, list int, methods text, field text, levels text, basis text, ratio_floor_ppm int, ratio_cap_ppm int, yearly_cap int, quals text?, classes int, industries text?, valid_from_on int, valid_to_on int)
SELECT code, version, category, name, name_en, objects, kind, list, methods, field, levels, basis, ratio_floor_ppm, ratio_cap_ppm, yearly_cap, quals, classes, industries, valid_from_on, valid_to_on
FROM item WHERE version = (SELECT MAX(o.version) FROM item o WHERE o.code = item.code AND o.valid_from_on <= $1)
ORDER BY code;

-- name: item_insert {code text, version int, category text, name text, name_en text?, objects text, kind int, list int, methods text, field text, levels text, basis text, ratio_floor_ppm int, ratio_cap_ppm int, yearly_cap int, quals text?, classes int, industries text?, valid_from_on int, valid_to_on int} :exec
INSERT INTO item (code, version, category, name, name_en, objects, kind, list, methods, field, levels, basis, ratio_floor_ppm, ratio_cap_ppm, yearly_cap, quals, classes, industries, valid_from_on, valid_to_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);

-- Whether a sequence has fallen behind the column that it numbers, as after rows were loaded with their ids: then its next
-- value is there already, and an INSERT fails. One row, one JSON value.
SELECT coalesce(
  string_agg(format(
    'SELECT %L AS name, (SELECT max(%I) FROM %s) >= (SELECT last_value + is_called::int FROM %s) AS behind',
    n.nspname || '.' || t.relname || '.' || a.attname, a.attname, t.oid::regclass, s.oid::regclass), ' UNION ALL '),
  'SELECT NULL AS name, NULL AS behind WHERE false') AS sequences
FROM pg_depend d
JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
\gset
SELECT coalesce(json_object_agg(name, coalesce(behind, false) ORDER BY name), '{}') FROM (:sequences) AS numbered;

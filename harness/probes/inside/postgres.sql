-- What a PostgreSQL database is: its server, its settings that change answers, and its schema as the catalogue has it.
-- Owners are left out: they are named after whoever deployed it. One row, one JSON value.
WITH here AS (
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
), relations AS (
  SELECT c.oid, here.nspname || '.' || c.relname AS name, c.relkind FROM pg_class c JOIN here ON here.oid = c.relnamespace
)
SELECT json_build_object(
  'server', (
    SELECT json_build_object(
      'version', current_setting('server_version_num')::int / 10000,
      'fullVersion', split_part(current_setting('server_version'), ' ', 1),
      'encoding', pg_encoding_to_char(d.encoding), 'collation', d.datcollate, 'ctype', d.datctype,
      'localeProvider', coalesce(to_json(d) ->> 'datlocprovider', 'c'),  -- a column since PostgreSQL 15
      'timeZone', current_setting('TimeZone'), 'dateStyle', current_setting('DateStyle'),
      'maxConnections', current_setting('max_connections')::int,
      'reservedConnections', current_setting('superuser_reserved_connections')::int, 'connectionLimit', d.datconnlimit,
      'isolation', current_setting('default_transaction_isolation'),
      'statementTimeout', current_setting('statement_timeout'), 'lockTimeout', current_setting('lock_timeout'),
      'searchPath', current_setting('search_path'))
    FROM pg_database d WHERE d.datname = current_database()),
  'user', (
    SELECT json_build_object(
      'superuser', rolsuper, 'mayCreateDatabases', rolcreatedb, 'mayCreateRoles', rolcreaterole,
      'connectionLimit', rolconnlimit)
    FROM pg_roles WHERE rolname = current_user),
  'extensions', (
    SELECT coalesce(json_object_agg(extname, json_build_object('version', extversion) ORDER BY extname), '{}')
    FROM pg_extension),
  'columns', (
    SELECT coalesce(json_object_agg(name, columns ORDER BY name), '{}') FROM (
      SELECT r.name, json_object_agg(a.attname, json_strip_nulls(json_build_object(
        'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull,
        'default', pg_get_expr(d.adbin, d.adrelid), 'identity', nullif(a.attidentity::text, ''),
        'generated', nullif(a.attgenerated::text, ''))) ORDER BY a.attname) AS columns
      FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
      WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f') GROUP BY r.name) AS tables),
  'views', (
    SELECT coalesce(json_object_agg(name, json_build_object('definition', pg_get_viewdef(oid)) ORDER BY name), '{}')
    FROM relations WHERE relkind IN ('v', 'm')),
  'indexes', (
    SELECT coalesce(json_object_agg(
      schemaname || '.' || indexname, json_build_object('definition', indexdef) ORDER BY schemaname, indexname), '{}')
    FROM pg_indexes WHERE schemaname IN (SELECT nspname FROM here)),
  'constraints', (
    SELECT coalesce(json_object_agg(
      r.name || ' ' || k.conname, json_build_object('definition', pg_get_constraintdef(k.oid)) ORDER BY r.name, k.conname), '{}')
    -- Since PostgreSQL 18 NOT NULL is a constraint too; columns say so already.
    FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype <> 'n'),
  'sequences', (
    SELECT coalesce(json_object_agg(
      r.name, json_build_object('type', format_type(s.seqtypid, NULL), 'increment', s.seqincrement, 'start', s.seqstart)
      ORDER BY r.name), '{}')
    FROM pg_sequence s JOIN relations r ON r.oid = s.seqrelid)
);

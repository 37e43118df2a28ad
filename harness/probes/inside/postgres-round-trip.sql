-- Text that is not ASCII and a moment, there and back through a table of this session alone. One row, one JSON value.
SET client_encoding = 'UTF8';
BEGIN;
CREATE TEMPORARY TABLE parity_round_trip (word text, moment timestamptz) ON COMMIT DROP;
INSERT INTO parity_round_trip
SELECT word, '2026-07-01T12:00:00Z' FROM unnest(ARRAY['Zoë', 'übrig', 'Übergabe', 'abend', 'øl', '廃棄物', '🛢']) AS word;
SELECT json_build_object(
  'words', json_agg(word ORDER BY word), 'characters', sum(char_length(word)), 'inUpperCase', upper(string_agg(word, ' ')),
  'foundInAnyCase', count(*) FILTER (WHERE word ILIKE 'ü%'),
  'noon', min(to_char(moment, 'YYYY-MM-DD HH24:MI')))
FROM parity_round_trip;
ROLLBACK;

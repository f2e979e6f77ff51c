import { type SqlMigration, tenantTable } from '@parlance/platform';

/** Every text of a body; strict, because the lax mode finds what is in a list twice. */
const TEXTS = 'strict $.** ? (@.type() == "object").keyvalue() ? (@.key == "text").value';

/**
 * What an item is found by, all in one vector: the words of its title and of what a learner reads,
 * and a lexeme for the institution and for each tag. One index then answers any mixture of them.
 * The words stay as they are: teachers of English look for "went" and "would", which a stemmer
 * changes or leaves out. $1 are ids of items; null is all of them.
 */
export const REFRESH_ITEM_SEARCH = `
INSERT INTO item_search (institution_id, item_id, document)
SELECT item.institution_id, item.id,
  setweight(to_tsvector('simple', item.title || ' ' || item.identifier), 'A')
  || coalesce(jsonb_to_tsvector('simple',
       jsonb_path_query_array(latest.delivery, '${TEXTS}'), '["string"]'), '')
  || array_to_tsvector(array_remove(ARRAY[
       'institution:' || item.institution_id, 'status:' || item.status, 'type:' || item.type,
       'level:' || item.cefr_level, 'author:' || item.author_id,
       CASE WHEN EXISTS (
         SELECT 1 FROM item_use WHERE item_use.institution_id = item.institution_id
           AND item_use.item_id = item.id) THEN 'used:yes' ELSE 'used:no' END]
       || (SELECT array_agg('skill:' || skill) FROM unnest(item.skills) AS skill)
       || (SELECT array_agg('topic:' || topic) FROM unnest(item.topics) AS topic)
       || (SELECT array_agg('can-do:' || can_do) FROM unnest(item.can_do) AS can_do), NULL))
FROM item LEFT JOIN item_version latest
  ON latest.institution_id = item.institution_id AND latest.id = item.latest_version_id
WHERE $1::uuid[] IS NULL OR item.id = ANY($1)
ON CONFLICT (institution_id, item_id) DO UPDATE SET document = EXCLUDED.document`;

/** The migration's own role is bound by row-level security too, but for this one statement. */
const unforced = (tables: string[], statement: string) => [
  ...tables.map((table) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`),
  statement,
  ...tables.map((table) => `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`),
];

/** Which item is where: tags and their words, use in tests, search. */
export const itemSearch: SqlMigration = {
  name: 'ItemSearch1795000000004',
  up: [
    `CREATE TABLE tag (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       kind text NOT NULL CHECK (kind IN ('topic', 'can-do')),
       word text COLLATE "C" NOT NULL CHECK (length(word) BETWEEN 1 AND 200),
       PRIMARY KEY (institution_id, kind, word))`,
    ...tenantTable('tag', 'SELECT, INSERT'),
    // One row for each time an item version came into a version of a test: the exposure ledger.
    `CREATE TABLE item_use (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       item_id uuid NOT NULL,
       item_version_id uuid NOT NULL,
       test_id uuid NOT NULL,
       test_version_id uuid NOT NULL,
       used_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (institution_id, item_id, test_version_id, item_version_id),
       FOREIGN KEY (institution_id, item_version_id) REFERENCES item_version,
       FOREIGN KEY (institution_id, test_version_id) REFERENCES test_version)`,
    `CREATE INDEX item_use_test ON item_use (institution_id, test_id)`,
    ...tenantTable('item_use', 'SELECT, INSERT'),
    `CREATE TABLE item_search (
       institution_id uuid NOT NULL DEFAULT app_institution(),
       item_id uuid NOT NULL,
       document tsvector NOT NULL,
       PRIMARY KEY (institution_id, item_id),
       FOREIGN KEY (institution_id, item_id) REFERENCES item)`,
    ...unforced(
      ['item', 'item_version'],
      `UPDATE item SET type = coalesce(latest.delivery #>> '{interactions,0,kind}', '')
       FROM item_version latest WHERE latest.institution_id = item.institution_id
         AND latest.id = item.latest_version_id`,
    ),
    ...unforced(
      ['item_version', 'test_version', 'item_use'],
      `INSERT INTO item_use (institution_id, item_id, item_version_id, test_id, test_version_id,
                             used_at)
       SELECT DISTINCT used.institution_id, used.item_id, used.id, test_version.test_id,
              test_version.id, test_version.created_at
       FROM test_version, jsonb_path_query(structure, '$.**.itemVersionId') AS pinned
       JOIN item_version used ON used.id = (pinned #>> '{}')::uuid
       WHERE used.institution_id = test_version.institution_id`,
    ),
    ...unforced(['item', 'item_version', 'item_use'], REFRESH_ITEM_SEARCH.replaceAll('$1', 'NULL')),
    `CREATE INDEX item_search_document ON item_search USING gin (document)`,
    ...tenantTable('item_search', 'SELECT, INSERT, UPDATE'),
    // Row-level security keeps an operator that is not leakproof, as @@ is none, from using an
    // index. So the owner looks, whom this policy lets, for the institution of the transaction.
    `CREATE POLICY owner_searches ON item_search FOR SELECT TO CURRENT_USER USING (true)`,
    `CREATE FUNCTION item_ids_matching(wanted tsquery, after uuid, most integer)
       RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
     AS $$
       WITH found AS MATERIALIZED (
         SELECT institution_id, item_id FROM item_search
         WHERE document @@ (wanted && format('%L', 'institution:' || app_institution())::tsquery))
       SELECT item_id FROM found
       WHERE institution_id = app_institution() AND (after IS NULL OR item_id > after)
       ORDER BY item_id LIMIT most
     $$`,
    `REVOKE ALL ON FUNCTION item_ids_matching FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION item_ids_matching TO :app_role`,
  ],
  down: [
    `DROP FUNCTION item_ids_matching`,
    `DROP TABLE item_search`,
    `DROP TABLE item_use`,
    `DROP TABLE tag`,
  ],
};

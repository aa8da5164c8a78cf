import type { Pool, PoolClient } from 'pg'

const schema = `
CREATE TABLE IF NOT EXISTS archived_runs (
  key bigint PRIMARY KEY, uid text NOT NULL UNIQUE, namespace text NOT NULL, name text NOT NULL,
  phase text NOT NULL, template text NOT NULL, created bigint NOT NULL, started bigint NOT NULL,
  finished bigint NOT NULL, duration bigint NOT NULL, deleted int NOT NULL
);
ALTER TABLE archived_runs ADD COLUMN IF NOT EXISTS instance text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS runs_by_namespace ON archived_runs (namespace, key);
CREATE INDEX IF NOT EXISTS runs_by_name ON archived_runs (name, key);
CREATE INDEX IF NOT EXISTS runs_by_phase ON archived_runs (phase, key);
CREATE INDEX IF NOT EXISTS runs_by_template ON archived_runs (template, key);
CREATE INDEX IF NOT EXISTS runs_by_finished ON archived_runs (finished);
CREATE INDEX IF NOT EXISTS runs_by_duration ON archived_runs (duration);
CREATE INDEX IF NOT EXISTS runs_there ON archived_runs (uid) WHERE deleted = 0;
CREATE TABLE IF NOT EXISTS archived_documents (
  key bigint PRIMARY KEY REFERENCES archived_runs (key) ON DELETE CASCADE,
  message text NOT NULL, said text NOT NULL, summary text NOT NULL, workflow bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS archived_labels (
  name text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL,
  key bigint NOT NULL REFERENCES archived_runs (key) ON DELETE CASCADE, folded text, number float8
);
CREATE INDEX IF NOT EXISTS labels_by_value ON archived_labels (name, value, key);
CREATE INDEX IF NOT EXISTS labels_by_key ON archived_labels (key, name);
CREATE TABLE IF NOT EXISTS archived_parameters (
  name text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL,
  key bigint NOT NULL REFERENCES archived_runs (key) ON DELETE CASCADE, folded text, number float8
);
CREATE INDEX IF NOT EXISTS parameters_by_name ON archived_parameters (name, md5(value), key);
CREATE INDEX IF NOT EXISTS parameters_by_key ON archived_parameters (key, name);
`

/**
 * How many runs there are of each phase, kept by the database with every change; a counter is made with its first run.
 * What was there before is counted once, when nobody else writes.
 */
const counters = `
BEGIN;
LOCK TABLE archived_runs IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE archived_counts (
  instance text NOT NULL, namespace text NOT NULL, phase text NOT NULL, runs bigint NOT NULL,
  PRIMARY KEY (instance, namespace, phase)
);
CREATE OR REPLACE FUNCTION archived_runs_are_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO archived_counts AS c
    SELECT instance, namespace, phase, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
    FROM changed GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (instance, namespace, phase) DO UPDATE SET runs = c.runs + excluded.runs;
  RETURN NULL;
END $$;
CREATE TRIGGER runs_are_counted AFTER INSERT ON archived_runs
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION archived_runs_are_counted();
CREATE TRIGGER runs_are_not_counted AFTER DELETE ON archived_runs
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION archived_runs_are_counted();
UPDATE archived_runs r SET instance = l.value FROM archived_labels l
  WHERE l.key = r.key AND l.name = 'workflows.argoproj.io/controller-instanceid';
INSERT INTO archived_counts SELECT instance, namespace, phase, count(*) FROM archived_runs GROUP BY 1, 2, 3;
COMMIT;
`

const words = `
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX IF NOT EXISTS documents_by_word ON archived_documents USING gin (said gin_trgm_ops);
CREATE INDEX IF NOT EXISTS documents_by_message ON archived_documents USING gin (message gin_trgm_ops);
`

/** The driver is loaded by whoever has such an archive. */
export async function openPool(url: string, log: (line: string) => void): Promise<Pool> {
  const { Pool } = (await import('pg')).default
  const pool = new Pool({
    connectionString: url,
    max: 8,
    application_name: 'argosy',
    connectionTimeoutMillis: 10_000,
  })
  // A connection that breaks while nobody uses it is made anew when it is needed.
  pool.on('error', (error) => log(`archive: a connection was lost: ${error.message}`))
  return pool
}

/** Makes the tables; several servers may start at once. */
export async function preparePostgres(pool: Pool, log: (line: string) => void): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock(1634887535)')
    await client.query(schema)
    if (!(await hasCounters(client))) await client.query(counters)
    await withWords(client, log)
  } finally {
    await client.query('SELECT pg_advisory_unlock(1634887535)').catch(() => undefined)
    client.release()
  }
}

async function hasCounters(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('archived_counts') IS NOT NULL AS there",
  )
  return rows[0]?.there ?? false
}

async function withWords(client: PoolClient, log: (line: string) => void): Promise<void> {
  try {
    await client.query(words)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log(`archive: texts are searched without an index: the database has no pg_trgm for us (${why})`)
  }
}

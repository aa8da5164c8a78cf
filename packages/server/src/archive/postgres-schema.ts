import type { Pool, PoolClient } from 'pg'

const schema = `
CREATE TABLE IF NOT EXISTS archived_runs (
  key bigint PRIMARY KEY, uid text NOT NULL UNIQUE, namespace text NOT NULL, name text NOT NULL,
  phase text NOT NULL, template text NOT NULL, created bigint NOT NULL, started bigint NOT NULL,
  finished bigint NOT NULL, duration bigint NOT NULL, deleted int NOT NULL
);
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
    await withWords(client, log)
  } finally {
    await client.query('SELECT pg_advisory_unlock(1634887535)').catch(() => undefined)
    client.release()
  }
}

async function withWords(client: PoolClient, log: (line: string) => void): Promise<void> {
  try {
    await client.query(words)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log(`archive: texts are searched without an index: the database has no pg_trgm for us (${why})`)
  }
}

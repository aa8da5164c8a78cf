import type { DatabaseSync } from 'node:sqlite'

const schema = `
CREATE TABLE IF NOT EXISTS archived_runs (
  key INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, namespace TEXT NOT NULL, name TEXT NOT NULL,
  phase TEXT NOT NULL, template TEXT NOT NULL, created INTEGER NOT NULL, started INTEGER NOT NULL,
  finished INTEGER NOT NULL, duration INTEGER NOT NULL, deleted INTEGER NOT NULL,
  instance TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS runs_by_namespace ON archived_runs (namespace);
CREATE INDEX IF NOT EXISTS runs_by_name ON archived_runs (name);
CREATE INDEX IF NOT EXISTS runs_by_phase ON archived_runs (phase);
CREATE INDEX IF NOT EXISTS runs_by_template ON archived_runs (template);
CREATE INDEX IF NOT EXISTS runs_by_finished ON archived_runs (finished);
CREATE INDEX IF NOT EXISTS runs_by_duration ON archived_runs (duration);
CREATE INDEX IF NOT EXISTS runs_there ON archived_runs (uid) WHERE deleted = 0;
CREATE TABLE IF NOT EXISTS archived_documents (
  key INTEGER PRIMARY KEY, message TEXT NOT NULL, said TEXT NOT NULL, summary TEXT NOT NULL, workflow BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS archived_labels (
  name TEXT NOT NULL, value TEXT NOT NULL, key INTEGER NOT NULL, folded TEXT, number REAL,
  PRIMARY KEY (name, value, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS labels_by_key ON archived_labels (key, name);
CREATE TABLE IF NOT EXISTS archived_parameters (
  name TEXT NOT NULL, value TEXT NOT NULL, key INTEGER NOT NULL, folded TEXT, number REAL,
  PRIMARY KEY (name, value, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parameters_by_key ON archived_parameters (key, name);
CREATE INDEX IF NOT EXISTS parameters_by_value ON archived_parameters (value, key);
CREATE VIRTUAL TABLE IF NOT EXISTS archived_words USING fts5 (
  said, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
);
PRAGMA user_version = 3;
`

/** How many runs there are of each phase, without looking at them: kept by the database with every change. */
const counters = `
CREATE TABLE IF NOT EXISTS archived_counts (
  instance TEXT NOT NULL, namespace TEXT NOT NULL, phase TEXT NOT NULL, runs INTEGER NOT NULL,
  PRIMARY KEY (instance, namespace, phase)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS run_is_counted AFTER INSERT ON archived_runs BEGIN
  INSERT INTO archived_counts VALUES (new.instance, new.namespace, new.phase, 1)
    ON CONFLICT DO UPDATE SET runs = runs + 1;
END;
CREATE TRIGGER IF NOT EXISTS run_is_not_counted AFTER DELETE ON archived_runs BEGIN
  UPDATE archived_counts SET runs = runs - 1
    WHERE instance = old.instance AND namespace = old.namespace AND phase = old.phase;
END;
`

/** What versions before the third did not keep. */
const sinceThird = `
ALTER TABLE archived_runs ADD COLUMN instance TEXT NOT NULL DEFAULT '';
UPDATE archived_runs SET instance = l.value FROM archived_labels l
  WHERE l.name = 'workflows.argoproj.io/controller-instanceid' AND l.key = archived_runs.key;
${counters}
INSERT INTO archived_counts SELECT instance, namespace, phase, count(*) FROM archived_runs GROUP BY 1, 2, 3;
`

/** Makes the tables of an archive; `old`: what an older version of this program has kept is still to be taken over. */
export function prepareArchive(db: DatabaseSync): { readonly old: boolean } {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;')
  const old =
    db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'archived_workflows'").get() !== undefined
  if (old) db.exec('ALTER TABLE archived_labels RENAME TO archived_labels_old')
  const isSecond = versionOf(db) === 2
  db.exec('BEGIN IMMEDIATE')
  db.exec(isSecond ? sinceThird : '')
  db.exec(schema + counters)
  db.exec('COMMIT')
  return { old }
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
}

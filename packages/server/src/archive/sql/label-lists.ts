import { type Condition, condition } from './condition.ts'

/** The labels' names, each once; '': of all namespaces. From one to the next: there are few, and as many rows as runs. */
export function labelNames(namespace: string): Condition {
  return condition(
    `WITH RECURSIVE names (text) AS (
       SELECT min(name) FROM archived_labels
       UNION ALL
       SELECT (SELECT min(name) FROM archived_labels WHERE name > text) FROM names WHERE text IS NOT NULL
     )
     SELECT text FROM names WHERE text IS NOT NULL AND (? = '' OR EXISTS (
       SELECT 1 FROM archived_labels l JOIN archived_runs w ON w.key = l.key
       WHERE l.name = text AND w.namespace = ?))`,
    namespace,
    namespace,
  )
}

/** What a label has been, each once. */
export function labelTexts(name: string, namespace: string): Condition {
  return condition(
    `WITH RECURSIVE texts (text) AS (
       SELECT min(value) FROM archived_labels WHERE name = ?
       UNION ALL
       SELECT (SELECT min(value) FROM archived_labels WHERE name = ? AND value > text)
       FROM texts WHERE text IS NOT NULL
     )
     SELECT text FROM texts WHERE text IS NOT NULL AND (? = '' OR EXISTS (
       SELECT 1 FROM archived_labels l JOIN archived_runs w ON w.key = l.key
       WHERE l.name = ? AND l.value = text AND w.namespace = ?))`,
    ...[name, name, namespace, name, namespace],
  )
}

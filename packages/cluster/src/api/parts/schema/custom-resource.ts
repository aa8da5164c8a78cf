import type { JsonObject } from '@argosy/engine'
import { withDefaults } from './defaults.ts'
import type { Flaw } from './flaw.ts'
import type { JsonSchema } from './json-schema.ts'
import { prune } from './prune.ts'
import { schemaFlaws } from './validate.ts'

/** A custom resource as it is stored, and what is to be said of how it came. */
export interface Conformed {
  readonly object: JsonObject
  /** Fields that the schema does not know, which are left out: `spec.a.b`. */
  readonly unknown: readonly string[]
  /** Not to be stored when there are any. */
  readonly flaws: readonly Flaw[]
}

/** Prunes, completes and checks a custom resource by the schema of its version. */
export function conform(object: JsonObject, schema: JsonSchema): Conformed {
  const pruned = prune(object, schema)
  const complete = withDefaults(pruned.object, schema)
  return { object: complete, unknown: pruned.unknown, flaws: schemaFlaws(complete, schema) }
}

/** The words of a strict `fieldValidation`, for a BadRequest; those of `Warn` are its parts, one warning each. */
export function strictText(unknown: readonly string[], duplicate: readonly string[] = []): string {
  return `strict decoding error: ${strictWarnings(unknown, duplicate).join(', ')}`
}

export function strictWarnings(
  unknown: readonly string[],
  duplicate: readonly string[] = [],
): readonly string[] {
  const of = (word: string) => (path: string) => `${word} field ${JSON.stringify(path)}`
  return [...duplicate.map(of('duplicate')), ...unknown.map(of('unknown'))]
}

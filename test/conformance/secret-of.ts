import type { JsonObject } from '../../packages/engine/src/index.ts'

/** A Secret of ours under a name that an example asks for. */
export function secretOf(name: string, words: Readonly<Record<string, string>>): JsonObject {
  const data = Object.fromEntries(Object.entries(words).map(([key, word]) => [key, btoa(word)]))
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data }
}

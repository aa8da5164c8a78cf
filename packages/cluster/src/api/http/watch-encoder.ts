import type { KubeObject } from '@argosy/engine'
import type { ResourceCall } from './call.ts'
import { formOf } from './negotiate.ts'
import { rowsFor } from './present.ts'
import { partial, tableOf } from './table.ts'
import { apiVersionAt, inVersion } from './versions.ts'
import type { World } from './world.ts'

/** Writes the events of one watch, each ended by a newline. */
export interface Encoder {
  event(type: string, object: KubeObject): string
  /** `isEnd`: what was there when the watch began has been said. */
  bookmark(revision: number, isEnd: boolean): string
}

export function encoderFor(call: ResourceCall, world: World): Encoder {
  const { kind, target } = call
  const show = shape(call, world)
  const isPlain =
    formOf(call.request.headers.accept) === 'object' &&
    target.version === kind.resource.version &&
    !kind.view
  return {
    event: (type, object) =>
      isPlain
        ? `{"type":"${type}","object":${textOf(object)}}\n`
        : line(type, show(inVersion(kind, target.version, object))),
    bookmark: (revision, isEnd) => {
      const metadata = {
        resourceVersion: String(revision),
        creationTimestamp: null,
        ...(isEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
      }
      const apiVersion = apiVersionAt(kind, target.version)
      const object = { kind: kind.resource.kind, apiVersion, metadata }
      return line('BOOKMARK', show(object as unknown as KubeObject, true))
    },
  }
}

type Show = (object: KubeObject, isBookmark?: boolean) => unknown

function shape(call: ResourceCall, world: World): Show {
  const form = formOf(call.request.headers.accept)
  if (form === 'object') return (object) => object
  if (form === 'metadata') return partial
  let withColumns = true
  return (object, isBookmark = false) => {
    const { resourceVersion } = object.metadata
    const rows = rowsFor(call, world)
    const table = tableOf(isBookmark ? [] : [object], { resourceVersion }, rows, withColumns)
    withColumns = false
    return table
  }
}

function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`
}

/**
 * Texts that were just written: every watcher of an object sends the same. What is committed together is written to one
 * watcher after the other, so a whole commit has to fit.
 */
const recent = new Map<KubeObject, string>()
const mostCharacters = 16 * 1024 * 1024
let characters = 0

function textOf(object: KubeObject): string {
  const known = recent.get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(object)
  recent.set(object, text)
  characters += text.length
  for (const [oldest, old] of recent) {
    if (characters <= mostCharacters && recent.size <= 4096) break
    recent.delete(oldest)
    characters -= old.length
  }
  return text
}

import type { KubeObject } from '@argosy/engine'
import type { ResourceCall } from './call.ts'
import { formOf } from './negotiate.ts'
import type { Created } from './objects.ts'
import { printerFor } from './printers.ts'
import { sendJson, sendText } from './reply.ts'
import { type Include, partial, tableOf } from './table.ts'
import { apiVersionAt, inVersion } from './versions.ts'
import type { World } from './world.ts'

export interface Page {
  readonly items: readonly KubeObject[]
  readonly resourceVersion: string
  readonly continue?: string | undefined
  readonly remainingItemCount?: number | undefined
}

/** Answers with one object, in the form that the client takes. */
export function sendObject(call: ResourceCall, world: World, object: KubeObject, code = 200): void {
  const { kind, target, request, response } = call
  const shown = inVersion(kind, target.version, object)
  const form = formOf(request.headers.accept)
  if (form === 'object') sendJson(response, code, shown)
  else if (form === 'metadata') sendJson(response, code, partial(shown))
  else {
    const { resourceVersion } = object.metadata
    sendJson(response, code, tableOf([shown], { resourceVersion }, rowsFor(call, world)))
  }
}

/** Answers with what was created: as it was written, where that is what the client takes. */
export function sendCreated(call: ResourceCall, world: World, { object, text }: Created): void {
  const { kind, target, request, response } = call
  const isTaken =
    formOf(request.headers.accept) === 'object' &&
    inVersion(kind, target.version, object) === object
  if (isTaken && text !== undefined) sendText(response, 201, text, 'application/json')
  else sendObject(call, world, object, 201)
}

/** Answers with many. */
export function sendPage(call: ResourceCall, world: World, page: Page): void {
  const { kind, target, request, response } = call
  const { version } = target
  const { items, ...metadata } = page
  const shown = items.map((object) => inVersion(kind, version, object))
  const form = formOf(request.headers.accept)
  if (form === 'table') sendJson(response, 200, tableOf(shown, metadata, rowsFor(call, world)))
  else if (form === 'metadata') {
    const list = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata }
    sendJson(response, 200, { ...list, items: shown.map(partial) })
  } else {
    const apiVersion = apiVersionAt(kind, version)
    const list = { kind: `${kind.resource.kind}List`, apiVersion, metadata }
    sendJson(response, 200, { ...list, items: shown })
  }
}

const includes: ReadonlyMap<string | null, Include> = new Map([
  ['Object', 'Object'],
  ['None', 'None'],
])

/** How this request's table is made. */
export function rowsFor({ kind, target, query }: ResourceCall, world: World) {
  return {
    printer: printerFor(kind, target.version),
    include: includes.get(query.get('includeObject')) ?? ('Metadata' as const),
    now: world.clock.now(),
  }
}

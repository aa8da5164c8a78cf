import { createHash } from 'node:crypto'
import type { JsonObject } from '@argosy/engine'
import type { Kind, Registry } from '../kinds.ts'
import { versionsOf } from './discovery.ts'
import { type Operation, operationOf, patchParameters, pathOf } from './openapi-operation.ts'
import { openApiV2 } from './openapi-v2.ts'

/** The schemas of one version of a group, by component name; kinds name theirs by `x-kubernetes-group-version-kind`. */
export type SchemasOf = (
  groupVersion: string,
  kinds: readonly Kind[],
) => Readonly<Record<string, JsonObject>>

/** The OpenAPI documents that clients ask for: made when asked, and again when a kind comes or goes. */
export class OpenApi {
  readonly #registry: Registry
  readonly #schemasOf: SchemasOf
  #generation = -1
  #texts = new Map<string, { readonly text: string; readonly hash: string }>()
  #v2: Buffer | undefined

  constructor(registry: Registry, schemasOf: SchemasOf) {
    this.#registry = registry
    this.#schemasOf = schemasOf
  }

  /** What there is, and where. */
  index() {
    const paths = this.#groupVersions().map((path) => {
      const hash = this.document(path)?.hash
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]
    })
    return { paths: Object.fromEntries(paths) }
  }

  /** The document of `api/v1` or `apis/apps/v1`. */
  document(path: string): { readonly text: string; readonly hash: string } | undefined {
    this.#refresh()
    const known = this.#texts.get(path)
    if (known) return known
    const kinds = this.#kindsAt(path)
    if (kinds.length === 0) return undefined
    const text = JSON.stringify(this.#write(path, kinds))
    const hash = createHash('sha512').update(text).digest('hex').toUpperCase()
    const made = { text, hash }
    this.#texts.set(path, made)
    return made
  }

  /** For clients before 1.29: the paths only, in gnostic's protobuf. */
  v2(): Buffer {
    this.#refresh()
    this.#v2 ??= openApiV2(
      [...this.#registry.all()].flatMap((kind) =>
        versionsOf(kind).map((version) => operationOf(kind, version)),
      ),
    )
    return this.#v2
  }

  #refresh(): void {
    if (this.#generation === this.#registry.generation) return
    this.#generation = this.#registry.generation
    this.#texts = new Map()
    this.#v2 = undefined
  }

  #groupVersions(): readonly string[] {
    const all = [...this.#registry.all()].flatMap((kind) =>
      versionsOf(kind).map((version) => pathOf(kind, version)),
    )
    return [...new Set(all)]
  }

  #kindsAt(path: string): readonly Kind[] {
    return [...this.#registry.all()].filter((kind) =>
      versionsOf(kind).some((version) => pathOf(kind, version) === path),
    )
  }

  #write(path: string, kinds: readonly Kind[]) {
    const version = path.split('/').at(-1) ?? ''
    const operations = kinds.map((kind) => operationOf(kind, version))
    return {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: 'v1.33.0' },
      paths: Object.fromEntries(operations.map((one) => [one.path, { patch: written(one) }])),
      components: { schemas: this.#schemasOf(path.replace(/^apis?\//, ''), kinds) },
    }
  }
}

function written({ id, kind }: Operation) {
  return {
    operationId: id,
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': kind,
    parameters: patchParameters.map((name) => ({
      name,
      in: 'query',
      schema: { type: 'string', uniqueItems: true },
    })),
    responses: { 200: { description: 'OK' } },
  }
}

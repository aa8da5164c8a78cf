import { createHash } from 'node:crypto'
import { schemaOf } from '../definitions/definition.ts'
import { type Kind, type Registry, servedAs } from '../kinds.ts'
import { type Described, openApiDocument, openApiPath } from '../parts/openapi/document.ts'
import { gnosticDocument } from '../parts/openapi/gnostic.ts'
import { versionsOf } from './discovery.ts'
import { kubernetesVersion } from './health.ts'

/** The OpenAPI documents that clients ask for: made when asked, and again when a kind comes or goes. */
export class OpenApi {
  readonly #registry: Registry
  #generation = -1
  #texts = new Map<string, { readonly text: string; readonly hash: string }>()
  #v2: Uint8Array | undefined

  constructor(registry: Registry) {
    this.#registry = registry
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
    const kinds = this.#described().filter(({ resource }) => openApiPath(resource) === path)
    if (kinds.length === 0) return undefined
    const text = JSON.stringify(openApiDocument(kinds, kubernetesVersion.gitVersion))
    const hash = createHash('sha512').update(text).digest('hex').toUpperCase()
    const made = { text, hash }
    this.#texts.set(path, made)
    return made
  }

  /** For clients before 1.29: the paths only, in gnostic's protobuf. */
  v2(): Uint8Array {
    this.#refresh()
    const resources = this.#described().map(({ resource }) => resource)
    this.#v2 ??= gnosticDocument(resources, kubernetesVersion.gitVersion)
    return this.#v2
  }

  #refresh(): void {
    if (this.#generation === this.#registry.generation) return
    this.#generation = this.#registry.generation
    this.#texts = new Map()
    this.#v2 = undefined
  }

  #groupVersions(): readonly string[] {
    return [...new Set(this.#described().map(({ resource }) => openApiPath(resource)))]
  }

  #described(): readonly Described[] {
    return [...this.#registry.all()].flatMap((kind) =>
      versionsOf(kind).map((version) => described(kind, version)),
    )
  }
}

function described(kind: Kind, version: string): Described {
  const resource = { ...servedAs(kind), version }
  return kind.definition ? { resource, schema: schemaOf(kind, version) ?? {} } : { resource }
}

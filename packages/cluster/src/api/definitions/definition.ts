import type { JsonObject, KubeObject } from '@argosy/engine'
import type { Kind } from '../kinds.ts'

/** A CustomResourceDefinition, as far as we read it. */
export interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string
    readonly scope: string
    readonly names: DefinitionNames
    readonly versions: readonly DefinitionVersion[]
  }
  readonly status?: {
    readonly acceptedNames?: DefinitionNames
    readonly conditions?: readonly JsonObject[]
    readonly storedVersions?: readonly string[]
  }
}

interface DefinitionNames {
  readonly kind: string
  readonly plural: string
  readonly singular?: string
  readonly listKind?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

interface DefinitionVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly schema?: { readonly openAPIV3Schema?: JsonObject }
  readonly additionalPrinterColumns?: readonly JsonObject[]
  readonly selectableFields?: readonly { readonly jsonPath: string }[]
  readonly subresources?: {
    readonly status?: JsonObject
    readonly scale?: {
      readonly specReplicasPath: string
      readonly statusReplicasPath: string
      readonly labelSelectorPath?: string
    }
  }
}

/** The collection that a definition brings. */
export function collectionIn({ spec }: Definition): string {
  return `${spec.names.plural}.${spec.group}`
}

/** What is served because of a definition; undefined when no version of it is. */
export function kindOf(definition: Definition): Kind | undefined {
  const { group, names, scope, versions } = definition.spec
  const served = versions.filter((version) => version.served).map(({ name }) => name)
  const storage = versions.find((version) => version.storage) ?? versions[0]
  if (!storage || served.length === 0) return undefined
  const { shortNames, categories, singular } = names
  const { status, scale } = storage.subresources ?? {}
  return {
    resource: {
      group,
      version: storage.name,
      kind: names.kind,
      plural: names.plural,
      namespaced: scope === 'Namespaced',
    },
    otherVersions: served.filter((name) => name !== storage.name),
    hasStatus: status !== undefined,
    generation: status === undefined ? 'content' : 'spec',
    names: 'subdomain',
    fields: Object.fromEntries((storage.selectableFields ?? []).map(selectable)),
    ...(singular && { singular }),
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(scale && {
      scale: {
        replicas: pointer(scale.specReplicasPath),
        status: pointer(scale.statusReplicasPath),
        ...(scale.labelSelectorPath && { selector: pointer(scale.labelSelectorPath) }),
      },
    }),
    definition,
  }
}

function selectable({ jsonPath }: { readonly jsonPath: string }) {
  return [jsonPath.replace(/^\./, ''), { pointer: pointer(jsonPath) }] as const
}

/** Definitions name fields by simple paths, as `.spec.replicas`. */
function pointer(path: string): string {
  return path.replaceAll('.', '/')
}

/** The schema of a custom kind under one of its versions. */
export function schemaOf(kind: Kind, version: string): JsonObject | undefined {
  const definition = kind.definition as Definition | undefined
  const found = definition?.spec.versions.find(({ name }) => name === version)
  return found?.schema?.openAPIV3Schema
}

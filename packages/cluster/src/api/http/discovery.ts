import { type Kind, type Registry, servedAs } from '../kinds.ts'
import { type Part, partsOf } from './parts.ts'
import { metricsGroup } from './resource-metrics.ts'
import { measuredResources, type Review, reviewGroups } from './reviews.table.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

interface Group {
  readonly name: string
  /** In the order of preference. */
  readonly versions: readonly Version[]
}

interface Version {
  readonly version: string
  readonly kinds: readonly Kind[]
  readonly reviews: readonly Review[]
}

const measured: Group = {
  name: metricsGroup,
  versions: [{ version: 'v1beta1', kinds: [], reviews: measuredResources }],
}

/** Tells what is served, in both of Kubernetes' ways, from one list. */
export class Discovery {
  readonly #registry: Registry
  readonly #isServed: (part: string) => boolean
  readonly #more: readonly Group[]
  #generation = -1
  #groups: readonly Group[] = []

  constructor(
    registry: Registry,
    {
      isServed,
      measures,
    }: { readonly isServed: (part: string) => boolean; readonly measures: boolean },
  ) {
    this.#registry = registry
    this.#isServed = isServed
    this.#more = measures ? [measured] : []
  }

  /** `/api` and `/apis` for today's clients: everything at once. */
  aggregated(root: 'api' | 'apis', version: 'v2' | 'v2beta1') {
    const groups = this.groups().filter(({ name }) => (name === '') === (root === 'api'))
    return {
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${version}`,
      metadata: {},
      items: groups.map((group) => ({
        metadata: { ...(group.name !== '' && { name: group.name }), creationTimestamp: null },
        versions: group.versions.map((one) => ({
          version: one.version,
          freshness: 'Current',
          resources: this.#discoveryResources(group.name, one),
        })),
      })),
    }
  }

  /** `/api` for older clients. */
  coreVersions(host: string) {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
    }
  }

  groupList() {
    const named = this.groups().filter(({ name }) => name !== '')
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) }
  }

  group(name: string) {
    const found = this.groups().find((group) => group.name === name)
    return found && { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found) }
  }

  /** The resources of one version, the parts of objects beside them. */
  resourceList(group: string, version: string) {
    const found = this.groups()
      .find(({ name }) => name === group)
      ?.versions.find((one) => one.version === version)
    if (!found) return undefined
    return {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: group === '' ? version : `${group}/${version}`,
      resources: [
        ...found.kinds.flatMap((kind) => this.#apiResources(kind)),
        ...found.reviews.map(({ plural, kind, isNamespaced, verbs = ['create'] }) => ({
          name: plural,
          singularName: kind.toLowerCase(),
          namespaced: isNamespaced,
          kind,
          verbs,
        })),
      ],
    }
  }

  groups(): readonly Group[] {
    if (this.#generation !== this.#registry.generation) {
      this.#generation = this.#registry.generation
      this.#groups = [...groupsOf([...this.#registry.all()].map(asServed)), ...this.#more]
    }
    return this.#groups
  }

  #apiResources(kind: Kind) {
    const { resource, shortNames, categories } = kind
    const own = {
      name: resource.plural,
      singularName: singularOf(kind),
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs,
      ...(shortNames && { shortNames }),
      ...(categories && { categories }),
    }
    const parts = partsOf(kind, this.#isServed).map((part) => ({
      name: `${resource.plural}/${part.name}`,
      singularName: '',
      namespaced: resource.namespaced,
      ...(part.group !== undefined && { group: part.group, version: part.version }),
      kind: part.kind,
      verbs: part.verbs,
    }))
    return [own, ...parts]
  }

  #discoveryResources(group: string, { version, kinds, reviews }: Version) {
    const own = kinds.map((kind) => {
      const { resource, shortNames, categories } = kind
      const parts = partsOf(kind, this.#isServed)
      return {
        resource: resource.plural,
        responseKind: { group, version, kind: resource.kind },
        scope: resource.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: singularOf(kind),
        verbs,
        ...(shortNames && { shortNames }),
        ...(categories && { categories }),
        ...(parts.length > 0 && {
          subresources: parts.map((part) => subresource(part, group, version)),
        }),
      }
    })
    const asked = reviews.map(({ plural, kind, isNamespaced, verbs = ['create'] }) => ({
      resource: plural,
      responseKind: { group, version, kind },
      scope: isNamespaced ? 'Namespaced' : 'Cluster',
      singularResource: kind.toLowerCase(),
      verbs,
    }))
    return [...own, ...asked]
  }
}

function subresource(part: Part, group: string, version: string) {
  return {
    subresource: part.name,
    responseKind: {
      group: part.group ?? group,
      version: part.version ?? version,
      kind: part.kind,
    },
    verbs: part.verbs,
  }
}

function apiGroup({ name, versions }: Group) {
  const all = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: all, preferredVersion: all[0] }
}

function singularOf({ singular, resource }: Kind): string {
  return singular ?? resource.kind.toLowerCase()
}

function groupsOf(kinds: readonly Kind[]): readonly Group[] {
  const builtIn = kinds.filter(({ definition }) => !definition)
  const groupOf = ({ resource }: Kind) => resource.group
  const names = new Set([...builtIn.map(groupOf), ...reviewGroups.keys(), ...kinds.map(groupOf)])
  return [...names].map((name) => {
    const own = kinds.filter(({ resource }) => resource.group === name)
    const reviews = reviewGroups.get(name) ?? []
    const versions = new Set(own.flatMap(versionsOf))
    if (reviews.length > 0) versions.add('v1')
    return {
      name,
      versions: [...versions].sort(byPriority).map((version) => ({
        version,
        kinds: own.filter((kind) => versionsOf(kind).includes(version)),
        reviews: version === 'v1' ? reviews : [],
      })),
    }
  })
}

export function versionsOf(kind: Kind): readonly string[] {
  return [servedAs(kind).version, ...(kind.otherVersions ?? [])]
}

function asServed(kind: Kind): Kind {
  return kind.view ? { ...kind, resource: servedAs(kind) } : kind
}

/** Kubernetes' order: v2, v1, v1beta2, v1beta1, v1alpha1, then the rest by name. */
function byPriority(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)]
  for (let place = 0; place < 3; place++) {
    const difference = (right[place] ?? 0) - (left[place] ?? 0)
    if (difference !== 0) return difference
  }
  return a < b ? -1 : Number(a > b)
}

const stages = ['alpha', 'beta', undefined]

function rankOf(version: string): readonly number[] {
  const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)
  if (!found) return [0, 0, 0]
  return [1 + stages.indexOf(found[2]), Number(found[1]), Number(found[3] ?? 0)]
}

import type { ServerResponse } from 'node:http'
import { type Family, familyText, labelText, RequestCounts } from '@argosy/kube'
import { collectionOf, type Kind, type Registry } from '../kinds.ts'
import { flag } from './query.ts'
import type { Target } from './target.ts'
import { isServed } from './versions.ts'

export interface MeteredRequest {
  readonly method: string
  /** Undefined: no such path can be. */
  readonly target: Target | undefined
  readonly query: URLSearchParams
  readonly registry: Registry
}

/** Requests to the Kubernetes API, under Kubernetes' own names. Counts are kept by what there is, never by what is asked for. */
export class RequestMeter {
  readonly #counts = new RequestCounts({
    total: {
      ...{ name: 'apiserver_request_total', type: 'counter' },
      help: 'How many requests have been answered, and how',
    },
    duration: {
      ...{ name: 'apiserver_request_duration_seconds', type: 'histogram' },
      help: 'How long answers took, watches left out',
    },
    codeLabel: 'code',
    bounds: [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 5, 10, 30, 60],
  })
  readonly #watches = new Map<string, { readonly labels: string; open: number }>()

  /** Hears of the request's end by itself. */
  began(request: MeteredRequest, response: ServerResponse): void {
    const place = placeOf(request)
    const verb = verbOf(request)
    const { group, version, resource, subresource, scope } = place
    const key = `${verb} ${group} ${version} ${resource} ${subresource} ${scope}`
    const labels = () => ({ component: 'apiserver', ...place, verb })
    const watch = verb === 'WATCH' ? this.#watch(key, labels) : undefined
    const begin = performance.now()
    if (watch) watch.open += 1
    response.on('close', () => {
      if (watch) watch.open -= 1
      const code = String(response.statusCode)
      const ended = watch ? { code } : { code, ms: performance.now() - begin }
      this.#counts.ended(key, labels, ended)
    })
  }

  #watch(key: string, labels: () => Readonly<Record<string, string>>) {
    const listed = () => Object.entries(labels()).map(([name, value]) => ({ key: name, value }))
    const known = this.#watches.get(key) ?? { labels: labelText(listed()), open: 0 }
    this.#watches.set(key, known)
    return known
  }

  text(): string {
    const open = [...this.#watches.values()].map(
      ({ labels, open }) => `${longRunning.name}${labels} ${open}`,
    )
    return this.#counts.text() + familyText(longRunning, open)
  }
}

const longRunning: Family = {
  ...{ name: 'apiserver_longrunning_requests', type: 'gauge' },
  help: 'How many watches are open',
}

const nowhere = { group: '', version: '', resource: '', subresource: '', scope: '' }

/** What nobody knows here is nothing in particular: else anybody could fill the memory with names. */
function placeOf({ target, registry }: MeteredRequest): typeof nowhere {
  if (target?.type !== 'resource') return nowhere
  const { group, version, plural, namespace, name, subresource = '' } = target
  const kind = registry.served(collectionOf({ group, plural } as Kind['resource']))
  if (!kind) return nowhere
  const scope = name !== undefined ? 'resource' : namespace !== undefined ? 'namespace' : 'cluster'
  return {
    ...{ group, resource: plural, scope },
    version: isServed(kind, version) ? version : 'other',
    subresource: knownParts.has(subresource) ? subresource : 'other',
  }
}

const knownParts: ReadonlySet<string> = new Set([
  ...['', 'status', 'scale', 'log', 'exec', 'attach', 'portforward', 'proxy', 'eviction'],
  ...['token', 'finalize', 'binding', 'approval', 'ephemeralcontainers', 'resize'],
])

/** Of an object or what is no resource, and of a collection. */
const verbs: Readonly<Record<string, readonly [one: string, all: string]>> = {
  GET: ['GET', 'LIST'],
  HEAD: ['GET', 'LIST'],
  POST: ['POST', 'POST'],
  PUT: ['PUT', 'PUT'],
  PATCH: ['PATCH', 'PATCH'],
  DELETE: ['DELETE', 'DELETECOLLECTION'],
}

function verbOf({ method, target, query }: MeteredRequest): string {
  const [one, all] = verbs[method] ?? ['OTHER', 'OTHER']
  if (target?.type !== 'resource') return one
  const { name, subresource } = target
  if (one === 'GET' && subresource === undefined && flag(query, 'watch')) return 'WATCH'
  return name === undefined ? all : one
}

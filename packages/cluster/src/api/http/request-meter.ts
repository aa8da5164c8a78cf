import type { ServerResponse } from 'node:http'
import { type Family, familyText, Histogram, type Label, labelText } from '@argosy/kube'
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

interface Counted {
  readonly labels: readonly Label[]
  readonly codes: Map<number, number>
  readonly durations: Histogram
  open: number
}

/** Requests to the Kubernetes API, under Kubernetes' own names. Counts are kept by what there is, never by what is asked for. */
export class RequestMeter {
  readonly #counted = new Map<string, Counted>()

  /** Hears of the request's end by itself. */
  began(request: MeteredRequest, response: ServerResponse): void {
    const counted = this.#of(request)
    const begin = performance.now()
    counted.open += 1
    response.on('close', () => {
      counted.open -= 1
      const { statusCode: code } = response
      counted.codes.set(code, (counted.codes.get(code) ?? 0) + 1)
      counted.durations.observe((performance.now() - begin) / 1000)
    })
  }

  text(): string {
    const all = [...this.#counted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    const watches = all.filter(isWatch)
    const codes = all.flatMap(({ labels, codes }) =>
      [...codes].map(([code, count]) => {
        const own = labelText([...labels, { key: 'code', value: String(code) }])
        return `${total.name}${own} ${count}`
      }),
    )
    const durations = all
      .filter((one) => !isWatch(one))
      .flatMap((one) => one.durations.lines(duration.name, one.labels))
    return [
      familyText(total, codes),
      familyText(duration, durations),
      familyText(
        longRunning,
        watches.map(({ labels, open }) => `${longRunning.name}${labelText(labels)} ${open}`),
      ),
    ].join('')
  }

  #of(request: MeteredRequest): Counted {
    const { group, version, resource, subresource, scope } = placeOf(request)
    const verb = verbOf(request)
    const key = `${verb} ${group} ${version} ${resource} ${subresource} ${scope}`
    const known = this.#counted.get(key)
    if (known) return known
    const named = { component: 'apiserver', group, resource, scope, subresource, verb, version }
    const labels = Object.entries(named).map(([name, value]) => ({ key: name, value }))
    const made = { labels, codes: new Map(), durations: new Histogram(bounds), open: 0 }
    this.#counted.set(key, made)
    return made
  }
}

const total: Family = {
  ...{ name: 'apiserver_request_total', type: 'counter' },
  help: 'How many requests have been answered, and how',
}
const duration: Family = {
  ...{ name: 'apiserver_request_duration_seconds', type: 'histogram' },
  help: 'How long answers took, watches left out',
}
const longRunning: Family = {
  ...{ name: 'apiserver_longrunning_requests', type: 'gauge' },
  help: 'How many watches are open',
}

const bounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 5, 10, 30, 60]

function isWatch({ labels }: Counted): boolean {
  return labels.some(({ key, value }) => key === 'verb' && value === 'WATCH')
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

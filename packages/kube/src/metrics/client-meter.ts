import type { Heard } from '../http/connection.ts'
import { Histogram } from './histogram.ts'
import { type Family, familyText, type Label, labelText } from './metric-text.ts'

/** Requests that a client sends to a Kubernetes API, under upstream's names. argo: docs/metrics.md. */
export class ClientMeter {
  readonly #counted = new Map<string, { readonly labels: readonly Label[]; count: number }>()
  readonly #durations = new Map<string, Histogram>()

  readonly heard = ({ method, path, code, ms }: Heard): void => {
    const { kind, isOne } = kindIn(path)
    const verb = verbOf(method, { isOne, isWatch: /[?&]watch=(1|true)\b/.test(path) })
    const key = `${kind} ${verb} ${code}`
    const counted = this.#counted.get(key) ?? { labels: labelsOf(kind, verb, code), count: 0 }
    const durations = this.#durations.get(key) ?? new Histogram(bounds)
    this.#counted.set(key, counted)
    this.#durations.set(key, durations)
    counted.count += 1
    durations.observe(ms / 1000)
  }

  text(): string {
    const all = [...this.#counted].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const counts = all.map(([, { labels, count }]) => `${total.name}${labelText(labels)} ${count}`)
    const times = all.flatMap(
      ([key, { labels }]) => this.#durations.get(key)?.lines(duration.name, labels) ?? [],
    )
    return familyText(duration, times) + familyText(total, counts)
  }
}

const duration: Family = {
  ...{ name: 'argo_workflows_k8s_request_duration', type: 'histogram' },
  help: 'How long the Kubernetes API took until its answers began, in seconds',
}
const total: Family = {
  ...{ name: 'argo_workflows_k8s_request_total', type: 'counter' },
  help: 'How many requests the Kubernetes API has answered, and how',
}
const bounds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 180]

function labelsOf(kind: string, verb: string, code: number): readonly Label[] {
  return Object.entries({ kind, status_code: String(code), verb }).map(([key, value]) => ({
    key,
    value,
  }))
}

/** The plural in a path that we have made; '' for what is no resource. */
function kindIn(path: string): { readonly kind: string; readonly isOne: boolean } {
  const rest = /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/([^?]+)/.exec(path)?.[1] ?? ''
  const segments = rest.split('/')
  const inNamespace = segments[0] === 'namespaces' && segments.length > 2
  const [kind = '', name] = inNamespace ? segments.slice(2) : segments
  return { kind, isOne: name !== undefined }
}

const verbs: Readonly<Record<string, readonly [one: string, all: string]>> = {
  GET: ['Get', 'List'],
  POST: ['Create', 'Create'],
  PUT: ['Update', 'Update'],
  PATCH: ['Patch', 'Patch'],
  DELETE: ['Delete', 'DeleteCollection'],
}

function verbOf(
  method: string,
  { isOne, isWatch }: { readonly isOne: boolean; readonly isWatch: boolean },
): string {
  if (method === 'GET' && isWatch) return 'Watch'
  const [one, all] = verbs[method] ?? ['Unknown', 'Unknown']
  return isOne ? one : all
}

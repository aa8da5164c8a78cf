import { type Family, familyText, Histogram, type Label, labelText } from '@argosy/kube'
import { type ApiCode, codes } from '../http/codes.table.ts'
import { operations } from '../openapi/operations.table.ts'
import type { Served } from '../start-argo-server.ts'

interface Counted {
  readonly labels: readonly Label[]
  readonly results: Map<string, number>
  readonly durations: Histogram
}

/** Requests to Argo's API, named as those of upstream's gRPC services; pages and logins are not counted. */
export class ArgoRequestMeter {
  readonly #counted = new Map<string, Counted>()

  readonly observe = ({ method, route, code, ms }: Served): void => {
    const endpoint = `${method === 'HEAD' ? 'GET' : method} ${route}`
    const counted = this.#of(route === '' ? '' : endpoint)
    if (!counted) return
    const result = resultOf.get(code) ?? 'Unknown'
    counted.results.set(result, (counted.results.get(result) ?? 0) + 1)
    counted.durations.observe(ms / 1000)
  }

  text(): string {
    const all = [...this.#counted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    const results = all.flatMap(({ labels, results }) =>
      [...results].map(([result, count]) => {
        const own = labelText([...labels, { key: 'grpc_code', value: result }])
        return `${handled.name}${own} ${count}`
      }),
    )
    const durations = all.flatMap((one) => one.durations.lines(handling.name, one.labels))
    return familyText(handled, results) + familyText(handling, durations)
  }

  /** Only of what is described: nobody can make names by asking. */
  #of(endpoint: string): Counted | undefined {
    const known = this.#counted.get(endpoint)
    if (known) return known
    const labels = labelsOf.get(endpoint)
    if (!labels) return undefined
    const made = { labels, results: new Map(), durations: new Histogram(bounds) }
    this.#counted.set(endpoint, made)
    return made
  }
}

const handled: Family = {
  ...{ name: 'grpc_server_handled_total', type: 'counter' },
  help: "How many requests to Argo's API have been answered, and how",
}
const handling: Family = {
  ...{ name: 'grpc_server_handling_seconds', type: 'histogram' },
  help: "How long answers of Argo's API took until their end",
}
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

function labelled(service: string, method: string, type: string): readonly Label[] {
  return [
    { key: 'grpc_service', value: service },
    { key: 'grpc_method', value: method },
    { key: 'grpc_type', value: type },
  ]
}

const labelsOf: ReadonlyMap<string, readonly Label[]> = new Map([
  // What was refused before anybody looked what it meant.
  ['', labelled('', '', 'unary')],
  ...operations.map(({ method, path, id, streams }) => {
    const [service = '', name = ''] = id.split('_')
    const labels = labelled(service, name, streams ? 'server_stream' : 'unary')
    return [`${method} ${path}`, labels] as const
  }),
])

const resultOf: ReadonlyMap<number, string> = new Map<number, ApiCode | 'OK'>([
  ...Object.entries(codes).map(([name, { http }]) => [http, name as ApiCode] as const),
  ...[200, 204, 206, 302, 304].map((code) => [code, 'OK'] as const),
])

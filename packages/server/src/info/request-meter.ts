import { RequestCounts } from '@argosy/kube'
import { type ApiCode, codes } from '../http/codes.table.ts'
import { operations } from '../openapi/operations.table.ts'
import type { Served } from '../start-argo-server.ts'

/** Requests to Argo's API, named as those of upstream's gRPC services; pages and logins are not counted. */
export class ArgoRequestMeter {
  readonly #counts = new RequestCounts({
    total: {
      ...{ name: 'grpc_server_handled_total', type: 'counter' },
      help: "How many requests to Argo's API have been answered, and how",
    },
    duration: {
      ...{ name: 'grpc_server_handling_seconds', type: 'histogram' },
      help: "How long answers of Argo's API took until their end",
    },
    codeLabel: 'grpc_code',
    bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  })

  readonly observe = ({ method, route, code, ms }: Served): void => {
    const endpoint = route === '' ? '' : `${method === 'HEAD' ? 'GET' : method} ${route}`
    // Only of what is described: nobody can make names by asking.
    const labels = labelsOf.get(endpoint)
    if (!labels) return
    this.#counts.ended(endpoint, () => labels, { code: resultOf.get(code) ?? 'Unknown', ms })
  }

  text(): string {
    return this.#counts.text()
  }
}

const labelled = (service: string, method: string, type: string) => ({
  ...{ grpc_method: method, grpc_service: service, grpc_type: type },
})

const labelsOf: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
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

import type { Heard } from '../http/connection.ts'
import { RequestCounts } from './request-counts.ts'

/** Requests that a client sends to a Kubernetes API, under upstream's names. argo: docs/metrics.md. */
export class ClientMeter {
  readonly #counts = new RequestCounts({
    total: {
      ...{ name: 'argo_workflows_k8s_request_total', type: 'counter' },
      help: 'How many requests the Kubernetes API has answered, and how',
    },
    duration: {
      ...{ name: 'argo_workflows_k8s_request_duration', type: 'histogram' },
      help: 'How long the Kubernetes API took until its answers began, in seconds',
    },
    codeLabel: 'status_code',
    bounds: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 180],
  })

  readonly heard = ({ method, path, code, ms }: Heard): void => {
    const { kind, isOne } = kindIn(path)
    const verb = verbOf(method, { isOne, isWatch: /[?&]watch=(1|true)\b/.test(path) })
    this.#counts.ended(`${kind} ${verb}`, () => ({ kind, verb }), { code: String(code), ms })
  }

  text(): string {
    return this.#counts.text()
  }
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

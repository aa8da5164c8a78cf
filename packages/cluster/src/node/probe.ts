import { type Container, isObject, type JsonObject } from '@argosy/engine'

export type ProbeKind = 'startup' | 'readiness' | 'liveness'

export type ProbeAction =
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  | { readonly kind: 'tcp'; readonly host?: string; readonly port: number }
  | { readonly kind: 'grpc'; readonly port: number; readonly service: string }
  | {
      readonly kind: 'http'
      readonly host?: string
      readonly port: number
      readonly path: string
      readonly secure: boolean
      readonly headers: Readonly<Record<string, string>>
    }

/** When a container is asked how it is, and what its answers mean. */
export interface Probe {
  readonly action: ProbeAction
  readonly initialDelayMs: number
  readonly periodMs: number
  readonly timeoutMs: number
  readonly successThreshold: number
  readonly failureThreshold: number
  /** How long a container that fails has to end by itself; default: the pod's. */
  readonly graceMs?: number
}

const fields = {
  startup: 'startupProbe',
  readiness: 'readinessProbe',
  liveness: 'livenessProbe',
} as const

export function hasProbes(container: Container): boolean {
  return Object.values(fields).some((field) => container[field] !== undefined)
}

/** A container's probe with the defaults of Kubernetes; undefined when it has none, or none that this node knows. */
export function probeOf(container: Container, kind: ProbeKind): Probe | undefined {
  const probe = container[fields[kind]]
  const action = probe && actionOf(probe, container)
  if (probe === undefined || action === undefined) return undefined
  const grace = seconds(probe, 'terminationGracePeriodSeconds', 0)
  return {
    action,
    initialDelayMs: seconds(probe, 'initialDelaySeconds', 0),
    periodMs: seconds(probe, 'periodSeconds', 10),
    timeoutMs: seconds(probe, 'timeoutSeconds', 1),
    successThreshold: count(probe, 'successThreshold', 1),
    failureThreshold: count(probe, 'failureThreshold', 3),
    ...(grace > 0 && { graceMs: grace }),
  }
}

/** How a container is asked, or told, something. */
export function actionOf(probe: JsonObject, container: Container): ProbeAction | undefined {
  const { exec, tcpSocket, httpGet, grpc } = probe
  if (isObject(exec)) {
    const command = Array.isArray(exec['command']) ? exec['command'].map(String) : []
    return { kind: 'exec', command }
  }
  if (isObject(tcpSocket)) return { kind: 'tcp', ...placeOf(tcpSocket, container) }
  if (isObject(grpc)) {
    const service = typeof grpc['service'] === 'string' ? grpc['service'] : ''
    return { kind: 'grpc', port: Number(grpc['port'] ?? 0) || 0, service }
  }
  if (!isObject(httpGet)) return undefined
  const headers = Array.isArray(httpGet['httpHeaders']) ? httpGet['httpHeaders'] : []
  return {
    kind: 'http',
    ...placeOf(httpGet, container),
    path: withSlash(String(httpGet['path'] ?? '/')),
    secure: httpGet['scheme'] === 'HTTPS',
    headers: Object.fromEntries(
      headers.filter(isObject).map((header) => [String(header['name']), String(header['value'])]),
    ),
  }
}

function placeOf({ host, port }: JsonObject, { ports = [] }: Container) {
  const named = ports.find(({ name }) => name === port)?.['containerPort']
  return {
    ...(typeof host === 'string' && host !== '' && { host }),
    port: Number(named ?? port ?? 0) || 0,
  }
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}

function seconds(probe: JsonObject, field: string, otherwise: number): number {
  return (Number(probe[field] ?? otherwise) || otherwise) * 1000
}

function count(probe: JsonObject, field: string, otherwise: number): number {
  return Math.max(1, Number(probe[field] ?? otherwise) || otherwise)
}

/** A Kubernetes over HTTPS, and how to find it. Apart, so that what runs on its own does not load it. */
export { KubeconfigError } from './http/access-of.ts'
export type { Access, Ask, Heard } from './http/connection.ts'
export { Connection, unreachable } from './http/connection.ts'
export { httpClient } from './http/http-client.ts'
export type { Context, ContextChoice } from './http/kubeconfig.ts'
export { readContext } from './http/kubeconfig.ts'
export type { Overrides } from './http/overrides.ts'
export { ClientMeter } from './metrics/client-meter.ts'

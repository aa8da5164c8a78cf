export type { AuthMode } from './auth/caller.ts'
export type * from './auth/identity.ts'
export type { ArgoServer, ArgoServerOptions } from './start-argo-server.ts'
export { startArgoServer } from './start-argo-server.ts'

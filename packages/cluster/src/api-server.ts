/** What only a server needs: the Kubernetes API over HTTPS. Apart, so that a single run does not load it. */
export { type Access, type AccessOptions, openAccess } from './api/auth/access.ts'
export { argoDefinitions } from './api/definitions/argo.table.ts'
export { type ServerCertificate, serverCertificate } from './api/http/certificates.ts'
export type * from './api/http/identity.ts'
export type * from './api/http/pod-streams.ts'
export type { ApiServer, ApiServerOptions } from './api/http/start-api-server.ts'
export { startApiServer } from './api/http/start-api-server.ts'

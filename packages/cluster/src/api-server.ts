/** What only a server needs: the Kubernetes API over HTTPS. Apart, so that a single run does not load it. */
export { type Access, type AccessOptions, openAccess } from './api/auth/access.ts'
export { requestSigner, type SignRequest } from './api/certificates/sign-request.ts'
export { argoDefinitions } from './api/definitions/argo.table.ts'
export { type ServerCertificate, serverCertificate } from './api/http/certificates.ts'
export {
  type CertifiedKey,
  clientCertificate,
  ownCertificate,
} from './api/http/client-certificates.ts'
export type * from './api/http/identity.ts'
export type * from './api/http/pod-streams.ts'
export { RequestMeter } from './api/http/request-meter.ts'
export type { ApiServer, ApiServerOptions } from './api/http/start-api-server.ts'
export { startApiServer } from './api/http/start-api-server.ts'
export { certificateAnnotation } from './node-server/paths.ts'
export { remoteNodes } from './node-server/remote-nodes.ts'
export { type AskedOfNode, startNodeServer } from './node-server/start-node-server.ts'
export { type ServicePortsOptions, startServicePorts } from './service-ports/start-service-ports.ts'
export type { PodStreamsOptions } from './streams/pod-streams.ts'
export { podStreams } from './streams/pod-streams.ts'

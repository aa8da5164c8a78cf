import type { JsonObject, KubeObject } from '@argosy/engine'

/** Kubernetes' Service. */
export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly clusterIP?: string
    readonly clusterIPs?: readonly string[]
    readonly publishNotReadyAddresses?: boolean
    readonly ports?: readonly ServicePort[]
  }
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly protocol?: string
  readonly appProtocol?: string
  readonly targetPort?: number | string
}

/** An object that lists where a service leads. */
export interface Listing extends KubeObject {
  readonly subsets?: readonly JsonObject[]
  readonly endpoints?: readonly JsonObject[]
  readonly ports?: readonly JsonObject[] | null
}

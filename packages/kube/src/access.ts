/** Who asks a Kubernetes. */
export interface Identity {
  readonly user: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** What somebody wants to do with a resource. */
export interface AccessWish {
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

/** Who wants to do what: with a resource, or, when `path` is given, with something that is none. */
export interface Attributes extends AccessWish {
  readonly identity: Identity
  readonly path?: string
}

/** `reason` is told to who asks why, and to who was refused. */
export type Authorize = (attributes: Attributes) => Promise<Verdict>

export interface Verdict {
  readonly allowed: boolean
  readonly reason: string
}

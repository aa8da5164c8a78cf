/** Where the logs of pods come from: the node, or a Kubernetes API server. */
export interface PodLogs {
  read(query: PodLogQuery, signal: AbortSignal): AsyncIterable<Buffer>
  /** What `read` would read now, where that is in files of this machine. */
  parts?(query: PodLogQuery): Promise<readonly LogPart[]>
  /** What is kept of the pods that have or had these names. Without it logs go with their pods. */
  kept?(namespace: string, pods: ReadonlySet<string>): Promise<readonly KeptLog[]>
}

export interface PodLogQuery {
  readonly ref: PodRef
  readonly container: string
  /** Default: the last. */
  readonly attempt?: number
  readonly previous?: boolean
  readonly follow?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
}

/** A part of a file. */
export interface LogPart {
  readonly path: string
  readonly start: number
  readonly end: number
}

/** The log of one attempt of a container. */
export interface KeptLog {
  readonly ref: PodRef
  readonly container: string
  readonly attempt: number
  /** When it was last written to, in milliseconds. */
  readonly writtenAt: number
}

interface PodRef {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

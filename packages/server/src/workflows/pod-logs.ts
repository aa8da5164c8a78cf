/** Where the logs of pods come from: the node, or a Kubernetes API server. */
export interface PodLogs {
  read(query: PodLogQuery, signal: AbortSignal): AsyncIterable<Buffer>
}

export interface PodLogQuery {
  readonly ref: { readonly namespace: string; readonly name: string; readonly uid: string }
  readonly container: string
  readonly previous?: boolean
  readonly follow?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
}

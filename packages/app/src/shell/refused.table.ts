/** What `argo` understands and we do not, and why. */
export interface Refused {
  /** '': of every command. */
  readonly command: string
  /** Its names. */
  readonly flags: readonly string[]
  readonly why: string
}

export const refusals: readonly Refused[] = [
  {
    command: '',
    flags: ['--proxy-url'],
    why: 'proxies are not spoken to: forward a port to the server, and say --server',
  },
  {
    command: '',
    flags: ['--request-timeout'],
    why: 'requests wait for their answer: end them from outside, as timeout 30 argosy …',
  },
  {
    command: '',
    flags: ['--gloglevel'],
    why: 'there is no such log: --verbose says what is asked',
  },
  {
    command: 'archive resubmit',
    flags: ['--priority'],
    why: "Argo's API takes none for what is archived",
  },
  {
    command: 'cron update',
    flags: ['--generate-name'],
    why: 'what is updated has a name',
  },
  {
    command: 'server',
    flags: ['-p'],
    why: "there are two ports: --port is Kubernetes' API, --http-port Argo's",
  },
  {
    command: 'server',
    flags: ['-b', '--browser'],
    why: 'no browser is opened: the address is printed',
  },
  {
    command: 'server',
    flags: ['--configmap'],
    why: 'it is called workflow-controller-configmap, in the namespace argo',
  },
  {
    command: 'server',
    flags: ['--event-async-dispatch', '--event-operation-queue-size', '--event-worker-count'],
    why: 'who sends an event waits until it is dispatched: there is no queue',
  },
  {
    command: 'server',
    flags: ['--kube-api-burst', '--kube-api-qps'],
    why: 'the Kubernetes API is in this process, and is asked without a limit',
  },
]

import { Throttle, type Workflow } from '@argosy/engine'
import { type Client, ignore, type Ref } from '@argosy/kube'
import {
  type ControllerConfig,
  controllerConfigName,
  readControllerConfig,
} from './controller-config.ts'

type Data = Readonly<Record<string, string>> | undefined

const postponed = {
  metadata: {
    labels: {
      'workflows.argoproj.io/phase': 'Pending',
      'workflows.argoproj.io/completed': 'false',
    },
  },
  status: {
    phase: 'Pending',
    message:
      'Workflow processing has been postponed because too many workflows are already running',
  },
}

const needsStart = `${controllerConfigName}: "instanceID" is read at the start: start anew to heed its change`

/** Which workflows may run, as far as the controller limits their number. */
export class Admission {
  readonly #throttle = new Throttle()
  readonly #defaults: ControllerConfig
  readonly #log: (line: string) => void
  readonly #wake: (key: string) => void
  readonly #own = new Map<string, number>()
  #data: Data
  #config: ControllerConfig = {}
  /** As it was when all that asks for it began. */
  #instanceAtStart: string | undefined

  constructor(options: {
    readonly defaults: ControllerConfig
    readonly log: (line: string) => void
    readonly wake: (key: string) => void
  }) {
    this.#defaults = options.defaults
    this.#log = options.log
    this.#wake = options.wake
    this.#limit()
  }

  /** What runs already counts before anybody is let in. */
  adopt({ metadata, status }: Workflow): void {
    if (status?.phase === 'Running') this.#throttle.hold(`${metadata.namespace}/${metadata.name}`)
  }

  admit(key: string, { spec, metadata, status }: Workflow): boolean {
    if (status?.phase === 'Running') {
      this.#throttle.hold(key)
      return true
    }
    // argo: processNextItem: what is to be terminated need not wait for that.
    if (spec?.shutdown === 'Terminate') return true
    const createdAt = metadata.creationTimestamp ?? ''
    const may = this.#throttle.admit(key, { priority: spec?.priority ?? 0, createdAt })
    this.#tell()
    return may
  }

  leave(key: string): void {
    this.#throttle.remove(key)
    this.#tell()
  }

  /** The controller's ConfigMap as it is now. */
  configure(data: Data): void {
    const isStart = this.#instanceAtStart === undefined
    if (data === this.#data && !isStart) return
    this.#data = data
    const { config, warnings, instanceID } = readControllerConfig(data)
    this.#instanceAtStart ??= instanceID
    if (instanceID !== this.#instanceAtStart) this.#log(needsStart)
    for (const line of warnings) this.#log(line)
    this.#config = config
    this.#limit()
  }

  /** Says of a workflow that it has to wait, once. */
  async postpone(client: Client, ref: Ref, { status }: Workflow): Promise<void> {
    if ((status?.phase ?? '') !== '') return
    await client.patch(ref, { type: 'merge', body: postponed }).catch(ignore('NotFound'))
  }

  /** The limit that a namespace's label sets, or none. */
  limitNamespace(namespace: string, label: string | undefined): void {
    if (label !== undefined && /^\d+$/.test(label)) this.#own.set(namespace, Number(label))
    else this.#own.delete(namespace)
    this.#limit()
  }

  #limit(): void {
    const { parallelism = 0, namespaceParallelism = 0 } = { ...this.#defaults, ...this.#config }
    const own = new Map(this.#own)
    this.#throttle.limits = { total: parallelism, perNamespace: namespaceParallelism, own }
    this.#tell()
  }

  #tell(): void {
    for (const key of this.#throttle.takeAdmitted()) this.#wake(key)
  }
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { KubeObject, Pod } from '@argosy/engine'
import {
  type Client,
  type Clock,
  type EndpointsFacts,
  Informer,
  type NamedService,
  type Resource,
  resources,
  type ServiceFacts,
  type SliceFacts,
  serviceAddresses,
} from '@argosy/kube'
import { codeIs } from '../code-is.ts'
import { type HostLine, hostLines } from './host-lines.ts'
import { type HostsParts, hostsText, withServices } from './hosts-text.ts'

export interface ServiceNamesOptions {
  readonly client: Client
  readonly clock: Clock
  /** Whether pods can reach an address; default: all. */
  readonly isReachable?: (ip: string) => boolean
  readonly onError?: (error: unknown) => void
}

/** Whose Services are there without anybody having made them. */
const managerKey = 'app.kubernetes.io/managed-by'
const manager = 'argosy-server'

/**
 * The names of services inside pods: lines in hosts files of their own, kept up to date while the pods run. Decision 0026
 * says why there is no name server.
 */
export class ServiceNames {
  readonly #isReachable: (ip: string) => boolean
  readonly #onError: (error: unknown) => void
  readonly #services: Informer<ServiceFacts>
  readonly #endpoints: Informer<EndpointsFacts>
  readonly #slices: Informer<SliceFacts>
  /** The hosts files of pods that run, by their uid. */
  readonly #files = new Map<string, { readonly path: string; readonly namespace: string }>()
  readonly #lines = new Map<string, readonly HostLine[]>()
  #named: readonly NamedService[] | undefined
  #isListed = false

  constructor({ client, clock, isReachable, onError }: ServiceNamesOptions) {
    this.#isReachable = isReachable ?? (() => true)
    this.#onError = onError ?? (() => undefined)
    const follow = <T extends KubeObject>(resource: Resource) =>
      new Informer<T>({
        ...{ client, clock, query: { resource }, onError: this.#onError },
        onBatch: () => this.#renew(),
      })
    this.#services = follow(resources.services)
    this.#endpoints = follow(resources.endpoints)
    this.#slices = follow(resources.endpointSlices)
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const informers = [this.#services, this.#endpoints, this.#slices]
    void Promise.all(informers.map(({ listed }) => listed)).then(() => {
      this.#isListed = true
      this.#renew()
    })
    await Promise.all(informers.map((informer) => informer.run(signal)))
  }

  /** Whether a pod has names to know. Steps come and go by the thousand: only while somebody has made a service. */
  concern({ metadata }: Pod): boolean {
    const isStep = metadata.labels?.['workflows.argoproj.io/workflow'] !== undefined
    return !isStep || !this.#isListed || this.#isWorthwhile
  }

  get #isWorthwhile(): boolean {
    for (const { object } of this.#services.entries())
      if (object.metadata.labels?.[managerKey] !== manager) return true
    return false
  }

  /** What a pod of this namespace finds now. */
  linesFor(namespace: string): readonly HostLine[] {
    const known = this.#lines.get(namespace)
    if (known) return known
    const lines = hostLines(this.#namedServices(), namespace)
    this.#lines.set(namespace, lines)
    return lines
  }

  /** Writes a pod's hosts file, once, and keeps it up to date from then on. */
  write(pod: Pod, path: string, parts: Omit<HostsParts, 'services'>): void {
    const { uid = '', namespace = 'default' } = pod.metadata
    if (this.#files.has(uid)) return
    writeFileSync(path, hostsText({ ...parts, services: this.linesFor(namespace) }))
    this.#files.set(uid, { path, namespace })
  }

  /** Takes on a file that an earlier node wrote, if there is one. */
  adopt({ metadata }: Pod, path: string): void {
    const { uid = '', namespace = 'default' } = metadata
    if (!existsSync(path)) return
    this.#files.set(uid, { path, namespace })
    this.#renew()
  }

  forget(uid: string): void {
    this.#files.delete(uid)
  }

  #renew(): void {
    this.#named = undefined
    this.#lines.clear()
    // Half a list would take names away from those who use them.
    if (!this.#isListed) return
    for (const [uid, file] of this.#files) if (!this.#rewrite(file)) this.#files.delete(uid)
  }

  /** In its place: containers have it mounted. False when it is gone. */
  #rewrite({ path, namespace }: { readonly path: string; readonly namespace: string }): boolean {
    try {
      const text = withServices(readFileSync(path, 'utf8'), this.linesFor(namespace))
      if (text !== undefined) writeFileSync(path, text, { flag: 'r+' })
      return true
    } catch (error) {
      if (!codeIs(error, 'ENOENT')) this.#onError(error)
      return false
    }
  }

  #namedServices(): readonly NamedService[] {
    this.#named ??= serviceAddresses({
      services: objectsOf(this.#services),
      endpoints: objectsOf(this.#endpoints),
      slices: objectsOf(this.#slices),
      isReachable: this.#isReachable,
    })
    return this.#named
  }
}

function* objectsOf<T>(informer: Informer<T & KubeObject>): Iterable<T> {
  for (const { object } of informer.entries()) yield object
}

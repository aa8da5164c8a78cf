import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
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
import { noLinks, type ServiceLinks, serviceLinks, wantsLinks } from '../service-links.ts'
import { type HostLine, hostLines, textOfLines } from './host-lines.ts'
import { type HostsParts, hostsText, withServices } from './hosts-text.ts'

export interface ServiceNamesOptions {
  readonly client: Client
  readonly clock: Clock
  /** Where the file is that all steps of a namespace share. */
  readonly sharedPath: (namespace: string) => string
  /** Whether pods can reach an address; default: all. */
  readonly isReachable?: (ip: string) => boolean
  readonly onError?: (error: unknown) => void
}

interface HostsFile {
  readonly path: string
  readonly namespace: string
  /** What it was written with, where that matters. */
  readonly above?: string
}

/** Whose Services are there without anybody having made them. */
const managerKey = 'app.kubernetes.io/managed-by'
const manager = 'argosy-server'

/**
 * The names of services inside pods: lines in hosts files of their own, kept up to date while the pods run. Decision 0026
 * says why there is no name server.
 */
export class ServiceNames {
  readonly #client: Client
  readonly #sharedPath: (namespace: string) => string
  readonly #isReachable: (ip: string) => boolean
  readonly #onError: (error: unknown) => void
  readonly #services: Informer<ServiceFacts>
  readonly #endpoints: Informer<EndpointsFacts>
  readonly #slices: Informer<SliceFacts>
  /** The hosts files of pods that run, by their uid, and those that many share, by their path. */
  readonly #files = new Map<string, HostsFile>()
  /** What is the same for all pods of a namespace, by its name. */
  readonly #lines = new Map<string, readonly HostLine[]>()
  readonly #texts = new Map<string, string>()
  readonly #links = new Map<string, ServiceLinks>()
  #named: readonly NamedService[] | undefined
  #isListed = false

  constructor({ client, clock, sharedPath, isReachable, onError }: ServiceNamesOptions) {
    this.#sharedPath = sharedPath
    this.#client = client
    this.#isReachable = isReachable ?? (() => true)
    this.#onError = onError ?? (() => undefined)
    const renew = () => this.#renew()
    const follow = <T extends KubeObject>(resource: Resource, onBatch = renew) =>
      new Informer<T>({
        ...{ client, clock, query: { resource }, onError: this.#onError, onBatch },
      })
    this.#services = follow(resources.services, () => {
      this.#links.clear()
      this.#renew()
    })
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
  concern(pod: Pod): boolean {
    return !isStep(pod) || !this.#isListed || this.#isWorthwhile
  }

  get #isWorthwhile(): boolean {
    for (const { object } of this.#services.entries())
      if (object.metadata.labels?.[managerKey] !== manager) return true
    return false
  }

  /** All services, and where they answer; the same list until something changes. */
  get named(): readonly NamedService[] {
    this.#named ??= serviceAddresses({
      services: objectsOf(this.#services),
      endpoints: objectsOf(this.#endpoints),
      slices: objectsOf(this.#slices),
      isReachable: this.#isReachable,
    })
    return this.#named
  }

  /** What a pod of this namespace finds now. */
  linesFor(namespace: string): readonly HostLine[] {
    const known = this.#lines.get(namespace)
    if (known) return known
    const lines = hostLines(this.named, namespace)
    this.#lines.set(namespace, lines)
    return lines
  }

  /** The variables by which a pod finds the services of its namespace. */
  async linksFor(pod: Pod): Promise<ServiceLinks> {
    if (!wantsLinks(pod)) return noLinks
    const { namespace = 'default' } = pod.metadata
    if (!this.#isListed) {
      const query = { resource: resources.services, namespace }
      return serviceLinks((await this.#client.list<ServiceFacts>(query)).items)
    }
    const known = this.#links.get(namespace)
    if (known) return known
    const own = [...this.#services.entries()].filter((one) => one.namespace === namespace)
    const links = serviceLinks(own.sort(byName).map(({ object }) => object))
    this.#links.set(namespace, links)
    return links
  }

  /** Writes a pod's hosts file, once, and keeps it up to date from then on. */
  write(pod: Pod, path: string, parts: Omit<HostsParts, 'services'>): void {
    const { uid = '', namespace = 'default' } = pod.metadata
    if (this.#files.has(uid)) return
    writeFileSync(path, hostsText({ ...parts, services: this.#textFor(namespace) }))
    this.#files.set(uid, { path, namespace })
  }

  /** The file that all steps of a namespace share; it stays when they have gone. */
  shared(namespace: string, above: string): string {
    const path = this.#sharedPath(namespace)
    if (this.#files.get(path)?.above === above) return path
    const services = this.#textFor(namespace)
    const text = hostsText({ above, own: [], aliases: undefined, services })
    mkdirSync(dirname(path), { recursive: true })
    // Steps of an earlier node may have it.
    if (existsSync(path)) writeInPlace(path, text.padEnd(statSync(path).size, '\n'))
    else writeFileSync(path, text)
    this.#files.set(path, { path, namespace, above })
    return path
  }

  /** Takes on the files of a pod that an earlier node wrote, if there are some. */
  adopt({ metadata }: Pod, own: string): void {
    const { uid = '', namespace = 'default' } = metadata
    const shared = this.#sharedPath(namespace)
    for (const [key, path] of [[uid, own] as const, [shared, shared] as const]) {
      if (this.#files.has(key) || !existsSync(path)) continue
      const file = { path, namespace }
      this.#files.set(key, file)
      if (this.#isListed) this.#rewrite(file)
    }
  }

  /** The pod has ended, and its file goes. */
  remove(uid: string): void {
    const file = this.#files.get(uid)
    if (file) rmSync(file.path, { force: true })
    this.#files.delete(uid)
  }

  /** Nobody cares for the pod any more; its file stays for who takes it on. */
  forget(uid: string): void {
    this.#files.delete(uid)
  }

  #textFor(namespace: string): string {
    const known = this.#texts.get(namespace)
    if (known !== undefined) return known
    const text = textOfLines(this.linesFor(namespace))
    this.#texts.set(namespace, text)
    return text
  }

  /** Many changes of services change no name: only the files of namespaces are written anew that have others now. */
  #renew(): void {
    this.#named = undefined
    this.#lines.clear()
    // Half a list would take names away from those who use them.
    if (!this.#isListed) return
    const before = new Map(this.#texts)
    this.#texts.clear()
    for (const [uid, file] of this.#files) {
      const isSame = before.get(file.namespace) === this.#textFor(file.namespace)
      if (!isSame && !this.#rewrite(file)) this.#files.delete(uid)
    }
  }

  /** In its place: containers have it mounted. False when it is gone. */
  #rewrite({ path, namespace }: HostsFile): boolean {
    try {
      const text = withServices(readFileSync(path, 'utf8'), this.#textFor(namespace))
      if (text !== undefined) writeInPlace(path, text)
      return true
    } catch (error) {
      if (!codeIs(error, 'ENOENT')) this.#onError(error)
      return false
    }
  }
}

function* objectsOf<T>(informer: Informer<T & KubeObject>): Iterable<T> {
  for (const { object } of informer.entries()) yield object
}

/** Steps come and go by the thousand. */
export function isStep({ metadata }: Pod): boolean {
  return metadata.labels?.['workflows.argoproj.io/workflow'] !== undefined
}

/** The same file, since it is mounted. */
function writeInPlace(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'r+' })
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

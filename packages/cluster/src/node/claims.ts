import { chmod, mkdir, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Client, ignore, resources } from '@argosy/kube'
import { homeOfVolume, onlyOn, parseQuantity } from '@argosy/kube/placement'
import { Refusal } from './refusal.ts'

const { persistentVolumes } = resources

export interface Claim extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[]
    readonly resources?: { readonly requests?: Readonly<Record<string, string | number>> }
    readonly storageClassName?: string
    readonly volumeName?: string
    readonly volumeMode?: string
    readonly dataSource?: object
    readonly dataSourceRef?: object
    readonly selector?: object
  }
  readonly status?: { readonly phase?: string }
}

interface Volume extends KubeObject {
  readonly spec: {
    readonly hostPath?: { readonly path: string }
    readonly local?: { readonly path: string }
    readonly claimRef?: {
      readonly uid?: string
      readonly namespace?: string
      readonly name?: string
    }
    readonly capacity?: Readonly<Record<string, string | number>>
    readonly persistentVolumeReclaimPolicy?: string
    readonly nodeAffinity?: JsonObject
  }
}

/**
 * Storage of one machine: a claim is a directory of the data directory, or the path of the PersistentVolume it names.
 *
 * 1. A claim's directory is named for its uid: a claim of the same name that comes later finds nothing of the old one.
 * 2. A directory goes only after its claim's object has gone.
 * 3. Among several nodes a claim is the one's that first needs it, and its volume says so.
 */
export class Claims {
  readonly #client: Client
  readonly #dir: string
  readonly #node: string | undefined
  readonly #binding = new Map<string, Promise<string>>()

  /** `node`: which one of several this is. */
  constructor(client: Client, dir: string, node?: string) {
    this.#client = client
    this.#dir = dir
    this.#node = node
  }

  /** Claims are bound before anybody needs them: there is no choice of nodes. */
  get isAlone(): boolean {
    return this.#node === undefined
  }

  /** Where a claim's files are on this machine. Throws `Refusal` when it cannot be given. */
  async pathOf(namespace: string, name: string): Promise<string> {
    const claim = await this.#client.get<Claim>({
      resource: resources.persistentVolumeClaims,
      namespace,
      name,
    })
    if (claim === undefined) throw refuse(`persistentvolumeclaim "${name}" not found`)
    if (claim.metadata.deletionTimestamp !== undefined) {
      throw refuse(`persistentvolumeclaim "${name}" is being deleted`)
    }
    return this.bind(claim)
  }

  /** Gives a claim its volume; does nothing to one that has it. */
  bind(claim: Claim): Promise<string> {
    const uid = claim.metadata.uid ?? ''
    const known = this.#binding.get(uid)
    if (known !== undefined) return known
    const work = this.#bind(claim).finally(() => this.#binding.delete(uid))
    this.#binding.set(uid, work)
    return work
  }

  async #bind(claim: Claim): Promise<string> {
    const { volumeName } = claim.spec
    if (volumeName) return this.#given(claim, volumeName)
    const capacity = await this.#room(claim)
    const path = join(this.#dir, claim.metadata.uid ?? '')
    await mkdir(path, { recursive: true })
    // The umask would take bits from mkdir's mode.
    await chmod(path, 0o777)
    const volume = volumeOf(claim, path, { storage: capacity, node: this.#node })
    const name = `pvc-${claim.metadata.uid}`
    const made = await this.#client.create(persistentVolumes, volume).catch(ignore('AlreadyExists'))
    if (!made) await this.#checkHome(claim, name)
    await this.#phase(name, 'Bound')
    await this.#settle(claim, name, capacity)
    return path
  }

  /** Another node may have been faster. */
  async #checkHome({ metadata }: Claim, name: string, known?: Volume): Promise<void> {
    const volume = known ?? (await this.#client.get<Volume>({ resource: persistentVolumes, name }))
    const home = volume && homeOfVolume(volume)
    if (this.#node === undefined || home === undefined || home === this.#node) return
    throw refuse(
      `persistentvolumeclaim "${metadata.name}" is on node ${home}: node(s) had volume node affinity conflict`,
    )
  }

  /** The volume that the claim names, when it is one that this machine has and nobody else holds. */
  async #given(claim: Claim, name: string): Promise<string> {
    const volume = await this.#client.get<Volume>({ resource: persistentVolumes, name })
    const about = `persistentvolumeclaim "${claim.metadata.name}"`
    if (volume === undefined) throw refuse(`${about}: persistentvolume "${name}" not found`)
    await this.#checkHome(claim, name, volume)
    const { hostPath, local, claimRef, capacity = {} } = volume.spec
    const path = hostPath?.path ?? local?.path
    if (path === undefined) {
      throw refuse(
        `${about}: persistentvolume "${name}" is of no kind that one machine has: use hostPath`,
      )
    }
    if (claimRef !== undefined && !isFor(claimRef, claim)) {
      const owner = `${claimRef.namespace}/${claimRef.name}`
      throw refuse(`${about}: persistentvolume "${name}" is already bound to ${owner}`)
    }
    if (claim.status?.phase === 'Bound') return path
    const ref = { resource: persistentVolumes, name }
    await this.#client.patch(ref, {
      type: 'merge',
      body: { spec: { claimRef: claimRefOf(claim) } },
    })
    await this.#phase(name, 'Bound')
    await this.#settle(claim, name, capacity['storage'])
    return path
  }

  async #phase(name: string, phase: string): Promise<void> {
    const ref = { resource: persistentVolumes, name }
    const body = { status: { phase } }
    await this.#client.patch(ref, { type: 'merge', subresource: 'status', body })
  }

  async #settle(claim: Claim, volumeName: string, storage: string | number | undefined) {
    if (claim.status?.phase === 'Bound') return
    const { name = '', namespace = 'default' } = claim.metadata
    const ref = { resource: resources.persistentVolumeClaims, namespace, name }
    const { accessModes = [] } = claim.spec
    const status = {
      phase: 'Bound',
      accessModes,
      ...(storage !== undefined && { capacity: { storage } }),
    }
    const gone = ignore('NotFound')
    await Promise.all([
      this.#client.patch(ref, { type: 'merge', body: { spec: { volumeName } } }).catch(gone),
      this.#client
        .patch(ref, { type: 'merge', subresource: 'status', body: { status } })
        .catch(gone),
    ])
  }

  /** What the claim asks for, if there is so much. Nothing holds a claim to its size. */
  async #room({ metadata, spec }: Claim): Promise<string | number> {
    const about = `persistentvolumeclaim "${metadata.name}"`
    if (spec.volumeMode === 'Block') {
      throw refuse(`${about}: volumeMode Block is not supported by this node`)
    }
    for (const field of ['dataSource', 'dataSourceRef', 'selector'] as const) {
      if (spec[field]) throw refuse(`${about}: ${field} is not supported by this node`)
    }
    const storage = spec.resources?.requests?.['storage'] ?? '0'
    const bytes = parseQuantity(storage)
    if (bytes === undefined) throw refuse(`${about}: "${storage}" is no amount of storage`)
    await mkdir(this.#dir, { recursive: true })
    const { bavail, bsize } = await statfs(this.#dir)
    if (bytes > bavail * bsize) {
      const free = Math.floor((bavail * bsize) / 2 ** 20)
      throw refuse(`${about} asks for ${storage}, and ${free}Mi are free in the data directory`)
    }
    return storage
  }

  /** A claim's object has gone: what it held goes too, unless the volume is somebody's own. */
  async reclaim({ metadata, spec }: Claim): Promise<void> {
    const name = spec.volumeName ?? `pvc-${metadata.uid}`
    const ref = { resource: persistentVolumes, name }
    const volume = await this.#client.get<Volume>(ref)
    const home = volume && homeOfVolume(volume)
    if (this.#node !== undefined && home !== undefined && home !== this.#node) return
    if (volume?.spec.claimRef?.uid === metadata.uid) {
      const keeps = volume?.spec.persistentVolumeReclaimPolicy !== 'Delete'
      const work = keeps ? this.#phase(name, 'Released') : this.#client.remove(ref)
      await Promise.resolve(work).catch(ignore('NotFound'))
    }
    await rm(join(this.#dir, metadata.uid ?? ''), { recursive: true, force: true })
  }

  /** Directories of claims that went while nobody looked. */
  async sweep(uids: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#dir).catch(() => [])
    for (const name of names) {
      if (uids.has(name)) continue
      const gone = ignore('NotFound')
      await this.#client.remove({ resource: persistentVolumes, name: `pvc-${name}` }).catch(gone)
      await rm(join(this.#dir, name), { recursive: true, force: true })
    }
  }
}

function volumeOf(
  claim: Claim,
  path: string,
  { storage, node }: { readonly storage: string | number; readonly node: string | undefined },
): Volume {
  const { accessModes = [], storageClassName } = claim.spec
  const spec = {
    capacity: { storage },
    accessModes,
    persistentVolumeReclaimPolicy: 'Delete',
    ...(storageClassName !== undefined && { storageClassName }),
    volumeMode: 'Filesystem',
    hostPath: { path },
    claimRef: claimRefOf(claim),
    ...(node !== undefined && { nodeAffinity: onlyOn(node) }),
  }
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${claim.metadata.uid}` },
    spec,
  }
  return object
}

function claimRefOf({ metadata }: Claim) {
  const { name = '', namespace = 'default', uid = '' } = metadata
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid }
}

function isFor(ref: NonNullable<Volume['spec']['claimRef']>, { metadata }: Claim): boolean {
  if (ref.uid) return ref.uid === metadata.uid
  return ref.namespace === metadata.namespace && ref.name === metadata.name
}

function refuse(message: string): Refusal {
  return new Refusal('ContainerCreating', message)
}

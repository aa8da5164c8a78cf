import type { ContainerSpec, ImageSpec } from '../../runtime.ts'
import { containerName, dirLabel } from './identity.ts'

/** What the engine is asked to create. */
export interface CreateBody {
  readonly Image: string
  readonly HostConfig: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** The engine's words for a container. `ownNetwork`: what it calls the network that containers of their own are in. */
export function createBody(spec: ContainerSpec, ownNetwork: string): CreateBody {
  const { dir, root, env, workingDir, image } = spec
  if (root.kind !== 'image' || !image) throw new Error(`${dir}: a container of no image`)
  const user = spec.user ? `${spec.user.uid}:${spec.user.gid}` : image.user
  const argv = [...spec.argv]
  return {
    Image: root.name,
    // An entrypoint of ours drops the image's command, as in Kubernetes.
    ...(root.argv === 'entrypoint' && { Entrypoint: argv, Cmd: [] }),
    ...(root.argv === 'command' && argv.length > 0 && { Cmd: argv }),
    Env: Object.entries({ ...spec.links?.variables, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    ...(workingDir !== '' && { WorkingDir: workingDir }),
    ...(user !== undefined && { User: user }),
    ...(image.network.kind === 'own' && spec.hostname && { Hostname: spec.hostname }),
    Labels: { ...image.labels, [dirLabel]: dir },
    // A kubelet looks after its containers by probes of its own.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: hostConfig(spec, image, ownNetwork),
  }
}

function hostConfig(spec: ContainerSpec, image: ImageSpec, ownNetwork: string) {
  return {
    ...networkOf(image, ownNetwork),
    ...limitsOf(spec.limits ?? {}),
    ...safetyOf(image),
    ...(spec.processesOf && { PidMode: `container:${containerName(spec.processesOf)}` }),
    Init: !image.isProcess1,
    LogConfig: wholeLog,
    RestartPolicy: { Name: 'no' },
    Mounts: spec.mounts.map(({ source, target, readOnly }) => ({
      Type: 'bind',
      Source: source,
      Target: target,
      ReadOnly: readOnly,
    })),
  }
}

/** Nothing of it may be thrown away before it was copied, whatever the engine does with the logs of others. */
export const wholeLog = { Type: 'json-file', Config: { 'max-size': '1000000g', 'max-file': '1' } }

function networkOf({ network }: ImageSpec, ownNetwork: string) {
  if (network.kind === 'host') return { NetworkMode: 'host' }
  if (network.kind === 'shared') return { NetworkMode: `container:${network.id}` }
  return {
    NetworkMode: ownNetwork,
    ...(network.hosts.length > 0 && { ExtraHosts: network.hosts }),
  }
}

const periodMicros = 100_000
const leastQuotaMicros = 1_000

function limitsOf({ memoryBytes, cpuMillis, pids }: NonNullable<ContainerSpec['limits']>) {
  return {
    // As much with swap as without: a kubelet gives none.
    ...(memoryBytes !== undefined && { Memory: memoryBytes, MemorySwap: memoryBytes }),
    ...(cpuMillis !== undefined && {
      CpuPeriod: periodMicros,
      CpuQuota: Math.max(leastQuotaMicros, Math.round((cpuMillis * periodMicros) / 1000)),
    }),
    ...(pids !== undefined && { PidsLimit: pids }),
  }
}

function safetyOf(image: ImageSpec) {
  const options = [
    ...(image.mayGainPrivileges ? [] : ['no-new-privileges']),
    ...image.unconfined.map((name) => `${name}=unconfined`),
  ]
  return {
    ...(image.readOnlyRoot && { ReadonlyRootfs: true }),
    ...(image.privileged && { Privileged: true }),
    ...(image.addCapabilities.length > 0 && { CapAdd: image.addCapabilities }),
    ...(image.dropCapabilities.length > 0 && { CapDrop: image.dropCapabilities }),
    ...(options.length > 0 && { SecurityOpt: options }),
    ...(image.groups.length > 0 && { GroupAdd: image.groups }),
    ...(image.sharesProcesses && { PidMode: 'host' }),
    ...(image.sharesIpc && { IpcMode: 'host' }),
  }
}

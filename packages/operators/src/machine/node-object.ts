import type { JsonObject, KubeObject } from '@argosy/engine'
import { formatTime } from '@argosy/engine'

/** What is known of this machine. */
export interface MachineFacts {
  readonly name: string
  readonly addresses: readonly string[]
  readonly cpus: number
  readonly memoryBytes: number
  readonly pods: number
  /** In Kubernetes' words: `linux`, `amd64`. */
  readonly os: string
  readonly arch: string
  readonly kernel: string
  readonly osImage: string
  readonly machineId: string
  readonly bootId: string
  readonly version: string
  readonly runtime: string
  /** The node is a process of its own, without the control plane. */
  readonly isApart?: boolean
  /** Where the node itself is asked for logs and streams. */
  readonly nodePort?: number
  readonly annotations?: Readonly<Record<string, string>>
}

/** How the machine stands among nodes. */
export function nodeObject(facts: MachineFacts): KubeObject {
  const { name, annotations } = facts
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: nodeLabels(facts), ...(annotations && { annotations }) },
    spec: {},
  } as KubeObject
}

export function nodeLabels({
  name,
  os,
  arch,
  isApart = false,
}: Pick<MachineFacts, 'name' | 'os' | 'arch' | 'isApart'>): Readonly<Record<string, string>> {
  return {
    'beta.kubernetes.io/arch': arch,
    'beta.kubernetes.io/os': os,
    'kubernetes.io/arch': arch,
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': os,
    ...(!isApart && { 'node-role.kubernetes.io/control-plane': '' }),
  }
}

/** Its status; the times of conditions that stay as they are stay too. */
export function nodeStatus(facts: MachineFacts, before: JsonObject | undefined, now: number) {
  const amounts = {
    cpu: String(facts.cpus),
    memory: `${Math.floor(facts.memoryBytes / 1024)}Ki`,
    pods: String(facts.pods),
  }
  const addresses = facts.addresses.map((address) => ({ type: 'InternalIP', address }))
  const at = formatTime(now)
  const known = (before?.['conditions'] ?? []) as readonly JsonObject[]
  return {
    capacity: amounts,
    allocatable: amounts,
    addresses: [...addresses, { type: 'Hostname', address: facts.name }],
    ...(facts.nodePort !== undefined && {
      daemonEndpoints: { kubeletEndpoint: { Port: facts.nodePort } },
    }),
    conditions: conditions.map((one) => {
      const same = known.find(({ type, status }) => type === one.type && status === one.status)
      const since = same?.['lastTransitionTime'] ?? at
      return { ...one, lastHeartbeatTime: at, lastTransitionTime: since }
    }),
    nodeInfo: {
      architecture: facts.arch,
      bootID: facts.bootId,
      containerRuntimeVersion: facts.runtime,
      kernelVersion: facts.kernel,
      kubeProxyVersion: '',
      kubeletVersion: facts.version,
      machineID: facts.machineId,
      operatingSystem: facts.os,
      osImage: facts.osImage,
      systemUUID: facts.machineId,
    },
  }
}

const conditions = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
  },
]

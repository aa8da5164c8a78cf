import type { Container, Pod } from '@argosy/engine'
import { hasConsole } from './console-start.ts'
import {
  type Built,
  type Ingredients,
  makeShared,
  messageMount,
  targetOf,
  withReadOnly,
} from './container-spec.ts'
import type { HostFacts } from './downward.ts'
import { environment } from './environment.ts'
import { expand } from './expand.ts'
import { hostsMount } from './hosts-file.ts'
import { findImage, type ImageMap, shortName } from './image-map.ts'
import { byDepth, volumeMounts } from './mounts.ts'
import { textOfLines } from './names/host-lines.ts'
import { hostsOf, sharesNetwork } from './pod-network.ts'
import { Refusal } from './refusal.ts'
import { registryLogins } from './registry-logins.ts'
import { limitsOf } from './resources.ts'
import type { ImageFacts, ImageSpec, Images, Mount, Root } from './runtime.ts'
import { containerName } from './runtimes/docker/identity.ts'
import { usualPolicy } from './runtimes/docker/reference.ts'
import { imageSecurity } from './security.ts'
import { progressFileOf, stepVariables } from './step-variables.ts'

/** Everything a runtime with images needs to start attempt number `attempt`. Throws `Refusal`. */
export async function buildImageContainer(
  container: Container,
  attempt: number,
  from: Ingredients,
): Promise<Built> {
  const { world, pod, paths } = from
  const played = imageOf(container, world.images)
  const image = await ensure(played.name, container, from)
  const { network, host, api } = await placeOf(from, container)
  const names = network.kind === 'shared' ? hostsOfNetwork(from, host) : undefined
  const env = await environment(pod, container, {
    references: from.references,
    host,
    image: { ...played.env, ...(await world.names.linksFor(pod)).variables, ...api?.env },
  })
  const progress = progressFileOf(container, attempt, from)
  Object.assign(env, stepVariables(container, from, progress?.path))
  const dir = paths.container(container.name, attempt)
  const limits = limitsOf(container, pod)
  return {
    spec: {
      dir,
      scratch: paths.scratch(container.name, attempt),
      ...programOf({ ...image, name: played.name }, container, env),
      env,
      workingDir: expand(container.workingDir ?? '', (name) => env[name]),
      mounts: byDepth([
        ...volumeMounts(withReadOnly(container, pod), from.volumes, env),
        ...from.staged.map((one): Mount => ({ ...one, readOnly: false })),
        messageMount(container, dir),
        ...(names ? [names] : []),
        ...(progress?.shared ? [await makeShared(progress.shared, from)] : []),
      ]),
      ...paths.log(container.name, attempt, from.split),
      hostname: hostnameOf(pod),
      ...(limits && { limits }),
      image: {
        ...{ network, labels: labelsOf(pod, container), isProcess1: !isUnderArgo(pod, container) },
        ...imageSecurity(pod, container, image.user),
        sharesProcesses: pod.spec.hostPID === true,
        sharesIpc: pod.spec.hostIPC === true,
      },
      ...(await targetOf(container, from)),
    },
  }
}

/** What plays the container's image: itself, unless the user's rules name another one. */
function imageOf({ image = '' }: Container, rules: ImageMap) {
  const rule = findImage(rules, image)
  if (!rule) return { name: image, env: {} }
  if (typeof rule.run === 'object' && 'image' in rule.run) {
    return { name: rule.run.image, env: rule.env ?? {} }
  }
  throw new Refusal(
    'ErrImagePull',
    `images.yaml has image "${image}" played by this machine, which the docker runtime cannot: remove the rule ` +
      `"${rule.match}", or give it an image: { match: "${shortName(image)}", run: { image: NAME } }`,
    false,
  )
}

function ensure(name: string, container: Container, from: Ingredients): Promise<ImageFacts> {
  const { world, pod } = from
  return imagesOf(from).ensure({
    name,
    policy: policyOf(container, name),
    logins: () => registryLogins(pod, from.references),
    tell: (words) => world.events.emit(pod, { type: 'Normal', ...words }),
  })
}

function imagesOf({ world }: Ingredients): Images {
  if (world.runtime.images) return world.runtime.images
  throw new Error(`the runtime ${world.runtime.name} has no images`)
}

function policyOf({ imagePullPolicy }: Container, name: string) {
  switch (imagePullPolicy) {
    case 'Always':
    case 'IfNotPresent':
    case 'Never':
      return imagePullPolicy
    default:
      return usualPolicy(name)
  }
}

/** A command drops the image's own, args alone take the place of its arguments only. */
function programOf(
  { name, ...image }: ImageFacts & { readonly name: string },
  container: Container,
  env: Readonly<Record<string, string>>,
): { readonly argv: readonly string[]; readonly root: Root } {
  const { command = [], args = [] } = container
  const argv = [...command, ...args].map((word) => expand(word, (variable) => env[variable]))
  if (hasConsole(container) && command.length === 0) {
    // It is started beside one that waits: the engine would not know of what.
    const whole = [...image.entrypoint, ...(args.length > 0 ? argv : image.command)]
    return { argv: whole, root: { kind: 'image', name, argv: 'entrypoint' } }
  }
  const takes = command.length > 0 ? 'entrypoint' : 'command'
  return { argv, root: { kind: 'image', name, argv: takes } }
}

interface Place {
  readonly network: ImageSpec['network']
  /** The machine as it is seen from there. */
  readonly host: HostFacts
  /** How the API is reached from there. */
  readonly api: { readonly env: Readonly<Record<string, string>> } | undefined
}

async function placeOf(from: Ingredients, container: Container): Promise<Place> {
  const { world, pod, paths, host } = from
  const { networks } = world.runtime
  if (!networks || pod.spec.hostNetwork === true)
    return { network: { kind: 'host' }, host, api: world.api }
  const api = world.relay ?? world.api
  const hosts = [...(world.relay?.hosts ?? []), ...hostsOf(pod), ...servicesOf(from)]
  if (!sharesNetwork(pod)) {
    const guest = guestNetwork(container, from)
    return { network: guest ?? { kind: 'own', hosts }, host, api }
  }
  await from.makeRoot()
  const wanted = { hostname: hostnameOf(pod), hosts, labels: podLabels(pod) }
  const { id, address } = await networks.open(paths.root, wanted)
  const network = { kind: 'shared', id } as const
  if (address === undefined) return { network, host, api }
  from.tellAddress(address)
  return { network, host: { ...host, podIP: address }, api }
}

/** Where a container is that was put into a pod whose only one has a network of its own: in that. */
function guestNetwork(
  { name }: Container,
  { pod, paths }: Ingredients,
): ImageSpec['network'] | undefined {
  const [main] = pod.spec.containers
  if (!main || !pod.spec.ephemeralContainers?.some((one) => one.name === name)) return undefined
  const { restartCount = 0 } =
    pod.status?.containerStatuses?.find((one) => one.name === main.name) ?? {}
  return { kind: 'shared', id: containerName(paths.container(main.name, restartCount)) }
}

/** A pod that is there for a while hears of services that come later; the engine's own file would be fixed. */
function hostsOfNetwork(from: Ingredients, host: HostFacts): Mount | undefined {
  const relayed = (from.world.relay?.hosts ?? []).map((one) => {
    const colon = one.indexOf(':')
    return { ip: one.slice(colon + 1), names: [one.slice(0, colon)] }
  })
  return hostsMount({ ...from, host }, () => `${loopback}${textOfLines(relayed)}`)
}

const loopback = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n'

/** A container that is started once knows those that are there now. */
function servicesOf({ world, pod }: Ingredients): readonly string[] {
  if (!world.names.concern(pod)) return []
  const lines = world.names.linesFor(pod.metadata.namespace ?? 'default')
  return lines.flatMap(({ ip, names }) => names.map((name) => `${name}:${ip}`))
}

function hostnameOf({ spec, metadata }: Pod): string {
  return (spec.hostname ?? metadata.name ?? '').slice(0, 63)
}

// argo: the emissary runs main containers and sidecars as its children; init containers are the kubelet's.
function isUnderArgo({ spec, metadata }: Pod, { name }: Container): boolean {
  const ofWorkflow = metadata.labels?.['workflows.argoproj.io/workflow'] !== undefined
  return ofWorkflow && !spec.initContainers?.some((one) => one.name === name)
}

/** As every container of a Kubernetes has them: tools of the engine show and filter by them. */
function labelsOf(pod: Pod, { name }: Container): Readonly<Record<string, string>> {
  return { ...podLabels(pod), 'io.kubernetes.container.name': name }
}

function podLabels({ metadata }: Pod): Readonly<Record<string, string>> {
  return {
    'io.kubernetes.pod.name': metadata.name ?? '',
    'io.kubernetes.pod.namespace': metadata.namespace ?? 'default',
    'io.kubernetes.pod.uid': metadata.uid ?? '',
  }
}

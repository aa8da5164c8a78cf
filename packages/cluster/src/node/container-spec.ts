import { chmod, mkdir } from 'node:fs/promises'
import type { Container, Pod, StepPlan } from '@argosy/engine'
import type { Staged } from '@argosy/executor'
import { withPauses } from './debug-pause.ts'
import type { HostFacts } from './downward.ts'
import { environment } from './environment.ts'
import { expand } from './expand.ts'
import { hostsMount } from './hosts-file.ts'
import type { PodLayout } from './layout.ts'
import { byDepth, volumeMounts } from './mounts.ts'
import { argvOf, programOf } from './program.ts'
import type { References } from './references.ts'
import { Refusal } from './refusal.ts'
import { resolvMount } from './resolv-file.ts'
import { limitsOf } from './resources.ts'
import type { ContainerSpec, Mount, Root } from './runtime.ts'
import { userOf } from './security.ts'
import type { ServiceLinks } from './service-links.ts'
import { progressFileOf, stepVariables } from './step-variables.ts'
import { lacksTracing } from './supported-fields.ts'
import { messageFileOf } from './termination-message.ts'
import type { Volumes } from './volumes.ts'
import type { World } from './world.ts'

/** What a container is made from, beside its own fields. */
export interface Ingredients {
  readonly world: World
  readonly host: HostFacts
  readonly pod: Pod
  /** Of a step's pod. */
  readonly plan: StepPlan | undefined
  readonly paths: PodLayout
  readonly volumes: Volumes
  readonly references: References
  /** Input artifacts and the script, for main containers. */
  readonly staged: readonly Staged[]
  /** Standard output in a file of its own. */
  readonly split: boolean
  /** Called before something is put below `paths.root`. */
  makeRoot(): Promise<void>
  /** All containers of the pod are to see each other's processes. */
  shareProcesses(): Promise<Pick<ContainerSpec, 'processesOf'>>
  /** The pod has an address of its own, and it is known now. */
  tellAddress(address: string): void
}

export interface Built {
  readonly spec: ContainerSpec
}

/** Everything the runtime needs to start attempt number `attempt`. Throws `Refusal`. */
export async function buildContainer(
  container: Container,
  attempt: number,
  from: Ingredients,
): Promise<Built> {
  const { world, pod, paths } = from
  const program = programOf(container, world.images, world.layout.images)
  if (program.root.kind === 'host') tellImage(container, from)
  if (lacksTracing(container, world.runtime)) tellLack(container, from)
  const found = await world.names.linksFor(pod)
  const own = await environment(pod, container, {
    references: from.references,
    host: from.host,
    image: { ...program.env, ...world.api?.env },
    services: found.variables,
  })
  const progress = progressFileOf(container, attempt, from)
  Object.assign(own, stepVariables(container, from, progress?.path))
  const { env, links, seen } = withLinks(own, found)
  const dir = paths.container(container.name, attempt)
  const scratch = paths.scratch(container.name, attempt)
  const user = userOf(pod, container)
  const limits = limitsOf(container, pod)
  const mounts = [
    ...program.mounts,
    ...mountsOf(container, from, { env: seen, root: program.root }),
    ...(world.runtime.name === 'process' ? [] : [messageMount(container, dir)]),
    ...(progress?.shared ? [await makeShared(progress.shared, from)] : []),
  ]
  if (program.root.kind === 'host') mounts.unshift(...world.hidden)
  const words = argvOf(container, program, seen)
  const argv = progress ? withPauses(words, container, { env, runtime: world.runtime }) : words
  return {
    spec: {
      dir,
      scratch,
      ...(world.runtime.name === 'process'
        ? inPlace(argv, mounts)
        : { argv, mounts: byDepth(mounts) }),
      env,
      ...(links && { links }),
      workingDir: workingDir(container, seen, world.runtime.name === 'process' ? scratch : '/'),
      root: program.root,
      ...paths.log(container.name, attempt, from.split),
      hostname: (pod.spec.hostname ?? pod.metadata.name ?? '').slice(0, 63),
      ...(user && { user }),
      ...(limits && { limits }),
      ...(await targetOf(container, from)),
    },
  }
}

interface Variables {
  readonly env: Record<string, string>
  readonly links?: ServiceLinks
  /** All of them, for `$(NAME)`. */
  readonly seen: Readonly<Record<string, string>>
}

/** Whole namespaces share theirs, so they are not copied for each container, unless it has one of that name itself. */
function withLinks(env: Record<string, string>, links: ServiceLinks): Variables {
  if (links.count === 0) return { env, seen: env }
  const { variables } = links
  if (Object.keys(env).some((name) => Object.hasOwn(variables, name))) {
    const all = { ...variables, ...env }
    return { env: all, seen: all }
  }
  return { env, links, seen: Object.assign(Object.create(variables), env) }
}

/** Whose processes a container is to see beside its own. Throws `Refusal` while that one does not run. */
export async function targetOf(
  { name }: Container,
  { pod, paths, shareProcesses }: Ingredients,
): Promise<Pick<ContainerSpec, 'processesOf'>> {
  if (pod.spec.shareProcessNamespace === true) return shareProcesses()
  const { ephemeralContainers = [] } = pod.spec
  const target = ephemeralContainers.find((one) => one.name === name)?.targetContainerName
  if (!target) return {}
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {}
  const found = [...initContainerStatuses, ...containerStatuses].find((one) => one.name === target)
  if (found?.state?.running)
    return { processesOf: paths.container(target, found.restartCount ?? 0) }
  throw new Refusal('CreateContainerError', `the target container "${target}" does not run`)
}

/** Its volumes, what is staged for it, and the names it is to know. */
function mountsOf(
  container: Container,
  from: Ingredients,
  { env, root }: { readonly env: Readonly<Record<string, string>>; readonly root: Root },
): readonly Mount[] {
  const { world, pod, volumes, staged } = from
  const hosts = hostsMount(from)
  const resolver = resolvMount(world, pod, root)
  return [
    ...volumeMounts(withReadOnly(container, pod), volumes, env),
    ...staged.map((one): Mount => ({ ...one, readOnly: false })),
    ...(hosts ? [hosts] : []),
    ...(resolver ? [resolver] : []),
  ]
}

export async function makeShared(mount: Mount, { makeRoot }: Ingredients): Promise<Mount> {
  await makeRoot()
  await mkdir(mount.source, { recursive: true })
  await chmod(mount.source, 0o777)
  return mount
}

/** A claim that the pod has for reading only is so for each of its containers; what is projected always is. */
export function withReadOnly(container: Container, { spec }: Pod): Container {
  const fixed =
    spec.volumes?.filter(
      ({ persistentVolumeClaim, projected }) => persistentVolumeClaim?.readOnly || projected,
    ) ?? []
  if (fixed.length === 0 || container.volumeMounts === undefined) return container
  const names = new Set(fixed.map(({ name }) => name))
  const volumeMounts = container.volumeMounts.map((mount) =>
    names.has(mount.name) ? { ...mount, readOnly: true } : mount,
  )
  return { ...container, volumeMounts }
}

function tellLack({ name }: Container, { world, pod }: Ingredients): void {
  world.events.emitOnce(`${pod.metadata.uid}/${name}/SYS_PTRACE`, pod, {
    ...{ type: 'Warning', reason: 'CapabilityNotGiven' },
    message: `container ${name} runs without SYS_PTRACE: a sandbox gives no capability beyond Docker's default ones`,
  })
}

/** Once for each image in the life of a node. */
function tellImage({ image = '' }: Container, { world, pod }: Ingredients): void {
  world.events.emitOnce(`image/${image}`, pod, {
    type: 'Normal',
    reason: 'ImagePlayedByHost',
    message: `Image "${image}" is played by this machine's own programs (images.yaml says what plays what)`,
  })
}

function workingDir(
  container: Container,
  env: Readonly<Record<string, string>>,
  fallback: string,
): string {
  return container.workingDir ? expand(container.workingDir, (name) => env[name]) : fallback
}

/**
 * A plain process has no mounts. A file that its command line names is named where it really is (the script of a script
 * template, the program of a built-in image); whatever else is mounted stays in the list, and the runtime refuses it.
 */
function inPlace(argv: readonly string[], mounts: readonly Mount[]) {
  const named = new Map(mounts.map(({ source, target }) => [target, source]))
  return {
    argv: argv.map((word) => named.get(word) ?? word),
    mounts: mounts.filter(({ target }) => !argv.includes(target)),
  }
}

const defaultMessagePath = '/dev/termination-log'

/** The file in the container's own directory that the runtime makes for it. */
export function messageMount({ terminationMessagePath }: Container, dir: string): Mount {
  return {
    source: messageFileOf(dir),
    target: terminationMessagePath || defaultMessagePath,
    readOnly: false,
  }
}

import { type Container, isObject, type NodeStatus, type Pod, type Workflow } from '@argosy/engine'

/** What of the copy is not as in the step's own pod. */
export interface DebugChoice {
  readonly container: string
  /** Run by `sh`; without it a shell that somebody speaks to. */
  readonly command?: string
  readonly image?: string
  /** Whoever speaks to it does so at a terminal. */
  readonly tty: boolean
}

export const planKey = 'workflows.argoproj.io/template'
export const nodeIdKey = 'workflows.argoproj.io/node-id'

/** A line comes first: a prompt that is written before somebody is there would be seen by nobody. */
const shell = 'IFS= read -r _; if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi'

/** Somebody may forget it: it does not stay for ever. */
const longestSeconds = 12 * 3600

/**
 * A copy of a step's pod that runs a shell instead of the step's program. It has none of the labels by which its workflow
 * would take it for its own. Throws an Error that says why there can be none.
 */
export function debugPod(pod: Pod, choice: DebugChoice): Pod {
  const { container: wanted } = choice
  const { spec, metadata } = pod
  const main = spec.containers.find(({ name }) => name === wanted)
  if (!main) {
    const names = spec.containers.map(({ name }) => name).join(', ')
    throw new Error(`pod ${metadata.name} has no container ${wanted}: --container one of ${names}`)
  }
  if (main.image === 'argosy')
    throw new Error(`the step is played by the server itself: there is nothing to look into`)
  const plan = planFor(metadata.annotations?.[planKey])
  const others = plan?.isSet ? [] : spec.containers.filter((one) => one !== main)
  const { nodeName: _, activeDeadlineSeconds: __, ephemeralContainers: ___, ...kept } = spec
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${(metadata.name ?? 'step').slice(0, 200)}-debug-`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: { 'app.kubernetes.io/managed-by': 'argosy-debug' },
      ...(plan && { annotations: { [planKey]: plan.text } }),
    },
    spec: {
      ...kept,
      restartPolicy: 'Never',
      activeDeadlineSeconds: longestSeconds,
      terminationGracePeriodSeconds: 0,
      containers: [debugContainer(main, choice), ...others],
    },
  }
}

const ofItsProgram = ['args', 'lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']

/** As the step's, but for its program, and for what would ask how that is. */
function debugContainer(main: Container, { command, image, tty }: DebugChoice): Container {
  const kept = Object.entries(main).filter(([name]) => !ofItsProgram.includes(name))
  return {
    ...(Object.fromEntries(kept) as unknown as Container),
    ...(image !== undefined && { image }),
    command: ['sh', '-c', command ?? shell],
    ...(command === undefined && { stdin: true, stdinOnce: true, tty }),
    env: (main.env ?? []).filter(({ name }) => !name.startsWith('ARGO_DEBUG_PAUSE_')),
  }
}

/** What the node is to do around the copy: bring the inputs, and no more. */
function planFor(text: string | undefined) {
  if (text === undefined) return undefined
  const plan: unknown = JSON.parse(text)
  if (!isObject(plan) || !isObject(plan['template'])) return undefined
  const { deadline: _, ...rest } = plan
  const { outputs: __, containerSet, ...template } = plan['template']
  const copy = { ...rest, template, includeResult: false, isCopy: true }
  return { text: JSON.stringify(copy), isSet: containerSet !== undefined }
}

/** The step that is meant: by its name, id or pod; without a word the one that failed last. Throws an Error with the choice. */
export function stepToDebug(
  { metadata, status }: Workflow,
  wanted: string | undefined,
): NodeStatus {
  const pods = Object.values(status?.nodes ?? {}).filter(({ type }) => type === 'Pod')
  const isMeant = (node: NodeStatus) =>
    wanted === undefined
      ? node.phase === 'Failed' || node.phase === 'Error'
      : [node.id, node.name, node.displayName].includes(wanted) ||
        node.name.startsWith(`${wanted}(`) ||
        node.displayName?.startsWith(`${wanted}(`) === true
  const found = pods.filter(isMeant).toSorted(byEnd).at(-1)
  if (found) return found
  const names = pods.map(({ displayName, name }) => displayName ?? name)
  const what = wanted === undefined ? 'no step that failed' : `no step ${wanted}`
  const choice = names.length === 0 ? '' : `: name one of ${names.slice(0, 20).join(', ')}`
  throw new Error(`workflow ${metadata.name} has ${what}${choice}`)
}

function byEnd(a: NodeStatus, b: NodeStatus): number {
  const [left, right] = [a, b].map(({ finishedAt }) => finishedAt ?? '')
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1
}

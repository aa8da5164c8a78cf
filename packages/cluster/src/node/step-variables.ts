import { join } from 'node:path'
import type { Container, Pod, StepPlan } from '@argosy/engine'
import type { Ingredients } from './container-spec.ts'
import { isPaused } from './debug-pause.ts'
import type { Mount } from './runtime.ts'

const prefix = 'workflows.argoproj.io'

/** How often the progress files of running steps are looked at. */
export const progressTickMs = 3000

/**
 * The node that this pod is the step of; undefined for any other pod, and for those of upstream's controller, which
 * bring executors of their own.
 */
export function stepOf({
  metadata,
  spec,
}: Pod): { readonly id: string; readonly workflow: string } | undefined {
  if (spec.initContainers?.some(isUpstreams)) return undefined
  const id = metadata.annotations?.[`${prefix}/node-id`]
  const workflow = metadata.labels?.[`${prefix}/workflow`]
  return id === undefined || workflow === undefined ? undefined : { id, workflow }
}

function isUpstreams({ name, env }: Container): boolean {
  return name === 'init' && env?.some((one) => one.name === 'ARGO_CONTAINER_NAME') === true
}

/** What upstream's controller tells each container of a step; its word goes before the user's. argo: workflowpod.go. */
export function stepVariables(
  container: Container,
  { pod, plan }: Pick<Ingredients, 'pod' | 'plan'>,
  progressFile: string | undefined,
): Readonly<Record<string, string>> {
  const step = stepOf(pod)
  if (step === undefined) return {}
  const known = container.env?.some(({ name }) => name === 'ARGO_DEADLINE')
  const grace = pod.spec.terminationGracePeriodSeconds
  return {
    ARGO_CONTAINER_NAME: container.name,
    ARGO_NODE_ID: step.id,
    ARGO_WORKFLOW_NAME: step.workflow,
    ARGO_INCLUDE_SCRIPT_OUTPUT: String(plan?.includeResult === true),
    // The engine says so in the pod where there is one.
    ...(!known && { ARGO_DEADLINE: plan?.deadline ?? '0001-01-01T00:00:00Z' }),
    ...(grace !== undefined && { ARGO_TERMINATION_GRACE_PERIOD_SECONDS: String(grace) }),
    ...(progressFile !== undefined && {
      ARGO_PROGRESS_FILE: progressFile,
      ARGO_PROGRESS_PATCH_TICK_DURATION: '1m0s',
      ARGO_PROGRESS_FILE_TICK_DURATION: '3s',
    }),
  }
}

export interface ProgressFile {
  readonly path: string
  /** The folder behind it, where the pod's containers share one. */
  readonly shared?: Mount
}

const folder = '/var/run/argo'

/**
 * Where a container of a step says how far it is. One that speaks of upstream's folder, or of the variable, has that
 * folder; for all others a file in /tmp does, which costs nothing: a directory is what a short step waits for longest.
 */
export function progressFileOf(
  container: Container,
  attempt: number,
  { pod, world, paths, plan }: Pick<Ingredients, 'pod' | 'world' | 'paths' | 'plan'>,
): ProgressFile | undefined {
  if (stepOf(pod) === undefined) return undefined
  if (world.runtime.name === 'process') {
    return { path: join(paths.scratch(container.name, attempt), '.argo-progress') }
  }
  // What is in a Docker Engine's keeping is copied out of it each time that somebody looks.
  const isShared = world.runtime.name === 'docker' || isPaused(container)
  if (!isShared && !mentions(container, plan)) return { path: '/tmp/argo-progress' }
  const shared = { source: join(paths.root, 'argo'), target: folder, readOnly: false }
  return { path: `${folder}/progress`, shared }
}

function mentions(
  { command = [], args = [], env = [] }: Container,
  plan: StepPlan | undefined,
): boolean {
  const words = [...command, ...args, ...env.map(({ value = '' }) => value)]
  const source = plan?.template.script?.source ?? ''
  return [...words, source].some((text) => /ARGO_PROGRESS_FILE|\/run\/argo\b/.test(text))
}

import { readFile, writeFile } from 'node:fs/promises'
import type { Pod, StepPlan } from '@argosy/engine'
import { type Drivers, type Staged, stage } from '@argosy/executor'
import { codeIs } from './code-is.ts'
import type { PodLayout } from './layout.ts'

const annotation = 'workflows.argoproj.io/template'

/** What the controller wants done around this pod's containers; undefined for a pod that is run plainly. */
export function planOf(pod: Pod): StepPlan | undefined {
  const text = pod.metadata.annotations?.[annotation]
  if (text === undefined) return undefined
  const plan = parsed(text)
  const known = typeof plan === 'object' && plan !== null && 'nodeId' in plan && 'template' in plan
  // Upstream writes the bare template here: such a pod brings its own init and wait containers.
  return known ? (plan as StepPlan) : undefined
}

/** Anybody may write an annotation: what is no JSON is no plan. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The containers whose end is the step's end, the others being sidecars; none for a pod that is no step. */
export function mainNames(pod: Pod, plan: StepPlan | undefined): readonly string[] {
  const set = plan?.template.containerSet?.containers
  if (!Array.isArray(set)) return isStep(pod) || plan?.isCopy ? ['main'] : []
  return set.map(({ name }) => name)
}

/** A pod of a workflow without a `wait` container of its own: ending its sidecars is up to us. */
function isStep({ metadata, spec }: Pod): boolean {
  const names = spec.containers.map(({ name }) => name)
  const owned = metadata.labels?.['workflows.argoproj.io/workflow'] !== undefined
  return owned && names.includes('main') && !names.includes('wait')
}

export function needsStaging({ template: { script, inputs } }: StepPlan): boolean {
  return script !== undefined || (inputs?.artifacts?.length ?? 0) > 0
}

/** Stages once in the life of a pod: what an earlier node finished is used as it is. */
export async function stageOnce(
  plan: StepPlan,
  paths: PodLayout,
  surroundings: {
    readonly drivers: Drivers
    readonly signal: AbortSignal
    readonly layers: boolean
    inVolume(path: string): Promise<string | undefined>
  },
  again: boolean,
): Promise<readonly Staged[]> {
  const known = again ? await readStaged(paths.staged) : undefined
  if (known) return known
  const staged = await stage(plan, { dir: paths.inputs, ...surroundings })
  await writeFile(paths.staged, JSON.stringify(staged))
  return staged
}

async function readStaged(path: string): Promise<readonly Staged[] | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as readonly Staged[]
  } catch (error) {
    // Absent, or cut short by a crash while it was written.
    if (codeIs(error, 'ENOENT') || error instanceof SyntaxError) return undefined
    throw error
  }
}

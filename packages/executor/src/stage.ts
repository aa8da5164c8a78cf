import { lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { Artifact, StepPlan } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import type { Driver } from './artifacts/driver.ts'
import { type Drivers, driverOf } from './artifacts/drivers.ts'
import { isLocated } from './artifacts/location.ts'
import { setMode } from './artifacts/tree.ts'
import { StepError } from './step-error.ts'

/** Where a script template's source is, inside the container. */
export const scriptPath = '/argo/staging/script'

/** What must be seen inside the main container: `source` of this machine at `target`. */
export interface Staged {
  readonly source: string
  readonly target: string
  /** Nobody may write to `source`: what the container writes has to go elsewhere. */
  readonly layered?: true
}

export interface StageSurroundings {
  /** A directory of this step's own, on the machine; it may hold what an interrupted staging left. */
  readonly dir: string
  readonly drivers: Drivers
  /** This machine's path of a container path that a user's volume covers, else undefined. */
  inVolume(path: string): Promise<string | undefined>
  /** Whether a container can be shown files that it may write to without changing them. */
  readonly layers?: boolean
  readonly signal?: AbortSignal
}

/** Brings the script and the input artifacts of a step onto this machine; throws `StepError` in upstream's words. */
export async function stage(
  plan: StepPlan,
  surroundings: StageSurroundings,
): Promise<readonly Staged[]> {
  const { script, inputs } = plan.template
  const artifacts = inputs?.artifacts ?? []
  if (!script && artifacts.length === 0) return []

  await rm(surroundings.dir, { recursive: true, force: true })
  await mkdir(surroundings.dir, { recursive: true })
  const staged: Staged[] = []
  if (script) staged.push(await stageScript(script.source, surroundings.dir))
  for (const artifact of artifacts) {
    const one = await stageArtifact(artifact, surroundings)
    if (one) staged.push(one)
  }
  return staged
}

async function stageScript(source: string, dir: string): Promise<Staged> {
  const path = join(dir, 'script')
  await writeFile(path, source, { mode: 0o755 })
  return { source: path, target: scriptPath }
}

/** The machine's file to mount; undefined when nothing needs to be mounted. */
async function stageArtifact(
  artifact: Artifact,
  surroundings: StageSurroundings,
): Promise<Staged | undefined> {
  if (!isLocated(artifact)) {
    if (artifact.optional) return undefined
    throw new StepError(`required artifact '${artifact.name}' not supplied`)
  }
  const target = cleanPath(artifact)
  const inVolume = await surroundings.inVolume(target)
  const source = inVolume ?? join(surroundings.dir, 'artifacts', fileName(artifact))
  await mkdir(dirname(source), { recursive: true })
  const layers = surroundings.layers === true && inVolume === undefined
  const how = await load(artifact, source, { ...surroundings, layers })
  if (how === 'absent') return undefined
  if (artifact.mode !== undefined) {
    await setMode(source, artifact.mode, artifact.recurseMode === true)
  }
  if (inVolume !== undefined) return undefined
  return { source, target, ...(how === 'lent' && { layered: true }) }
}

/** `absent`: an optional artifact is not there. */
async function load(
  artifact: Artifact,
  source: string,
  { drivers, signal, layers }: StageSurroundings,
): Promise<'absent' | 'lent' | 'loaded'> {
  await clear(source)
  try {
    const driver = driverOf(drivers, artifact)
    if (layers && (await borrow(driver, artifact, source))) return 'lent'
    await driver.load(artifact, source, signal)
    return 'loaded'
  } catch (error) {
    if (artifact.optional && error instanceof StatusError && error.reason === 'NotFound') {
      return 'absent'
    }
    throw new StepError(`artifact ${artifact.name} failed to load: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** An interrupted staging may have left half of it in a user's volume. */
async function clear(source: string): Promise<void> {
  for (const rest of ['', '.tmp', '.tmpdir']) {
    await rm(source + rest, { recursive: true, force: true })
  }
}

/** False when the step needs files of its own: it wants other modes than the kept ones have. */
async function borrow(driver: Driver, artifact: Artifact, source: string): Promise<boolean> {
  const { mode, recurseMode } = artifact
  if (!driver.lend || (mode !== undefined && recurseMode)) return false
  if (!(await driver.lend(artifact, source))) return false
  const entry = await lstat(source)
  if (mode === undefined || entry.isDirectory() || (entry.mode & 0o7777) === mode) return true
  await clear(source)
  return false
}

/** Anybody may write the plan of a pod: a name is no way out of its folder. */
function fileName({ name }: Artifact): string {
  if (name === posix.basename(name) && !['', '.', '..'].includes(name)) return name
  throw new StepError(`artifact ${name}: its name must not be a path`)
}

function cleanPath(artifact: Artifact): string {
  const path = posix.normalize(artifact.path ?? '')
  if (path.startsWith('/') && path !== '/') return path.replace(/\/$/, '')
  throw new StepError(`artifact ${artifact.name}: path must be absolute, not ${artifact.path}`)
}

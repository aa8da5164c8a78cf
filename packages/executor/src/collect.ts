import { createReadStream, createWriteStream } from 'node:fs'
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Artifact, Outputs, Parameter, StepPlan } from '@argosy/engine'
import { type Drivers, driverOf } from './artifacts/drivers.ts'
import { locate } from './artifacts/location.ts'
import { codeOf } from './artifacts/tree.ts'
import { parameterFile } from './parameter-file.ts'
import { readVerdict, type Verdict } from './verdict.ts'

/** A step's main container after it has ended. */
export interface Ended {
  /** This machine's path of a path inside the container; undefined when nothing is there. */
  resolve(path: string): Promise<string | undefined>
  /** The file with its standard output alone. */
  readonly stdout: string
  /** Where its volumes are mounted. */
  readonly mounts?: readonly string[]
  /** Each container's log, in one file or in two that belong together. */
  readonly logs: readonly { readonly container: string; readonly files: readonly string[] }[]
  /** True when nobody can write to this file of the machine any more. */
  isSettled(path: string): boolean
  readonly drivers: Drivers
  readonly signal?: AbortSignal
  /** Errors that say nothing of the step, but of this moment: they are thrown, and whoever asked may ask again. Default: none. */
  isPassing?(error: unknown): boolean
}

interface Step {
  readonly plan: StepPlan
  readonly ended: Ended
}

export interface Collected {
  readonly outputs: Outputs
  /** The first thing that went wrong, in upstream's words; what could be had is in `outputs` all the same. */
  readonly error?: string
  /** What one of our own programs says of its node. */
  readonly verdict?: Verdict
}

/** Reads a step's result, output parameters and artifacts, in upstream's order. */
export async function collect(plan: StepPlan, ended: Ended): Promise<Collected> {
  const declared = plan.template.outputs?.parameters ?? []
  const result = await tried(ended, plan.includeResult, () => readResult(ended.stdout))
  const parameters = await readParameters(declared, plan, ended)
  const saved = await saveArtifacts(plan, ended)
  const logs = await tried(ended, archivesLogs(plan), () => saveLogs(plan, ended))
  const verdict = await verdictOf(plan, ended)
  const artifacts = [...saved.artifacts, ...(logs.value ?? [])]
  const error = result.error ?? parameters.error ?? saved.error ?? logs.error
  return {
    outputs: {
      ...(result.value !== undefined && { result: result.value }),
      ...(areReported(plan, parameters.values) && { parameters: parameters.values }),
      ...(artifacts.length > 0 && { artifacts }),
      ...verdict?.outputs,
    },
    ...(error !== undefined && { error }),
    ...(verdict && { verdict }),
  }
}

/** A resource template that fails reports none at all. */
function areReported({ template }: StepPlan, values: readonly Parameter[]): boolean {
  if (values.length === 0) return false
  return template.resource === undefined || values.every(({ value }) => value !== undefined)
}

/** Only programs of our own leave one: what a user's program puts there is its own business. */
async function verdictOf({ template }: StepPlan, ended: Ended): Promise<Verdict | undefined> {
  const { http, plugin, data } = template
  if (!http && !plugin && !data) return undefined
  return readVerdict(async (path) => {
    const file = await ended.resolve(path)
    return file === undefined ? undefined : readFile(file, 'utf8')
  })
}

interface Tried<T> {
  readonly value?: T
  readonly error?: string
}

async function tried<T>(ended: Ended, wanted: boolean, work: () => Promise<T>): Promise<Tried<T>> {
  if (!wanted) return {}
  try {
    return { value: await work() }
  } catch (error) {
    if (ended.isPassing?.(error)) throw error
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

async function saveArtifacts(
  plan: StepPlan,
  ended: Ended,
): Promise<{ readonly artifacts: readonly Artifact[]; readonly error?: string }> {
  const artifacts: Artifact[] = []
  let error = ''
  for (const artifact of plan.template.outputs?.artifacts ?? []) {
    const saved = await tried(ended, true, () => saveArtifact(artifact, plan, ended))
    if (saved.value) artifacts.push(saved.value)
    // argo: SaveArtifacts strings the messages together like this.
    if (saved.error !== undefined) error += `${saved.error}; `
  }
  return { artifacts, ...(error !== '' && { error }) }
}

async function saveLogs(plan: StepPlan, ended: Ended): Promise<readonly Artifact[]> {
  const saved: Artifact[] = []
  for (const log of ended.logs) {
    const one = await saveLog(log, plan, ended)
    if (one) saved.push(one)
  }
  return saved
}

const resultLimit = 256 * 1024

/** One trailing newline off, then the last 256 KiB. */
async function readResult(path: string): Promise<string> {
  const file = await open(path).catch((error) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const length = Math.min(size, resultLimit + 1)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const end = buffer.at(-1) === 0x0a ? length - 1 : length
    return buffer.toString('utf8', Math.max(0, end - resultLimit), end)
  } finally {
    await file.close()
  }
}

/** What comes after one that cannot be read is not read any more; it is reported without a value. */
async function readParameters(
  parameters: readonly Parameter[],
  plan: StepPlan,
  ended: Ended,
): Promise<{ readonly values: readonly Parameter[]; readonly error?: string }> {
  const values: Parameter[] = []
  for (const parameter of parameters) {
    const path = parameterFile(parameter)
    const read = await tried(ended, path !== '', () => readValue(parameter, path, { plan, ended }))
    if (read.error !== undefined) {
      return { values: [...values, ...parameters.slice(values.length)], error: read.error }
    }
    values.push(read.value === undefined ? parameter : { ...parameter, value: read.value })
  }
  return { values }
}

async function readValue(parameter: Parameter, path: string, step: Step): Promise<string> {
  const file = await step.ended.resolve(path)
  const fallback = parameter.valueFrom?.default
  try {
    if (file !== undefined) return trimNewline(await readFile(file, 'utf8'))
  } catch (error) {
    if (fallback === undefined || step.ended.isPassing?.(error)) throw error
  }
  if (fallback !== undefined) return trimNewline(String(fallback))
  throw new Error(`open ${seenByWait(step, 'parameters', path)}: no such file or directory`)
}

const mainFiles = '/mainctrfs'

/** argo: where the wait container looks: in the same volume, or where the emissary has put its copy. */
function seenByWait({ plan, ended }: Step, kind: 'parameters' | 'artifacts', path: string): string {
  const places = [...(ended.mounts ?? []), ...inputPlaces(plan.template)]
  return places.some((place) => isWithin(path, place))
    ? posix.join(mainFiles, path)
    : posix.join('/var/run/argo/outputs', kind, path)
}

function inputPlaces({ inputs }: StepPlan['template']): readonly string[] {
  return (inputs?.artifacts ?? []).flatMap(({ path, optional }) =>
    path === undefined || optional === true ? [] : [path],
  )
}

function isWithin(path: string, place: string): boolean {
  const rest = posix.relative(place, path)
  return rest !== '..' && !rest.startsWith('../')
}

function trimNewline(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

/** The artifact with its location; undefined when an optional one is not there. */
async function saveArtifact(
  artifact: Artifact,
  plan: StepPlan,
  ended: Ended,
): Promise<Artifact | undefined> {
  const path = (artifact.path ?? '').replace(/(?<=.)\/+$/, '')
  const source = await ended.resolve(path)
  if (source === undefined || !(await exists(source))) {
    if (artifact.optional) return undefined
    const where = seenByWait({ plan, ended }, 'artifacts', path)
    throw new Error(
      where.startsWith(mainFiles)
        ? `stat ${where}: no such file or directory`
        : `open ${where}.tgz: no such file or directory`,
    )
  }
  const kept = artifact.path === undefined ? artifact : { ...artifact, path }
  const located = locate(kept, plan.archiveLocation, fileNameOf(artifact, path))
  await driverOf(ended.drivers, located).save(
    { path: source, name: basename(path), settled: ended.isSettled(source) },
    located,
    ended.signal,
  )
  return located
}

function archivesLogs({ archiveLocation }: StepPlan): boolean {
  return 'archiveLogs' in archiveLocation && archiveLocation.archiveLogs === true
}

/** argo: saveContainerLogs; a plain file `<container>.log`, known as the artifact `<container>-logs`. */
async function saveLog(
  { container, files: [path, ...more] }: Ended['logs'][number],
  plan: StepPlan,
  ended: Ended,
): Promise<Artifact | undefined> {
  if (path === undefined) return undefined
  // The log of a container that said nothing may be missing.
  for (const file of [path, ...more]) await writeFile(file, '', { flag: 'a' })
  const plain: Artifact = { name: `${container}-logs`, archive: { none: {} } }
  const located = locate(plain, plan.archiveLocation, `${container}.log`)
  const whole = more.length > 0 ? await joined([path, ...more]) : path
  const source = { path: whole, name: `${container}.log`, settled: false }
  await driverOf(ended.drivers, located).save(source, located, ended.signal)
  if (whole !== path) await rm(whole, { force: true })
  const { archive: _, ...artifact } = located
  return artifact
}

/** Both files as readers of the log see them: standard output, then standard error. */
async function joined(paths: readonly string[]): Promise<string> {
  const whole = `${paths[0]}.joined`
  await writeFile(whole, '')
  for (const path of paths) {
    await pipeline(createReadStream(path), createWriteStream(whole, { flags: 'a' }))
  }
  return whole
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function fileNameOf(artifact: Artifact, path: string): string {
  if (artifact.archive?.none) return basename(path)
  return artifact.archive?.zip ? `${artifact.name}.zip` : `${artifact.name}.tgz`
}

import { open, readFile, stat } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import type { Artifact, Outputs, Parameter, StepPlan } from '@argosy/engine'
import { type Drivers, driverOf } from './artifacts/drivers.ts'
import { locate } from './artifacts/location.ts'
import { codeOf } from './artifacts/tree.ts'

/** A step's main container after it has ended. */
export interface Ended {
  /** This machine's path of a path inside the container; undefined when nothing is there. */
  resolve(path: string): Promise<string | undefined>
  /** The file with its standard output alone. */
  readonly stdout: string
  /** True when nobody can write to this file of the machine any more. */
  isSettled(path: string): boolean
  readonly drivers: Drivers
  readonly signal?: AbortSignal
}

export interface Collected {
  readonly outputs: Outputs
  /** The first thing that went wrong, in upstream's words; what could be had is in `outputs` all the same. */
  readonly error?: string
}

/** Reads a step's result, output parameters and artifacts, in upstream's order. */
export async function collect(plan: StepPlan, ended: Ended): Promise<Collected> {
  const errors: string[] = []
  const keep = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }
  const { parameters = [], artifacts = [] } = plan.template.outputs ?? {}
  const result = plan.includeResult ? await keep(readResult(ended.stdout)) : undefined
  const values = parameters.length > 0 ? await keep(readParameters(parameters, ended)) : undefined
  const saved: Artifact[] = []
  const failed: string[] = []
  for (const artifact of artifacts) {
    const one = await saveArtifact(artifact, plan, ended).catch((error: Error) => {
      failed.push(error.message)
    })
    if (one) saved.push(one)
  }
  // argo: SaveArtifacts ends every message with this.
  if (failed.length > 0) errors.push(failed.map((message) => `${message}; `).join(''))
  return {
    outputs: {
      ...(result !== undefined && { result }),
      ...(values !== undefined && { parameters: values }),
      ...(saved.length > 0 && { artifacts: saved }),
    },
    ...(errors[0] !== undefined && { error: errors[0] }),
  }
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

async function readParameters(
  parameters: readonly Parameter[],
  ended: Ended,
): Promise<readonly Parameter[]> {
  const values: Parameter[] = []
  for (const parameter of parameters) {
    const path = parameter.valueFrom?.path
    values.push(path ? { ...parameter, value: await readValue(parameter, path, ended) } : parameter)
  }
  return values
}

async function readValue(parameter: Parameter, path: string, ended: Ended): Promise<string> {
  const file = await ended.resolve(path)
  const fallback = parameter.valueFrom?.default
  try {
    if (file !== undefined) return trimNewline(await readFile(file, 'utf8'))
  } catch (error) {
    if (fallback === undefined) throw error
  }
  if (fallback !== undefined) return trimNewline(String(fallback))
  // argo: where the emissary would have put the copy.
  throw new Error(
    `open ${posix.join('/var/run/argo/outputs/parameters', path)}: no such file or directory`,
  )
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
    throw new Error(
      `open ${posix.join('/var/run/argo/outputs/artifacts', `${path}.tgz`)}: no such file or directory`,
    )
  }
  const located = locate(artifact, plan.archiveLocation, fileNameOf(artifact, path))
  await driverOf(ended.drivers, located).save(
    { path: source, name: basename(path), settled: ended.isSettled(source) },
    located,
    ended.signal,
  )
  return located
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

import {
  type Artifact,
  evaluateExpression,
  goJson,
  isObject,
  type Json,
  type JsonObject,
} from '@argosy/engine'
import { driverOf } from '../artifacts/drivers.ts'
import type { BuiltInCall } from '../built-in.ts'
import { leaveVerdict } from '../verdict.ts'

/** The program behind data templates: argo's `argoexec data`. */
export async function dataProgram(call: BuiltInCall): Promise<number> {
  const template = call.plan?.template.data
  if (!template) throw new Error('the pod has no data template')
  try {
    const source = await sourced(template, call)
    const result = goJson(transformed(source, template['transformation']))
    call.print(`${result}\n`)
    await leaveVerdict(call, { outputs: { result } })
    return 0
  } catch (error) {
    call.signal.throwIfAborted()
    throw new Error(`unable to process data template: ${wordsOf(error)}`, { cause: error })
  }
}

async function sourced(template: JsonObject, call: BuiltInCall): Promise<unknown> {
  try {
    return await listed(template['source'], call)
  } catch (error) {
    call.signal.throwIfAborted()
    throw new Error(`unable to process data source: ${wordsOf(error)}`, { cause: error })
  }
}

async function listed(
  source: Json | undefined,
  { drivers, signal }: BuiltInCall,
): Promise<readonly string[]> {
  const paths = isObject(source) ? source['artifactPaths'] : undefined
  if (!isObject(paths)) throw new Error('no valid source is used for data template')
  const artifact = paths as unknown as Artifact
  try {
    return await driverOf(drivers, artifact).list(artifact, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw new Error(`unable to source artifact paths: ${wordsOf(error)}`, { cause: error })
  }
}

function transformed(source: unknown, steps: Json | undefined): unknown {
  let data = source
  for (const [index, step] of (Array.isArray(steps) ? steps : []).entries()) {
    const expression = isObject(step) ? step['expression'] : undefined
    if (typeof expression !== 'string' || expression === '') continue
    const found = evaluateExpression(expression, { data })
    if ('error' in found) {
      throw new Error(
        `unable to process data transformation: error processing data step ${index}: ${found.error}`,
      )
    }
    data = found.value
  }
  return data
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

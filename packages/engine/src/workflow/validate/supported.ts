import { isObject, type JsonObject } from '../../spec/json.ts'
import type { Problem } from '../../spec/problem.ts'
import type { Synchronization } from '../../spec/synchronization.ts'
import type {
  Artifact,
  ArtifactLocation,
  Invocation,
  LifecycleHook,
  RetryStrategy,
  Template,
  WorkflowSpec,
} from '../../spec/workflow.ts'
import {
  type Unsupported,
  unsupportedInHdfs,
  unsupportedInLock,
  unsupportedInRetry,
  unsupportedInSpec,
  unsupportedInTemplate,
  unsupportedLocations,
  unsupportedOutputLocations,
} from './supported.table.ts'

/**
 * What this engine would have to ignore to run a workflow: the run is refused instead. Takes the
 * spec that counts (with its stored template and defaults merged in); paths begin with `at`.
 */
export function unsupported(spec: WorkflowSpec, at = 'spec'): Problem[] {
  return [
    ...inTable(spec, unsupportedInSpec, at),
    ...hooksOf(spec.hooks, at),
    ...locksOf(spec.synchronization, at),
    ...retryOf(spec.retryStrategy, at),
    ...artifactsOf(spec.arguments?.artifacts, `${at}.arguments`, unsupportedLocations),
    ...(spec.templateDefaults ? templateOf(spec.templateDefaults, `${at}.templateDefaults`) : []),
    ...(spec.templates ?? []).flatMap((template, index) =>
      templateOf(template, `${at}.templates[${index}]`),
    ),
  ]
}

function refusal(
  path: string,
  reason: string,
  what = path.slice(path.lastIndexOf('.') + 1),
): Problem {
  return { path, message: `${what} is not supported: ${reason}` }
}

function inTable(object: object, table: Unsupported, at: string): Problem[] {
  return Object.entries(object).flatMap(([field, value]) => {
    const reason = Object.hasOwn(table, field) ? table[field] : undefined
    const isSet = value !== undefined && value !== null && value !== false && value !== ''
    return reason !== undefined && isSet ? [refusal(`${at}.${field}`, reason)] : []
  })
}

function templateOf(template: Template, at: string): Problem[] {
  const { inputs, outputs, archiveLocation } = template
  return [
    ...inTable(template, unsupportedInTemplate, at),
    ...locksOf(template.synchronization, at),
    ...retryOf(template.retryStrategy, at),
    ...artifactsOf(inputs?.artifacts, `${at}.inputs`, unsupportedLocations),
    ...artifactsOf(outputs?.artifacts, `${at}.outputs`, unsupportedOutputLocations),
    ...dataOf(template.data, `${at}.data`),
    ...locationOf(archiveLocation ?? {}, unsupportedOutputLocations, `${at}.archiveLocation`),
    ...(template.steps ?? []).flatMap((group, row) =>
      group.flatMap((step, index) => callOf(step, `${at}.steps[${row}][${index}]`)),
    ),
    ...(template.dag?.tasks ?? []).flatMap((task, index) =>
      callOf(task, `${at}.dag.tasks[${index}]`),
    ),
  ]
}

/** What a data template lists is somewhere too. */
function dataOf(data: JsonObject | undefined, at: string): Problem[] {
  const source = data?.['source']
  const paths = isObject(source) ? source['artifactPaths'] : undefined
  return isObject(paths)
    ? locationOf(paths, unsupportedLocations, `${at}.source.artifactPaths`)
    : []
}

function callOf(call: Invocation, at: string): Problem[] {
  return [
    ...hooksOf(call.hooks, at),
    ...artifactsOf(call.arguments?.artifacts, `${at}.arguments`, unsupportedLocations),
    ...(call.inline ? templateOf(call.inline, `${at}.inline`) : []),
  ]
}

function hooksOf(
  hooks: Readonly<Record<string, LifecycleHook>> | undefined,
  at: string,
): Problem[] {
  return Object.entries(hooks ?? {}).flatMap(([name, hook]) => {
    const path = `${at}.hooks.${name}`
    return artifactsOf(hook.arguments?.artifacts, `${path}.arguments`, unsupportedLocations)
  })
}

function retryOf(retry: RetryStrategy | undefined, at: string): Problem[] {
  return retry ? inTable(retry, unsupportedInRetry, `${at}.retryStrategy`) : []
}

function locksOf(synchronization: Synchronization | undefined, at: string): Problem[] {
  return (['mutexes', 'semaphores'] as const).flatMap((kind) =>
    (synchronization?.[kind] ?? []).flatMap((lock, index) =>
      inTable(lock, unsupportedInLock, `${at}.synchronization.${kind}[${index}]`),
    ),
  )
}

function locationOf(
  location: Pick<ArtifactLocation, 'hdfs'>,
  locations: Unsupported,
  at: string,
): Problem[] {
  const hdfs = isObject(location.hdfs) ? location.hdfs : {}
  return [...inTable(location, locations, at), ...inTable(hdfs, unsupportedInHdfs, `${at}.hdfs`)]
}

function artifactsOf(
  artifacts: readonly Artifact[] | undefined,
  at: string,
  locations: Unsupported,
): Problem[] {
  return (artifacts ?? []).flatMap((artifact, index) => {
    return locationOf(artifact, locations, `${at}.artifacts[${index}]`)
  })
}

import { isObject, type JsonObject } from '../spec/json.ts'
import type { Container } from '../spec/pod.ts'
import type { Artifact, ArtifactLocation, Inputs, Template } from '../spec/workflow.ts'
import { backendOf, hasLocation, keyOf, relocated, withKey } from './arguments-location.ts'

/** The image of our own programs. A node plays it itself; on another cluster it is a real image with this name. */
const image = 'argosy'

/** The main container of a template that runs nothing of the user's. What it does stands in the pod's step plan. */
export function ownProgram({ resource, data, http, plugin }: Template): Container | undefined {
  if (resource !== undefined) return program('resource', String(resource['action'] ?? ''))
  if (data !== undefined) return program('data')
  if (http !== undefined) return program('http')
  return plugin === undefined ? undefined : program('plugin')
}

function program(...args: readonly string[]): Container {
  return { name: 'main', image, args, terminationMessagePath: '/dev/termination-log' }
}

/** What the program has to do: the part of the template that says so. */
export function ownPlan(
  { resource, data, http, plugin, inputs }: Template,
  archive: ArtifactLocation,
): Pick<Template, 'resource' | 'data' | 'http' | 'plugin' | 'inputs'> {
  return {
    ...(resource !== undefined && { resource }),
    ...(data !== undefined && { data: dataAt(data, archive) }),
    ...(http !== undefined && { http }),
    ...(plugin !== undefined && { plugin, ...parametersOf(inputs) }),
  }
}

/** What a data template lists is in the archive's place unless it names one of its own. */
function dataAt(data: JsonObject, archive: ArtifactLocation): JsonObject {
  const source = isObject(data['source']) ? data['source'] : {}
  const paths = source['artifactPaths']
  if (!isObject(paths)) return data
  const named = paths as unknown as Artifact
  // argo: Relocate; without a key it is the whole bucket that is listed. Our own folder is not a user's to list.
  const whole = keyOf(named) === '' && !hasLocation(named) && archive.disk === undefined
  const place = whole ? withKey({ ...without(named), ...archive }, '') : relocated(named, archive)
  const artifactPaths = (place ?? named) as unknown as JsonObject
  return { ...data, source: { ...source, artifactPaths } }
}

function without(artifact: Artifact): Artifact {
  const { [backendOf(artifact) as 's3']: _, ...rest } = artifact
  return rest
}

/** A plugin is shown what the template was given. */
function parametersOf(inputs: Inputs | undefined): Pick<Template, 'inputs'> {
  return inputs?.parameters ? { inputs: { parameters: inputs.parameters } } : {}
}

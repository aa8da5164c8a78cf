import { type Artifact, type Workflow, withSubPath } from '@argosy/engine'
import { type Driver, type DriversFor, driverOf } from '@argosy/executor'
import { ApiError, invalid } from '../http/api-error.ts'

export interface Wanted {
  readonly nodeId: string
  readonly name: string
  readonly direction: 'inputs' | 'outputs'
  /** Below the artifact's own key; '' for itself. */
  readonly path: string
}

export interface FoundArtifact {
  readonly artifact: Artifact
  readonly driver: Driver
}

/** An artifact of a node, and how it is reached. Throws `NotFound`. */
export function findArtifact(
  { metadata, status }: Workflow,
  { nodeId, name, direction, path }: Wanted,
  drivers: DriversFor,
): FoundArtifact {
  const node = status?.nodes?.[nodeId]
  if (!node) throw new ApiError('NotFound', `workflow ${metadata.name} has no node ${nodeId}`)
  const own = node[direction]?.artifacts?.find((one) => one.name === name)
  if (!own) {
    throw new ApiError('NotFound', `node ${nodeId} has no artifact ${name} in its ${direction}`)
  }
  if (own.deleted) throw new ApiError('NotFound', `artifact ${name} of node ${nodeId} was deleted`)
  const artifact = path === '' ? own : below(own, path)
  return { artifact, driver: driverOf(drivers(metadata.namespace ?? ''), artifact) }
}

function below(artifact: Artifact, path: string): Artifact {
  if (path.split('/').some((step) => step === '..' || step === '.')) {
    throw invalid(`a path within an artifact has no . and no ..: ${JSON.stringify(path)}`)
  }
  const found = withSubPath(artifact, path)
  if ('problem' in found) throw invalid(found.problem)
  return found.artifact
}

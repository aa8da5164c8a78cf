import { substitute } from '../expr/tags.ts'
import type { StepPlan } from '../spec/status.ts'
import { formatTime } from '../spec/time.ts'
import type {
  Artifact,
  ArtifactLocation,
  ContainerSetTemplate,
  Template,
} from '../spec/workflow.ts'
import { backendOf, hasLocation, relocated } from './arguments-location.ts'
import type { Archive } from './artifact-repository.ts'
import { ownPlan } from './own-program.ts'
import type { PodInput } from './pod-for-input.ts'
import { archivesLogs, needsExecutor } from './pod-for-result.ts'

/** What the executor does around the pod's containers; undefined when there is nothing to do. */
export function stepPlan(
  input: PodInput,
): { readonly plan: StepPlan } | { readonly problem: string } | undefined {
  const { template, nodeId, includeResult, deadlineAt } = input
  const logs = archivesLogs(template, input.spec, input.artifactRepository)
  if (!logs && !needsExecutor(template, includeResult)) return undefined
  const archive = archiveLocation(input)
  if ('problem' in archive) return archive
  const archiveLocationWithLogs = logs
    ? { ...archive.location, archiveLogs: true }
    : archive.location
  return {
    plan: {
      nodeId,
      template: planned(template, archive.location),
      archiveLocation: archiveLocationWithLogs,
      includeResult,
      ...(deadlineAt !== undefined && { deadline: formatTime(deadlineAt) }),
    },
  }
}

/** Everything must be known by now: the key decides where bytes go. */
function archiveLocation(
  input: PodInput,
): { readonly location: ArtifactLocation } | { readonly problem: string } {
  const { template, workflow, podName, artifactRepository, globals } = input
  const own = template.archiveLocation
  const repository = artifactRepository && backendOf(artifactRepository) && artifactRepository
  const location: Archive = own && hasLocation(own) ? own : repository || onDisk(input)
  const { archiveLogs: _, ...place } = location
  const scope = globals.child()
  scope.set('workflow.name', workflow.metadata.name ?? '')
  scope.set('pod.name', podName)
  for (const { name, value } of template.inputs?.parameters ?? []) {
    scope.set(`inputs.parameters.${name}`, value ?? '')
  }
  const { value, problem } = substitute<ArtifactLocation>(place, scope, { final: true })
  return problem === undefined ? { location: value } : { problem }
}

function onDisk({ workflow, podName }: PodInput): ArtifactLocation {
  return { disk: { key: `${workflow.metadata.name ?? ''}/${podName}` } }
}

/** The template as the executor needs it: no parameters that are used up, complete locations. */
function planned(template: Template, archive: ArtifactLocation): Template {
  const { name, container, containerSet, script, inputs, outputs, metadata: _, ...rest } = template
  const artifacts = inputs?.artifacts?.map((artifact) => located(artifact, archive))
  const produced = outputs?.artifacts?.map((artifact) => located(artifact, archive))
  return {
    ...(name !== undefined && { name }),
    ...(rest.daemon !== undefined && { daemon: rest.daemon }),
    ...(container !== undefined && { container: { name: 'main' } }),
    ...(container === undefined &&
      containerSet !== undefined && { containerSet: graphOf(containerSet) }),
    ...ownPlan(template, archive),
    ...(script !== undefined && { script: { name: 'main', source: script.source } }),
    ...(artifacts && artifacts.length > 0 && { inputs: { artifacts } }),
    ...(outputs !== undefined && {
      outputs: { ...outputs, ...(produced && { artifacts: produced }) },
    }),
  }
}

/** Who waits for whom, and how often each is tried: what a container is stands in the pod. */
function graphOf({ containers, retryStrategy }: ContainerSetTemplate): ContainerSetTemplate {
  return {
    containers: containers.map(({ name, dependencies }) => ({
      name,
      ...(dependencies !== undefined && { dependencies }),
    })),
    ...(retryStrategy !== undefined && { retryStrategy }),
  }
}

function located(artifact: Artifact, archive: ArtifactLocation): Artifact {
  return relocated(artifact, archive)
}

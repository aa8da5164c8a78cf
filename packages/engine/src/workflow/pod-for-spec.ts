import type { JsonObject } from '../spec/json.ts'
import type { Container, EnvVar, PodSpec, Volume } from '../spec/pod.ts'
import { formatTime } from '../spec/time.ts'
import type { Template } from '../spec/workflow.ts'
import { avoiding } from './avoid-hosts.ts'
import { memberContainers } from './container-set.ts'
import { ownProgram } from './own-program.ts'
import type { PodInput } from './pod-for-input.ts'

const scriptPath = '/argo/staging/script'

/** The pod's spec: the user's containers, the volumes they mount, and where they may run. */
export function podSpec(
  input: PodInput,
  activeDeadlineSeconds: number | undefined,
): { readonly spec: PodSpec } | { readonly problem: string } {
  const { template } = input
  const mains = mainContainers(template)
  if (mains.length === 0) return { problem: `template '${template.name ?? ''}' runs in no pod` }
  const main = mains.find(({ name }) => name === 'main')
  const sidecars = (template.sidecars ?? []).map((sidecar) => mirrored(sidecar, main))
  const initContainers = (template.initContainers ?? []).map((init) => mirrored(init, main))
  const volumes = volumesFor([...mains, ...sidecars, ...initContainers], input)
  if ('problem' in volumes) return volumes
  const who = identity(input)
  if ('problem' in who) return who
  const deadline = deadlineOf(input)
  const own = initContainers.length > 0 ? [templateVariable(template)] : []
  return {
    spec: {
      restartPolicy: 'Never',
      ...(activeDeadlineSeconds !== undefined && { activeDeadlineSeconds }),
      ...(initContainers.length > 0 && {
        initContainers: initContainers.map((one) => told(one, [...deadline, ...own])),
      }),
      containers: [...mains, ...sidecars].map((one) => told(one, deadline)),
      ...(volumes.volumes.length > 0 && { volumes: volumes.volumes }),
      ...who.fields,
      ...placement(input),
      ...budget(input),
      ...network(input),
    },
  }
}

function mainContainers(template: Template): readonly Container[] {
  const { container, containerSet, script } = template
  if (container !== undefined) return [{ ...container, name: 'main' }]
  if (containerSet !== undefined) return memberContainers(template)
  const own = ownProgram(template)
  if (own !== undefined) return [own]
  if (script === undefined) return []
  const { source, ...rest } = script
  const args = source ? [...(rest.args ?? []), scriptPath] : rest.args
  return [{ ...rest, name: 'main', ...(args && { args }) }]
}

function told(container: Container, variables: readonly EnvVar[]): Container {
  return variables.length === 0
    ? container
    : { ...container, env: [...(container.env ?? []), ...variables] }
}

/** What the node cannot know; all other variables of a step it sets itself. */
function deadlineOf({ deadlineAt }: PodInput): readonly EnvVar[] {
  return deadlineAt === undefined ? [] : [{ name: 'ARGO_DEADLINE', value: formatTime(deadlineAt) }]
}

// Linux takes no longer one.
const longestVariable = 131_072

// argo: workflowpod.go; of the user's containers only those that go before the others have it.
function templateVariable(template: Template): EnvVar {
  const text = JSON.stringify(template)
  return { name: 'ARGO_TEMPLATE', value: text.length < longestVariable ? text : 'offloaded' }
}

type UserContainer = Container & { readonly mirrorVolumeMounts?: boolean }

function mirrored(user: UserContainer, main: Container | undefined): Container {
  const { mirrorVolumeMounts, ...container } = user
  if (!mirrorVolumeMounts || !main?.volumeMounts) return container
  return { ...container, volumeMounts: [...(container.volumeMounts ?? []), ...main.volumeMounts] }
}

/** The template's word replaces the workflow's. */
function budget({ template, spec }: PodInput): Partial<PodSpec> {
  const resources = template.podResources ?? spec.podResources
  return resources === undefined ? {} : { resources }
}

/** The template's volumes, and those of the workflow that a container mounts. */
function volumesFor(
  containers: readonly Container[],
  { template, spec, claims = [] }: PodInput,
): { readonly volumes: readonly Volume[] } | { readonly problem: string } {
  const volumes = new Map((template.volumes ?? []).map((volume) => [volume.name, volume]))
  for (const { name } of containers.flatMap(({ volumeMounts }) => volumeMounts ?? [])) {
    if (volumes.has(name)) continue
    const volume = [...(spec.volumes ?? []), ...claims].find((one) => one.name === name)
    if (volume === undefined) return { problem: `volume '${name}' not found in workflow spec` }
    volumes.set(name, volume)
  }
  return { volumes: [...volumes.values()] }
}

// argo: setupServiceAccount. What reports for a step is in the node's own process and needs no account; only a resource
// template acts as its executor's, and in a pod of its own.
function identity({
  template,
  spec,
}: PodInput): { readonly fields: Partial<PodSpec> } | { readonly problem: string } {
  const own = template.serviceAccountName || spec.serviceAccountName
  const automount = template.automountServiceAccountToken ?? spec.automountServiceAccountToken
  const executor = template.executor?.serviceAccountName || spec.executor?.serviceAccountName
  if (automount === false && !executor) {
    const field = 'executor.serviceAccountName'
    return { problem: `${field} must not be empty if automountServiceAccountToken is false` }
  }
  const serviceAccountName = (template.resource && executor) || own
  return {
    fields: {
      ...(serviceAccountName && { serviceAccountName }),
      ...(automount === false && { automountServiceAccountToken: false }),
      ...(spec.imagePullSecrets && { imagePullSecrets: spec.imagePullSecrets }),
    },
  }
}

// argo: addSchedulingConstraints. The first place that says anything decides; nothing is merged.
function placement({ template, boundaryTemplate, spec, avoid = [] }: PodInput): Partial<PodSpec> {
  const places = [template, boundaryTemplate, spec]
  const nodeSelector = places.map((place) => place?.nodeSelector).find(isFilled)
  const wanted = places.map((place) => place?.affinity).find(isFilled)
  const affinity = avoiding(wanted, avoid)
  const tolerations = places
    .map((place) => place?.tolerations)
    .find((list): list is readonly JsonObject[] => (list?.length ?? 0) > 0)
  const schedulerName = template.schedulerName || spec.schedulerName
  const priorityClassName = template.priorityClassName || spec.podPriorityClassName
  return {
    ...(nodeSelector && { nodeSelector }),
    ...(affinity && { affinity }),
    ...(tolerations && { tolerations }),
    ...(schedulerName && { schedulerName }),
    ...(priorityClassName && { priorityClassName }),
  }
}

function isFilled<T extends object>(value: T | undefined): value is T {
  return value !== undefined && Object.keys(value).length > 0
}

function network({ template, spec }: PodInput): Partial<PodSpec> {
  const hostAliases = [...(spec.hostAliases ?? []), ...(template.hostAliases ?? [])]
  const securityContext = template.securityContext ?? spec.securityContext
  return {
    ...(spec.hostNetwork !== undefined && { hostNetwork: spec.hostNetwork }),
    ...(spec.dnsPolicy !== undefined && { dnsPolicy: spec.dnsPolicy }),
    ...(spec.dnsConfig !== undefined && { dnsConfig: spec.dnsConfig }),
    ...(hostAliases.length > 0 && { hostAliases }),
    ...(securityContext && { securityContext }),
  }
}

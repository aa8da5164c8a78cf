import type { KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import {
  controlledBy,
  createdAt,
  type Effect,
  type PodTemplate,
  refOf,
  shortHash,
} from '@argosy/kube/workload'
import {
  bounds,
  type Deployment,
  desiredKey,
  hashKey,
  historyKey,
  maxKey,
  type OwnSet,
  revisionKey,
  revisionOf,
  wantedBy,
} from './deployment.ts'

/** The set of the deployment's present template: the oldest, when there are several. */
export function findNewSet(deployment: Deployment, sets: readonly OwnSet[]): OwnSet | undefined {
  const wanted = templateHash(deployment.spec.template)
  return [...sets]
    .sort((a, b) => createdAt(a) - createdAt(b))
    .find(({ spec }) => templateHash(spec.template) === wanted)
}

function templateHash({ metadata = {}, spec }: PodTemplate): string {
  const { [hashKey]: _, ...labels } = metadata.labels ?? {}
  const { annotations = {} } = metadata
  return shortHash({ labels, annotations, spec })
}

/** A set for a template that has none; its name is the template's, so it is made once. */
export function createSet(deployment: Deployment, old: readonly OwnSet[], size: number): Effect {
  const { name, namespace } = deployment.metadata
  const { template, selector, minReadySeconds } = deployment.spec
  const hash = templateHash(template)
  const labels = { ...template.metadata?.labels, [hashKey]: hash }
  const object = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace !== undefined && { namespace }),
      labels,
      annotations: {
        ...copied(deployment),
        ...sizes(deployment),
        [revisionKey]: String(nextRevision(old)),
      },
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas: size,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashKey]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  } as KubeObject
  return { do: 'create', resource: resources.replicaSets, object }
}

/** What a set remembers of the deployment's size, so that a later change of it is noticed. */
export function sizes(deployment: Deployment): Record<string, string> {
  const wanted = wantedBy(deployment)
  return { [desiredKey]: String(wanted), [maxKey]: String(wanted + bounds(deployment).surge) }
}

const notCopied = [
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionKey,
  historyKey,
  desiredKey,
  maxKey,
]

function copied({ metadata }: Deployment): Record<string, string> {
  const all = Object.entries(metadata.annotations ?? {})
  return Object.fromEntries(all.filter(([name]) => !notCopied.includes(name)))
}

function nextRevision(old: readonly OwnSet[]): number {
  return Math.max(0, ...old.map(revisionOf)) + 1
}

/** The newest template has the highest revision, also when it is an old one that has come back. */
export function keepRevision(
  deployment: Deployment,
  current: OwnSet,
  old: readonly OwnSet[],
): readonly Effect[] {
  const before = revisionOf(current)
  const revision = Math.max(before, nextRevision(old))
  const history = current.metadata.annotations?.[historyKey]
  const annotations: Record<string, string> = {
    ...copied(deployment),
    [revisionKey]: String(revision),
    ...(before > 0 &&
      before !== revision && { [historyKey]: [history, before].filter(Boolean).join() }),
  }
  const effects: Effect[] = []
  const { minReadySeconds = 0 } = deployment.spec
  const isStale = (current.spec.minReadySeconds ?? 0) !== minReadySeconds
  if (isStale || lacks(current, annotations)) {
    const ref = refOf(resources.replicaSets, current)
    const spec = isStale ? { spec: { minReadySeconds } } : {}
    effects.push({ do: 'patch', ref, body: { metadata: { annotations }, ...spec } })
  }
  return [...effects, ...markRevision(deployment, revision)]
}

/** The deployment says which revision it is at. */
export function markRevision(deployment: Deployment, revision: number): readonly Effect[] {
  const annotations = { [revisionKey]: String(revision) }
  if (!lacks(deployment, annotations)) return []
  const ref = refOf(resources.deployments, deployment)
  return [{ do: 'patch', ref, body: { metadata: { annotations } } }]
}

function lacks({ metadata }: KubeObject, annotations: Readonly<Record<string, string>>): boolean {
  return Object.entries(annotations).some(([name, value]) => metadata.annotations?.[name] !== value)
}

import type { Pod } from '@argosy/engine'
import type { Candidate, Placed, Scene } from './candidate.ts'
import { isExclusive } from './pod-affinity.ts'

export function podThat(spec: object = {}, metadata: object = {}): Pod {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n', ...metadata } },
    spec: { containers: [], ...spec },
  } as Pod
}

export function node(name: string, more: Partial<Candidate> = {}): Candidate {
  const { labels, ...rest } = more
  return {
    ...{ name, isReady: true, standing: { isCordoned: false, taints: [] }, pods: 0, room: 110 },
    labels: { 'kubernetes.io/hostname': name, ...labels },
    free: { cpu: 4000 },
    ...rest,
  }
}

export function scene(
  candidates: readonly Candidate[],
  placed: readonly Placed[] = [],
  homes: Readonly<Record<string, string>> = {},
): Scene {
  const exclusive = placed.filter(({ pod }) => isExclusive(pod))
  return {
    candidates,
    placed: () => placed,
    exclusive: () => exclusive,
    homeOf: (namespace, claim) => homes[`${namespace}/${claim}`],
  }
}

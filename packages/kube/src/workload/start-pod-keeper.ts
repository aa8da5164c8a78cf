import type { KubeObject, Pod } from '@argosy/engine'
import { type Resource, resources } from '../resource.ts'
import type { Decided } from './effect.ts'
import type { LabelSelector } from './match-selector.ts'
import { type Claimed, claim, controllerOf } from './owning.ts'
import type { Revision } from './revisions.ts'
import {
  type Beside,
  type KeeperOptions,
  ofNobody,
  plainPods,
  type Reader,
  startKeeper,
} from './start-keeper.ts'

interface PodOwner extends KubeObject {
  readonly spec: { readonly selector?: LabelSelector }
}

/** A kind whose objects keep pods that their selectors take in. */
export interface PodKeeping<T extends PodOwner> {
  readonly component: string
  readonly resource: Resource
  /** What else makes somebody look, besides pods. */
  readonly beside?: readonly Beside[]
  /** What is next; `pods` are all that are its own. */
  decide(owner: T, pods: readonly Pod[], reader: Reader): Promise<Decided>
}

/** Starts the loop of a kind that keeps pods. Dispose to stop. */
export function startPodKeeper<T extends PodOwner>(
  { component, resource, beside = [], decide }: PodKeeping<T>,
  options: KeeperOptions,
): AsyncDisposable {
  return startKeeper<T>(
    {
      ...{ component, resource },
      with: [{ resource: resources.pods, labelSelector: plainPods, keys: ofNobody }, ...beside],
      decide: async (owner, reader) => {
        const pods = await plainPodsOf(owner, reader)
        const claimed = claim(owner, resources.pods, pods)
        return withClaims(claimed, await decide(owner, claimed.mine, reader))
      },
    },
    options,
  )
}

/** The pods of the owner's namespace that are no steps of workflows. */
export function plainPodsOf({ metadata }: KubeObject, reader: Reader): Promise<readonly Pod[]> {
  const { namespace = '' } = metadata
  return reader.all<Pod>({ resource: resources.pods, namespace, labelSelector: plainPods })
}

/** What was taken in or let go comes first. */
export function withClaims({ effects }: Claimed<unknown>, decided: Decided): Decided {
  return { ...decided, effects: [...effects, ...decided.effects] }
}

/** What the owner's template was before. */
export async function revisionsOf(
  { metadata }: KubeObject,
  reader: Reader,
): Promise<readonly Revision[]> {
  const { namespace = '', uid } = metadata
  const all = await reader.all<Revision>({ resource: resources.controllerRevisions, namespace })
  return all.filter((one) => controllerOf(one)?.uid === uid)
}

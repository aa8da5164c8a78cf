import type { JsonObject, KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { withBuiltInDefaults } from '../parts/defaults/built-in-defaults.ts'
import { builtInFlaws } from '../parts/validation/built-in-flaws.ts'
import { invalid } from '../refusals.ts'

/** Throws what Kubernetes finds wrong with a new pod, for pods that come by no HTTP: who makes them goes by what a user wrote. */
export function checkPod(pod: KubeObject): KubeObject {
  const flaws = builtInFlaws(withBuiltInDefaults(pod as unknown as JsonObject))
  const { name = '', generateName = '' } = pod.metadata
  if (flaws.length > 0) throw invalid(resources.pods, name || generateName, flaws)
  return pod
}

import type { MergeRules } from './strategic-merge.ts'

const container: MergeRules = {
  env: { key: 'name' },
  ports: { key: 'containerPort' },
  volumeDevices: { key: 'devicePath' },
  volumeMounts: { key: 'mountPath' },
}

/** What every object's metadata merges by. */
export const metadataMergeRules: MergeRules = {
  finalizers: { values: true },
  ownerReferences: { key: 'uid' },
}

const claim: MergeRules = { metadata: { of: metadataMergeRules } }
const ephemeral: MergeRules = { volumeClaimTemplate: { of: claim } }

/** The lists of a core/v1 PodSpec that merge (its `patchStrategy` tags); others (tolerations, args, …) are replaced. */
export const podSpecMergeRules: MergeRules = {
  containers: { key: 'name', of: container },
  ephemeralContainers: { key: 'name', of: container },
  hostAliases: { key: 'ip' },
  imagePullSecrets: { key: 'name' },
  initContainers: { key: 'name', of: container },
  resourceClaims: { key: 'name' },
  schedulingGates: { key: 'name' },
  topologySpreadConstraints: { key: 'topologyKey' },
  volumes: { key: 'name', of: { ephemeral: { of: ephemeral } } },
}

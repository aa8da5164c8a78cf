import type { MergeRules } from './strategic-merge.ts'

const container: MergeRules = {
  env: { key: 'name' },
  ports: { key: 'containerPort' },
  volumeDevices: { key: 'devicePath' },
  volumeMounts: { key: 'mountPath' },
}

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
  volumes: { key: 'name' },
}

/**
 * Every field of a pod that this node knows. A field that is in no table here is refused by name: nothing that changes
 * what a program sees is ignored in silence.
 *
 * `done`: honoured. `harmless`: means nothing on one machine, or only takes rights away from a program.
 * `refused`: known, and changes behaviour. `null`, `false`, `''`, `[]` and `{}` count as absent.
 */
export type Support = 'done' | 'harmless' | 'refused'

export const podFields: Readonly<Record<string, Support>> = {
  activeDeadlineSeconds: 'done',
  containers: 'done',
  dnsConfig: 'done',
  dnsPolicy: 'done',
  enableServiceLinks: 'done',
  hostAliases: 'done',
  hostname: 'done',
  initContainers: 'done',
  nodeName: 'done',
  resources: 'done',
  restartPolicy: 'done',
  securityContext: 'done',
  subdomain: 'done',
  terminationGracePeriodSeconds: 'done',
  volumes: 'done',
  // One machine: every wish about where to run is granted.
  affinity: 'harmless',
  nodeSelector: 'harmless',
  os: 'harmless',
  overhead: 'harmless',
  preemptionPolicy: 'harmless',
  priority: 'harmless',
  priorityClassName: 'harmless',
  runtimeClassName: 'harmless',
  schedulerName: 'harmless',
  tolerations: 'harmless',
  topologySpreadConstraints: 'harmless',
  // Pods use the machine's own network.
  hostNetwork: 'harmless',
  setHostnameAsFQDN: 'harmless',
  // The API server gives pods their account and its token.
  automountServiceAccountToken: 'done',
  serviceAccount: 'done',
  serviceAccountName: 'done',
  // No image is pulled (docs/images.md).
  imagePullSecrets: 'harmless',
  ephemeralContainers: 'done',
  hostIPC: 'refused',
  hostPID: 'refused',
  hostUsers: 'harmless',
  readinessGates: 'refused',
  resourceClaims: 'refused',
  schedulingGates: 'refused',
  shareProcessNamespace: 'done',
}

export const containerFields: Readonly<Record<string, Support>> = {
  args: 'done',
  command: 'done',
  env: 'done',
  envFrom: 'done',
  image: 'done',
  name: 'done',
  lifecycle: 'done',
  livenessProbe: 'done',
  readinessProbe: 'done',
  resources: 'done',
  // Of an init container: it runs on beside the others.
  restartPolicy: 'done',
  restartPolicyRules: 'done',
  securityContext: 'done',
  startupProbe: 'done',
  terminationMessagePath: 'done',
  terminationMessagePolicy: 'done',
  volumeMounts: 'done',
  workingDir: 'done',
  // Declares what is open anyway.
  ports: 'harmless',
  imagePullPolicy: 'harmless',
  resizePolicy: 'harmless',
  stdin: 'done',
  stdinOnce: 'done',
  tty: 'done',
  volumeDevices: 'refused',
}

/** Of a pod and of a container alike. */
export const securityFields: Readonly<Record<string, Support>> = {
  runAsUser: 'done',
  runAsGroup: 'done',
  runAsNonRoot: 'done',
  // These only forbid; a program that works with them works without them.
  allowPrivilegeEscalation: 'harmless',
  appArmorProfile: 'harmless',
  readOnlyRootFilesystem: 'harmless',
  seLinuxOptions: 'harmless',
  seccompProfile: 'harmless',
  capabilities: 'harmless',
  // Volumes are open to every user of the pod already.
  fsGroup: 'harmless',
  fsGroupChangePolicy: 'harmless',
  supplementalGroups: 'harmless',
  supplementalGroupsPolicy: 'harmless',
  privileged: 'refused',
  procMount: 'refused',
  sysctls: 'refused',
  windowsOptions: 'refused',
}

/** Of a readiness, liveness or startup probe. */
export const probeFields: Readonly<Record<string, Support>> = {
  exec: 'done',
  failureThreshold: 'done',
  grpc: 'done',
  httpGet: 'done',
  initialDelaySeconds: 'done',
  periodSeconds: 'done',
  successThreshold: 'done',
  tcpSocket: 'done',
  terminationGracePeriodSeconds: 'done',
  timeoutSeconds: 'done',
}

/** Refused above, and honoured by a runtime that has images: its engine knows how. */
export const grantedWithImages: readonly string[] = [
  'hostIPC',
  'hostPID',
  'securityContext.capabilities.add',
  'securityContext.privileged',
]

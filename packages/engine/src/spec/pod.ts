import type { JsonObject } from './json.ts'
import type { KubeObject } from './meta.ts'

/** Kubernetes' Pod, as far as steps use it; unknown fields survive. */
export interface Pod extends KubeObject {
  readonly spec: PodSpec
  readonly status?: PodStatus
}

export interface PodSpec {
  readonly nodeName?: string
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  readonly activeDeadlineSeconds?: number
  readonly terminationGracePeriodSeconds?: number
  readonly serviceAccountName?: string
  readonly automountServiceAccountToken?: boolean
  readonly hostNetwork?: boolean
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
  readonly hostname?: string
  readonly initContainers?: readonly Container[]
  readonly containers: readonly Container[]
  /** Put into the pod when it was there already. */
  readonly ephemeralContainers?: readonly EphemeralContainer[]
  readonly shareProcessNamespace?: boolean
  readonly volumes?: readonly Volume[]
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly affinity?: JsonObject
  readonly tolerations?: readonly JsonObject[]
  readonly securityContext?: JsonObject
  readonly topologySpreadConstraints?: readonly JsonObject[]
  readonly schedulerName?: string
  readonly priorityClassName?: string
  readonly imagePullSecrets?: readonly JsonObject[]
  readonly hostAliases?: readonly JsonObject[]
  /** Of the pod as a whole. */
  readonly resources?: Resources
  readonly dnsPolicy?: string
  readonly dnsConfig?: JsonObject
}

export interface Container {
  readonly name: string
  readonly image?: string
  readonly imagePullPolicy?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  readonly env?: readonly EnvVar[]
  readonly envFrom?: readonly EnvFromSource[]
  readonly resources?: Resources
  readonly volumeMounts?: readonly VolumeMount[]
  readonly securityContext?: JsonObject
  readonly ports?: readonly JsonObject[]
  readonly tty?: boolean
  readonly stdin?: boolean
  readonly stdinOnce?: boolean
  readonly livenessProbe?: JsonObject
  readonly readinessProbe?: JsonObject
  readonly startupProbe?: JsonObject
  readonly lifecycle?: JsonObject
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: string
  readonly restartPolicy?: string
  readonly restartPolicyRules?: readonly JsonObject[]
}

export interface EphemeralContainer extends Container {
  /** Whose processes it is to see. */
  readonly targetContainerName?: string
}

export interface EnvVar {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: {
    readonly configMapKeyRef?: KeySelector
    readonly secretKeyRef?: KeySelector
    readonly fieldRef?: { readonly fieldPath: string; readonly apiVersion?: string }
    readonly resourceFieldRef?: JsonObject
  }
}

export interface EnvFromSource {
  readonly prefix?: string
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean }
  readonly secretRef?: { readonly name: string; readonly optional?: boolean }
}

export interface KeySelector {
  readonly name?: string
  readonly key: string
  readonly optional?: boolean
}

export interface Resources {
  readonly requests?: Readonly<Record<string, string | number>>
  readonly limits?: Readonly<Record<string, string | number>>
  readonly claims?: readonly JsonObject[]
}

export interface VolumeMount {
  readonly name: string
  readonly mountPath: string
  readonly subPath?: string
  readonly readOnly?: boolean
  readonly subPathExpr?: string
}

export interface Volume {
  readonly name: string
  readonly emptyDir?: JsonObject
  readonly hostPath?: { readonly path: string; readonly type?: string }
  readonly configMap?: VolumeFromKeys & { readonly name?: string }
  readonly secret?: VolumeFromKeys & { readonly secretName?: string }
  readonly projected?: JsonObject
  readonly downwardAPI?: JsonObject
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean }
  readonly [other: string]: unknown
}

interface VolumeFromKeys {
  readonly items?: readonly {
    readonly key: string
    readonly path: string
    readonly mode?: number
  }[]
  readonly defaultMode?: number
  readonly optional?: boolean
}

export interface PodStatus {
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
  readonly reason?: string
  readonly message?: string
  readonly podIP?: string
  readonly hostIP?: string
  readonly startTime?: string
  readonly conditions?: readonly PodCondition[]
  readonly initContainerStatuses?: readonly ContainerStatus[]
  readonly containerStatuses?: readonly ContainerStatus[]
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[]
}

export interface PodCondition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}

export interface ContainerStatus {
  readonly name: string
  readonly image?: string
  readonly imageID?: string
  readonly containerID?: string
  readonly ready?: boolean
  readonly started?: boolean
  readonly restartCount?: number
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly running?: { readonly startedAt?: string }
  readonly terminated?: {
    readonly exitCode: number
    readonly signal?: number
    readonly reason?: string
    readonly message?: string
    readonly startedAt?: string
    readonly finishedAt?: string
    readonly containerID?: string
  }
}

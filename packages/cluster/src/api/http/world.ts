import type { JsonObject, KubeObject } from '@argosy/engine'
import type { Clock } from '@argosy/kube'
import type { Kind } from '../kinds.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Call, ObjectCall } from './call.ts'
import type { Authenticate, Authorize, Identity } from './identity.ts'
import type { Objects } from './objects.ts'
import type { PodLogs } from './pod-log.ts'
import type { PodStreams } from './pod-streams.ts'
import type { RequestMeter } from './request-meter.ts'
import type { ResourceUsage } from './resource-metrics.ts'

/** What the verbs of the API work with. */
export interface World {
  readonly objects: Objects
  readonly clock: Clock
  readonly authenticate: Authenticate
  readonly authorize: Authorize
  readonly podLogs: PodLogs | undefined
  readonly podStreams: PodStreams | undefined
  readonly usage: ResourceUsage | undefined
  /** The status of a SelfSubjectRulesReview. */
  readonly rulesOf: ((identity: Identity, namespace: string) => Promise<unknown>) | undefined
  /** By `plural/subresource`, as `serviceaccounts/token`: parts of objects that others serve. */
  readonly parts: ReadonlyMap<string, PartHandler>
  /** Paths that are no resources, by themselves. */
  readonly paths: ReadonlyMap<string, PathHandler>
  /** What others do to a new object before it is stored. */
  readonly admit: readonly Admit[]
  /** What others make of a change before it is checked. */
  readonly revise: readonly Revise[]
  /** Others over HTTPS who are asked before a write. */
  readonly webhooks: Webhooks | undefined
  /** What others have against a write. */
  readonly guards: readonly Guard[]
  /** At least 0, less than 1. */
  readonly random: () => number
  /** Told of every request. */
  readonly meter: RequestMeter | undefined
  readonly log: (line: string) => void
}

/** Answers a request for a part of an object; the request is authorized already. */
export type PartHandler = (call: ObjectCall) => Promise<void>

/** Answers a request for a path; it is authorized already. */
export type PathHandler = (call: Call) => Promise<void>

/** Completes an object that is about to be created, or throws why it may not be. */
export type Admit = (kind: Kind, object: KubeObject, by: Applicant) => Promise<KubeObject>

/** Completes an object that is about to replace another one, or throws why it may not; runs in the turn that writes it. */
export type Revise = (kind: Kind, object: JsonObject, old: JsonObject) => JsonObject

interface Applicant {
  readonly identity: Identity
  /** Tells the client something, if the object is taken. */
  readonly warn: (text: string) => void
}

/** Throws why somebody may not write this; called with what would be stored, before it is. */
export type Guard = (write: {
  readonly kind: Kind
  readonly object: JsonObject
  /** What it replaces. */
  readonly old: JsonObject | undefined
  readonly identity: Identity
}) => void

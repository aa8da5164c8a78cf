import { type Resource, StatusError, type StatusReason } from '@argosy/kube'
import { collectionOf } from './kinds.ts'
import type { Flaw } from './parts/schema/flaw.ts'

/** Kubernetes' own words for its refusals. */
export function notFound(resource: Resource, name: string): StatusError {
  return refusal('NotFound', resource, name, `${collectionOf(resource)} "${name}" not found`)
}

export function alreadyExists(resource: Resource, name: string): StatusError {
  return refusal(
    'AlreadyExists',
    resource,
    name,
    `${collectionOf(resource)} "${name}" already exists`,
  )
}

export function noUniqueName(resource: Resource, name: string): StatusError {
  const message = `${collectionOf(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`
  const details = { ...detailsOf(resource, name), retryAfterSeconds: 1 }
  return new StatusError('AlreadyExists', message, { details })
}

export function conflict(resource: Resource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${collectionOf(resource)} "${name}": ${why}`
  return refusal('Conflict', resource, name, message)
}

export function staleVersion(resource: Resource, name: string): StatusError {
  const why =
    'the object has been modified; please apply your changes to the latest version and try again'
  return conflict(resource, name, why)
}

export function forbidden(resource: Resource, name: string, why: string): StatusError {
  const message = `${collectionOf(resource)} "${name}" is forbidden: ${why}`
  return refusal('Forbidden', resource, name, message)
}

export function badRequest(message: string): StatusError {
  return new StatusError('BadRequest', message)
}

export function invalid(resource: Resource, name: string, flaws: readonly Flaw[]): StatusError {
  const texts = flaws.map(({ field, message }) => `${field}: ${message}`)
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  const named = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`
  return new StatusError('Invalid', `${named} "${name}" is invalid: ${list}`, {
    details: {
      ...(resource.group !== '' && { group: resource.group }),
      kind: resource.kind,
      name,
      causes: flaws,
    },
  })
}

function refusal(
  reason: StatusReason,
  resource: Resource,
  name: string,
  message: string,
): StatusError {
  return new StatusError(reason, message, { details: detailsOf(resource, name) })
}

function detailsOf({ group, plural }: Resource, name: string) {
  return { ...(group === '' ? {} : { group }), kind: plural, name }
}

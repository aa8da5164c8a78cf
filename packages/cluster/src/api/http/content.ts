import type { ServerResponse } from 'node:http'
import type { JsonObject, KubeObject } from '@argosy/engine'
import { type Draft, diffOps } from '@argosy/kube'
import { schemaOf } from '../definitions/definition.ts'
import { completeDefinition } from '../definitions/definitions.ts'
import { collectionOf, type Kind } from '../kinds.ts'
import { withBuiltInDefaults } from '../parts/defaults/built-in-defaults.ts'
import { conform, strictText, strictWarnings } from '../parts/schema/custom-resource.ts'
import { definitionFlaws } from '../parts/schema/definition.ts'
import { typeFault } from '../parts/strict/type-fault.ts'
import { unknownFields } from '../parts/strict/unknown-fields.ts'
import { builtInFlaws } from '../parts/validation/built-in-flaws.ts'
import { objectWarnings } from '../parts/warnings/object-warnings.ts'
import { asWritten } from '../parts/written/as-written.ts'
import { badRequest, invalid } from '../refusals.ts'
import type { ResourceCall } from './call.ts'
import { warn } from './reply.ts'
import { apiVersionAt, asStored } from './versions.ts'

type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** What one request's content goes through before it is stored. */
export class Content {
  readonly #kind: Kind
  readonly #version: string
  readonly #validation: FieldValidation
  /** The spec stays as it is, also where it lacks defaults. */
  readonly #isStatus: boolean
  readonly #part: string | undefined
  readonly #warnings = new Set<string>()

  constructor({ kind, target, query }: ResourceCall, duplicates: readonly string[] = []) {
    this.#kind = kind
    this.#version = target.version
    this.#validation = validationIn(query)
    this.#part = target.subresource
    this.#isStatus = target.subresource === 'status' && !kind.definition
    this.#complain([], duplicates)
  }

  /** The object as it will be stored. Throws what is wrong with it. */
  checked(object: KubeObject, old?: JsonObject): KubeObject {
    this.#checkTypes(object as unknown as JsonObject)
    const written = asWritten(object as unknown as JsonObject, this.#kind.definition !== undefined)
    const typed = written as unknown as KubeObject
    if (this.#isStatus) {
      this.#complain(unknownFields(written))
      return typed
    }
    const { object: completed, unknown } = contentOf(this.#kind, this.#version, typed)
    this.#complain(unknown)
    if (!this.#kind.definition) {
      const flaws = flawsOf(completed as unknown as JsonObject, old, this.#part)
      if (flaws.length > 0) throw invalid(this.#kind.resource, object.metadata.name ?? '', flaws)
      const warnings = objectWarnings(completed as unknown as JsonObject, old)
      for (const warning of warnings) this.#warnings.add(warning)
    }
    return completed
  }

  #checkTypes(object: JsonObject): void {
    const fault = this.#kind.definition ? undefined : typeFault(object)
    if (fault === undefined) return
    const { kind } = this.#kind.resource
    throw badRequest(
      `${kind} in version ${JSON.stringify(this.#version)} cannot be handled as a ${kind}: ${fault}`,
    )
  }

  /** Brings what is in the draft to the form in which it will be stored. */
  finish(draft: Draft, old: JsonObject | undefined): void {
    const root = draft.root as JsonObject
    const object = asStored(this.#kind, this.#version, root as unknown as KubeObject)
    const completed = this.checked(object, old)
    if (completed !== (root as unknown))
      draft.apply(diffOps(root, completed as unknown as JsonObject))
  }

  /** Something to be said when the write has happened. */
  note(warning: string): void {
    this.#warnings.add(warning)
  }

  /** Says what was found on the way; call it when the write has happened. */
  warn(response: ServerResponse): void {
    for (const warning of this.#warnings) warn(response, warning)
  }

  #complain(unknown: readonly string[], duplicates: readonly string[] = []): void {
    if (unknown.length + duplicates.length === 0 || this.#validation === 'Ignore') return
    if (this.#validation === 'Strict') {
      const { kind } = this.#kind.resource
      const version = apiVersionAt(this.#kind, this.#version)
      throw badRequest(
        `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${strictText(unknown, duplicates)}`,
      )
    }
    for (const complaint of strictWarnings(unknown, duplicates)) this.#warnings.add(complaint)
  }
}

function validationIn(query: URLSearchParams): FieldValidation {
  const text = query.get('fieldValidation') ?? ''
  if (text === '') return 'Warn'
  if (text === 'Ignore' || text === 'Warn' || text === 'Strict') return text
  throw badRequest(
    `fieldValidation: Unsupported value: ${JSON.stringify(text)}: supported values: "Ignore", "Strict", "Warn"`,
  )
}

interface Checked {
  readonly object: KubeObject
  /** Fields that nobody knows, as `spec.cronSpecs`; a custom resource loses them. */
  readonly unknown: readonly string[]
}

const definitions = 'customresourcedefinitions.apiextensions.k8s.io'

function contentOf(kind: Kind, version: string, object: KubeObject): Checked {
  if (kind.definition) return custom(kind, version, object)
  const collection = collectionOf(kind.resource)
  const unknown = unknownFields(object as unknown as JsonObject)
  if (collection === definitions) return { object: completeDefinition(object), unknown }
  const completed = withBuiltInDefaults(object as unknown as JsonObject) as unknown as KubeObject
  return { object: completed, unknown }
}

/** Everything that is wrong with an object of Kubernetes' own kinds; `part`: what of it is written. */
function flawsOf(object: JsonObject, old: JsonObject | undefined, part: string | undefined) {
  if (object['kind'] === 'CustomResourceDefinition') return definitionFlaws(object, old)
  // What our own controllers made has no defaults yet: getting them is no change.
  return builtInFlaws(object, old && withBuiltInDefaults(old), part)
}

function custom(kind: Kind, version: string, object: KubeObject): Checked {
  const schema = schemaOf(kind, version)
  if (!schema) return { object, unknown: [] }
  const conformed = conform(object as unknown as JsonObject, schema)
  if (conformed.flaws.length > 0)
    throw invalid(kind.resource, object.metadata.name ?? '', conformed.flaws)
  return { object: conformed.object as unknown as KubeObject, unknown: conformed.unknown }
}

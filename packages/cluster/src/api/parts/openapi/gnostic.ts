import type { Resource } from '@argosy/kube'
import { operationId, patchPath } from './paths.ts'

/** The content type of the bytes; with `@` in place of its last dot, older clients cannot read it. */
export const gnosticType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/**
 * OpenAPI v2 as old clients insist on having it: gnostic's protobuf, and in it but the patch of every kind with its
 * parameters, which is what tells them that the server checks fields.
 */
export function gnosticDocument(resources: readonly Resource[], version: string): Uint8Array {
  const items = resources.map((resource) =>
    message(2, [text(1, patchPath(resource)), message(2, [message(8, operation(resource))])]),
  )
  return Buffer.concat([
    text(1, '2.0'),
    message(2, [text(1, 'Kubernetes'), text(2, version)]),
    message(8, items),
    message(9, []),
  ])
}

const parameters = [
  ['dryRun', 'string'],
  ['fieldManager', 'string'],
  ['fieldValidation', 'string'],
  ['force', 'boolean'],
] as const

function operation(resource: Resource): readonly Uint8Array[] {
  const { group, version, kind } = resource
  const gvk = `group: ${JSON.stringify(group)}\nversion: ${version}\nkind: ${kind}\n`
  const ok = [text(1, '200'), message(2, [message(1, [text(1, 'OK')])])]
  return [
    text(5, operationId(resource)),
    ...parameters.map(([name, type]) => message(8, [query(name, type)])),
    message(9, [message(1, ok)]),
    message(13, [text(1, 'x-kubernetes-action'), message(2, [text(2, 'patch\n')])]),
    message(13, [text(1, 'x-kubernetes-group-version-kind'), message(2, [text(2, gvk)])]),
  ]
}

function query(name: string, type: string): Uint8Array {
  const sub = [text(2, 'query'), text(4, name), text(6, type)]
  return message(1, [message(2, [message(3, sub)])])
}

function text(number: number, value: string): Uint8Array {
  return field(number, Buffer.from(value, 'utf8'))
}

function message(number: number, parts: readonly Uint8Array[]): Uint8Array {
  return field(number, Buffer.concat(parts))
}

function field(number: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest])
    bytes.push((rest % 128) + 128)
  }
}

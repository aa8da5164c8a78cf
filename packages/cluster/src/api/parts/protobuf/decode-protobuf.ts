import type { JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { BadWire, type WireField, wireFields } from '@argosy/kube/protobuf'
import { bytesOf, decodeMessage, textOf } from './decode-message.ts'
import { typeOf } from './schema.ts'

const magic = [0x6b, 0x38, 0x73, 0x00]

/**
 * The object in a body of type `application/vnd.kubernetes.protobuf`, as it would be in JSON.
 * Throws `BadRequest` for what is no such body, `UnsupportedMediaType` for a kind whose fields are not known.
 */
export function decodeProtobuf(body: Uint8Array): JsonObject {
  try {
    return decodeEnvelope(body)
  } catch (cause) {
    if (!(cause instanceof BadWire)) throw cause
    throw new StatusError('BadRequest', `proto: ${cause.message}`, { cause })
  }
}

function decodeEnvelope(body: Uint8Array): JsonObject {
  if (!magic.every((byte, index) => body[index] === byte)) {
    throw new BadWire(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    )
  }
  const { apiVersion, kind, raw } = envelopeIn(body.subarray(magic.length))
  const type = typeOf(apiVersion, kind)
  if (type === undefined) {
    throw new StatusError(
      'UnsupportedMediaType',
      `protobuf is not served for ${kind} in version "${apiVersion}"`,
    )
  }
  return { apiVersion, kind, ...decodeMessage(type, raw) }
}

/** `runtime.Unknown`: what kind it is, and the bytes of that kind. */
function envelopeIn(bytes: Uint8Array) {
  const typeMeta = partsOf(bytes).get(1)
  const raw = partsOf(bytes).get(2)
  const words = partsOf(typeMeta ? bytesOf(typeMeta) : new Uint8Array())
  const word = (number: number) => {
    const field = words.get(number)
    return field ? textOf(field) : ''
  }
  return { apiVersion: word(1), kind: word(2), raw: raw ? bytesOf(raw) : new Uint8Array() }
}

function partsOf(bytes: Uint8Array): ReadonlyMap<number, WireField> {
  return new Map([...wireFields(bytes)].map((field) => [field.number, field]))
}

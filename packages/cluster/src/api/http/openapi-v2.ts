import { type Operation, patchParameters } from './openapi-operation.ts'

/** What clients before 1.29 cannot do without: an OpenAPI v2 document with the patch operations, in gnostic's protobuf. */
export function openApiV2(operations: readonly Operation[]): Buffer {
  return message([
    [1, text('2.0')],
    [
      2,
      message([
        [1, text('Kubernetes')],
        [2, text('v1.33.0')],
      ]),
    ],
    [8, message(operations.map((one) => [2, pathOf(one)]))],
    [9, message([])],
  ])
}

export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

type Field = readonly [number, Buffer]

function pathOf(operation: Operation): Buffer {
  return message([
    [1, text(operation.path)],
    [2, message([[8, operationOf(operation)]])],
  ])
}

function operationOf({ id, kind }: Operation): Buffer {
  const yaml = Object.entries(kind)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('')
  const extension = message([
    [1, text('x-kubernetes-group-version-kind')],
    [2, message([[2, text(yaml)]])],
  ])
  return message([
    [5, text(id)],
    ...patchParameters.map((name): Field => [8, parameter(name)]),
    [9, responses()],
    [13, extension],
  ])
}

function parameter(name: string): Buffer {
  const query = message([
    [2, text('query')],
    [4, text(name)],
    [6, text('string')],
  ])
  return message([[1, message([[2, message([[3, query]])]])]])
}

function responses(): Buffer {
  const ok = message([[1, message([[1, text('OK')]])]])
  return message([
    [
      1,
      message([
        [1, text('200')],
        [2, ok],
      ]),
    ],
  ])
}

function text(value: string): Buffer {
  return Buffer.from(value)
}

/** Every field is of the kind that has a length. */
function message(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, bytes]) => [varint(number * 8 + 2), varint(bytes.length), bytes]),
  )
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  while (left >= 128) {
    bytes.push((left % 128) + 128)
    left = Math.floor(left / 128)
  }
  return Buffer.from([...bytes, left])
}

import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { guardOutput } from './guard-output.ts'

function broken(code: string): { readonly lost: string | undefined; readonly left: number } {
  const stream = new EventEmitter() as unknown as NodeJS.WritableStream & EventEmitter
  let left = 0
  const guarded = guardOutput(stream, () => left++)
  stream.emit('error', Object.assign(new Error(`${code}: write`), { code }))
  return { lost: guarded.lost(), left }
}

test('a reader who leaves is no error', () => {
  expect(broken('EPIPE')).toEqual({ lost: undefined, left: 1 })
})

test('what could not be written for want of room is lost, and said', () => {
  expect(broken('ENOSPC')).toEqual({ lost: 'ENOSPC: write', left: 0 })
})

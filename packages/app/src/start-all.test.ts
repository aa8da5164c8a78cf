import { expect, test } from 'vitest'
import { startAll } from './start-all.ts'

test('what has started is ended also when another does not start', async () => {
  const ended: string[] = []
  const begun = (name: string): AsyncDisposable => ({
    async [Symbol.asyncDispose]() {
      ended.push(name)
    },
  })
  const open = new AsyncDisposableStack()
  const starting = [
    Promise.resolve(begun('node')),
    Promise.reject(new Error('no disk')),
    new Promise<AsyncDisposable>((resolve) => setImmediate(() => resolve(begun('late')))),
  ]
  await expect(startAll(open, starting)).rejects.toThrow('no disk')
  await open.disposeAsync()
  expect(ended).toEqual(['late', 'node'])
})

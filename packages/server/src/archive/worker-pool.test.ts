import { expect, test } from 'vitest'
import { WorkerPool } from './worker-pool.ts'

/** Answers with its number among the threads and the question, when and how the question says. */
const program = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId, workerData } from 'node:worker_threads'
    const flags = new Int32Array(workerData)
    parentPort.on('message', ({ id, question }) => {
      if (question === 'die') process.exit(3)
      if (question === 'throw') throw new Error('out of order')
      if (question === 'fail') return parentPort.postMessage({ id, error: 'no such run' })
      if (question === 'search') {
        Atomics.store(flags, 0, 1)
        while (Atomics.load(flags, 1) === 0);
      }
      parentPort.postMessage({ id, answer: { threadId, question } })
    })`)}`,
)

function opened(most: number) {
  const flags = new Int32Array(new SharedArrayBuffer(8))
  const pool = new WorkerPool({ program, data: flags.buffer, most })
  const ask = (question: string) =>
    pool.ask(question) as Promise<{ readonly threadId: number; readonly question: string }>
  return { pool, ask, flags }
}

test('a question that takes long holds neither who asks nor the next question', async () => {
  const { pool, ask, flags } = opened(2)
  await using _ = pool
  const search = ask('search')
  const get = await ask('get')
  while (Atomics.load(flags, 0) === 0) await new Promise(setImmediate)
  Atomics.store(flags, 1, 1)
  expect(get.question).toBe('get')
  expect((await search).threadId).not.toBe(get.threadId)
})

test('one thread does where one is enough', async () => {
  const { pool, ask } = opened(2)
  await using _ = pool
  const threads = [await ask('a'), await ask('b'), await ask('c')].map(({ threadId }) => threadId)
  expect(new Set(threads).size).toBe(1)
})

test('what cannot be answered is an error for who asked, and for nobody else', async () => {
  const { pool, ask } = opened(1)
  await using _ = pool
  const [fails, works] = await Promise.allSettled([ask('fail'), ask('a')])
  expect(fails).toMatchObject({ reason: { message: 'no such run' } })
  expect(works.status).toBe('fulfilled')
})

test.each([
  ['die', 'the thread ended with 3'],
  ['throw', 'out of order'],
])('of a thread that does %j all hear who wait, and another is started', async (death, message) => {
  const { pool, ask } = opened(1)
  await using _ = pool
  const first = await ask('a')
  const waiting = await Promise.allSettled([ask(death), ask('b'), ask('c')])
  expect(waiting.map((one) => 'reason' in one && one.reason.message)).toEqual([
    message,
    message,
    message,
  ])
  expect((await ask('d')).threadId).not.toBe(first.threadId)
})

test('to close waits for what was asked, also of a thread that dies of it', async () => {
  const { pool, ask } = opened(2)
  const asked = Promise.allSettled([ask('a'), ask('die')])
  await pool[Symbol.asyncDispose]()
  const [works, fails] = await asked
  expect([works.status, fails.status]).toEqual(['fulfilled', 'rejected'])
  await expect(ask('b')).rejects.toThrow('it is closed')
})

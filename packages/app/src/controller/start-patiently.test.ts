import { handClock, StatusError } from '@argosy/kube'
import { expect, test } from 'vitest'
import { startPatiently } from './start-patiently.ts'

function waiting() {
  const clock = handClock()
  const said: string[] = []
  const ending = new AbortController()
  const given = { clock, log: (line: string) => void said.push(line), signal: ending.signal }
  const pass = async () => {
    clock.advance(2_000)
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  }
  return { given, said, ending, pass }
}

const away = () => new StatusError('ServiceUnavailable', 'the server cannot be reached')

test('what is started while the server is away is started again until it is there', async () => {
  const { given, said, pass } = waiting()
  let tries = 0
  const started = startPatiently(async () => {
    tries += 1
    if (tries < 4) throw away()
    return 'started'
  }, given)
  for (let time = 0; time < 4; time++) await pass()
  expect(await started).toBe('started')
  expect([tries, said]).toEqual([4, ['the server cannot be reached; trying again']])
})

test('what is refused is an error at once', async () => {
  const refused = new StatusError('Forbidden', 'not for you')
  await expect(startPatiently(() => Promise.reject(refused), waiting().given)).rejects.toBe(refused)
})

test('whoever ends it meanwhile ends the waiting', async () => {
  const { given, ending, pass } = waiting()
  const started = startPatiently(() => Promise.reject(away()), given)
  const over = expect(started).rejects.toThrow('enough')
  await pass()
  ending.abort(new Error('enough'))
  await over
})

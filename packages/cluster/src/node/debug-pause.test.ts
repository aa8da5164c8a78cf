import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isPaused, withPauses } from './debug-pause.ts'
import { aStep, eventually, machine } from './fixture.ts'
import { fakeRuntime } from './runtimes/fake.ts'

const runtime = fakeRuntime()
const main = { name: 'main', env: [{ name: 'ARGO_DEBUG_PAUSE_AFTER', value: 'true' }] }

/** The words of a paused program, with its files in a folder of the test's. */
function words(folder: string, env: Readonly<Record<string, string>>): readonly string[] {
  const all = withPauses(['sh', '-c', 'echo done; exit 3'], main, { env, runtime })
  return all.map((word) => word.replace('/var/run/argo/ctr', folder))
}

test.each(['before', 'after'] as const)(
  'a program that is paused %s goes on once the file is there',
  async (when) => {
    const folder = await mkdtemp(join(tmpdir(), 'argosy-pause-'))
    const env = { [`ARGO_DEBUG_PAUSE_${when.toUpperCase()}`]: 'true' }
    const [command = '', ...args] = words(folder, env)
    const program = spawn(command, args, { env: { ...process.env, ...env } })
    let output = ''
    program.stdout.on('data', (chunk) => {
      output += String(chunk)
    })
    const ended = once(program, 'exit')
    await eventually(() => existsSync(join(folder, 'main')) && (when === 'before' || output !== ''))
    expect([output, program.exitCode]).toEqual([when === 'before' ? '' : 'done\n', null])
    await mkdir(join(folder, 'main'), { recursive: true })
    await writeFile(join(folder, 'main', when), '')
    expect(await ended).toEqual([3, null])
    expect(output).toBe('done\n')
    await rm(folder, { recursive: true })
  },
)

test('a program that nobody wants to pause is left as it is', () => {
  expect(withPauses(['x'], main, { env: { ARGO_DEBUG_PAUSE_AFTER: 'false' }, runtime })).toEqual([
    'x',
  ])
  expect(isPaused({ name: 'main' })).toBe(false)
})

test('without a file system of its own nothing is paused, and that is said', () => {
  const env = { ARGO_DEBUG_PAUSE_AFTER: 'true' }
  const process = { ...runtime, name: 'process' as const }
  expect(() => withPauses(['x'], main, { env, runtime: process })).toThrow(
    /^ARGO_DEBUG_PAUSE_AFTER needs a file system/,
  )
})

test('a paused step has the folder in which its file is looked for', async () => {
  await using here = await machine()
  await here.start()
  const containers = [{ ...main, image: 'busybox', command: ['work'] }]
  await here.create(aStep('s', { container: { name: 'main' } }, {}, { containers }))
  const { spec } = await here.container('main')
  expect(spec.argv.slice(0, 2)).toEqual(['/bin/sh', '-c'])
  expect(spec.argv.slice(3)).toEqual(['main', 'work'])
  expect(spec.mounts.map(({ target }) => target)).toContain('/var/run/argo')
})

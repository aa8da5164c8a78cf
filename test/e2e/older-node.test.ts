import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { bin, Workplace } from './argosy.ts'

/** The Node of this machine, where it is older than the one that Argosy needs. */
const older = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  try {
    const major = Number(/^v(\d+)/.exec(execFileSync(path, ['-v'], { encoding: 'utf8' }))?.[1])
    return major >= 20 && major < 24
  } catch {
    return false
  }
})

test.skipIf(!older)(
  'who kills what he started kills the server, also behind an older Node',
  async () => {
    await using place = await Workplace.open()
    const args = ['server', '--data-dir', place.path('data'), '--port', '0', '--http-port', '0']
    const start = async () => {
      const child = spawn(older ?? '', [bin, ...args], { cwd: place.dir, stdio: 'pipe' })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          said += chunk
        })
      }
      while (!said.includes('ready') && child.exitCode === null) {
        await Promise.race([
          once(child.stdout, 'data'),
          once(child.stderr, 'data'),
          once(child, 'exit'),
        ])
      }
      return { child, said }
    }
    const first = await start()
    first.child.kill('SIGKILL')
    await once(first.child, 'close')
    const second = await start()
    expect(second.said).toContain('is ready')
    second.child.kill('SIGTERM')
    await once(second.child, 'close')
  },
)

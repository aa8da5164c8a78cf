import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import type { ContainerSpec, Runtime } from '../../runtime.ts'
import type { Candidate } from '../workbench.contract.ts'
import { dockerRuntime } from './docker.ts'
import { busybox, importImage, tarOfDirectory, testEngine, testSocket } from './engine.fixture.ts'
import { type Engine, isOlder } from './engine.ts'
import { plainImage } from './plain-image.fixture.ts'

/** The runtime `docker`, with a busybox where the contract speaks of the machine's files. */
export async function dockerCandidate(): Promise<Candidate> {
  const found = testSocket()
  const engine = 'socket' in found ? await testEngine() : undefined
  return {
    name: 'docker',
    unavailable: 'missing' in found ? found.missing : undefined,
    open: openOnImages,
    many: 24,
    leavesOut: true,
    fixture: ['docker', ''],
    variables: ['HOME', 'HOSTNAME'],
    started: { 'docker.json': '{"spec":{"dir":"DIR","mounts":[]},"base":[0,0]}', id: '' },
    skip: {
      signalNumber: 'an engine tells only 128 + signal',
      foreignFiles: "an image holds nothing of the machine's",
      inOrder: 'an engine reads the two streams apart',
      noLinks: 'an engine follows links of what it mounts',
      layers: 'a mount of an engine is what it is',
      inPlace: 'files are copied out of the engine',
      restart: 'the engine starts containers: there is no launcher',
      launcher: 'the engine starts containers: there is no launcher',
      selfExec: 'the engine starts containers: there is no launcher',
      ...(engine &&
        isOlder(engine.apiVersion, '1.42') && {
          windowSize: 'an engine before API 1.42 is told the size when the program runs already',
        }),
    },
  }
}

/** Opens the runtime; what the contract starts on the machine's files, or on a directory, runs on an image of them. */
export async function openOnImages(): Promise<Runtime> {
  const engine = await testEngine()
  const runtime = await dockerRuntime({ socket: engine.socket })
  const started = new Set<string>()
  return {
    ...runtime,
    async start(spec) {
      started.add(spec.dir)
      const name = spec.root.kind === 'dir' ? await imageOf(engine, spec.root.path) : busybox
      return runtime.start(onImage(spec, name))
    },
    async remove(dir) {
      started.delete(dir)
      await runtime.remove(dir)
    },
    async [Symbol.asyncDispose]() {
      for (const dir of started) await runtime.remove(dir)
      engine.close()
      await runtime[Symbol.asyncDispose]()
    },
  }
}

/** The contract's programs may not gain rights: what other runtimes always see to. */
const image = { ...plainImage, mayGainPrivileges: false }

export function onImage(spec: ContainerSpec, name: string): ContainerSpec {
  return { ...spec, root: { kind: 'image', name, argv: 'entrypoint' }, image }
}

async function imageOf(engine: Engine, root: string): Promise<string> {
  const hash = createHash('sha256').update(root).update(readdirSync(root).join()).digest('hex')
  const name = `argosy-test/${hash.slice(0, 16)}:1`
  await importImage(engine, name, tarOfDirectory(root))
  return name
}

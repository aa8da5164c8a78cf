import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster } from '../kubectl/cluster.ts'
import {
  goProgram,
  javaProgram,
  nodeProgram,
  type Program,
  pythonProgram,
  sources,
} from './tools.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

/** The lines that a program says about its steps. */
function steps({ command, args }: Program): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const { env } = cluster
    execFile(command, args, { env, timeout: 240_000 }, (error, stdout, stderr) => {
      const said = stdout.split('\n').filter((line) => /^(ok|FAIL) /.test(line))
      if (error && !said.some((line) => line.startsWith('FAIL')))
        reject(new Error(`${command} ended with ${error.code}:\n${stdout}${stderr}`))
      else resolve(said)
    })
  })
}

/** How many steps a program's source has: none may be left out. */
function stepsIn(file: string, pattern: RegExp): number {
  return [...readFileSync(join(sources, file), 'utf8').matchAll(pattern)].length
}

async function expectAll(program: Program, count: number): Promise<readonly string[]> {
  const said = await steps(program)
  expect(said.filter((line) => !line.startsWith('ok '))).toEqual([])
  expect(said).toHaveLength(count)
  return said
}

describe('client libraries that nobody here wrote', () => {
  it('@kubernetes/client-node does what its examples do', async () => {
    const said = await expectAll(nodeProgram(), stepsIn('client.mjs', /^await step\(/gm))
    expect(said).toContain('ok informer ["add","update","delete"]')
    expect(said).toContain('ok exec [["hi","Failure","NonZeroExitCode"],["through","Success",""]]')
  })

  it("Python's client does what its examples do", async () => {
    const said = await expectAll(await pythonProgram(), stepsIn('client.py', /^@step\(/gm))
    expect(said).toContain("ok exec ('hi', 'through', 3)")
    expect(said).toContain('ok a workflow through the dynamic client Succeeded')
  })

  it('client-go: informers, apply, leader election, events of both groups, exec both ways', async () => {
    const said = await expectAll(await goProgram(), stepsIn('go/main.go', /^\tstep\("/gm))
    expect(said).toContain('ok informer [add i update i delete] 1')
    expect(said).toContain('ok server-side apply map[a:2]')
    const each = 'through: command terminated with exit code 3; '
    expect(said).toContain(`ok pod, exec over SPDY and WebSocket ${each}${each}`)
  })

  it('fabric8, as Spark uses it: watches, apply by force, exec, election', async () => {
    const said = await expectAll(await javaProgram(), stepsIn('java/Client.java', /^ {6}step\("/gm))
    expect(said).toContain('ok watch ADDED MODIFIED DELETED')
    expect(said).toContain('ok server-side apply, forced, of a list as Spark does {a=2}')
  })
})

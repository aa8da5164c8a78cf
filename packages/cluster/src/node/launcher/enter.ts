import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Duplex, type Readable } from 'node:stream'
import type { ExecSpec, Executing } from '../runtime.ts'
import { ExecRefused } from './exec-refused.ts'
import { bootId, type PidRecord } from './records.ts'

/** A program inside a container that the C launcher started (enter.h); rejects with `ExecRefused` when it cannot run. */
export async function enter(
  command: readonly string[],
  dir: string,
  record: PidRecord,
  spec: ExecSpec,
): Promise<Executing> {
  if (record.bootId !== (await bootId())) throw new ExecRefused('the container is not running')
  if (spec.argv.some((word) => word.includes('\0')))
    throw new ExecRefused('a text holds a NUL byte')
  const [file = '', ...args] = [...command, ...wordsOf(dir, record, spec)]
  // Apart from our terminal: an interrupt there must not end it.
  const child = spawn(file, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: {},
  })
  const { stdin, stdout, stderr } = child
  const control = child.stdio[3]
  if (!stdin || !stdout || !stderr || !(control instanceof Duplex)) {
    throw new ExecRefused('the launcher has no pipes')
  }
  const exited = codeOf(child)
  stdin.on('error', () => undefined)
  control.on('error', () => undefined)
  await begun(control, exited)
  return {
    stdin,
    stdout,
    stderr,
    exited,
    resize: ({ columns, rows }) => {
      if (!control.destroyed) control.write(`${columns} ${rows}\n`)
    },
    // enter.h: without its node it ends the program's session.
    kill: () => control.destroy(),
  }
}

function wordsOf(dir: string, { pid, startTime, view }: PidRecord, spec: ExecSpec): string[] {
  const { user, workingDir = '/' } = view ?? {}
  const { columns, rows } = spec.size ?? { columns: 0, rows: 0 }
  const numbers = [
    user?.uid ?? -1,
    user?.gid ?? -1,
    spec.tty ? 1 : 0,
    columns,
    rows,
    spec.stdin ? 1 : 0,
  ]
  return [String(pid), startTime, dir, workingDir, ...numbers.map(String), ...spec.argv]
}

/** Resolves when the program runs. */
async function begun(control: Readable, exited: Promise<number>): Promise<void> {
  let said = ''
  // Its end is seen at the descriptor, after what it had to say; here only that it never came to life.
  const failed = exited.then(() => new Promise<never>(() => undefined))
  while (!said.startsWith('S')) {
    const chunk = await Promise.race([heard(control), failed])
    said += chunk ?? ''
    if (chunk === undefined) throw new ExecRefused(said.slice(1) || 'the launcher ended')
  }
  control.resume()
}

/** Undefined at the end. */
function heard(control: Readable): Promise<string | undefined> {
  return new Promise((resolve) => {
    control.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    control.once('end', () => resolve(undefined))
  })
}

async function codeOf(child: ChildProcess): Promise<number> {
  try {
    const [code] = await once(child, 'exit')
    return code ?? 137
  } catch (error) {
    throw new ExecRefused(`the launcher cannot be started: ${String(error)}`)
  }
}

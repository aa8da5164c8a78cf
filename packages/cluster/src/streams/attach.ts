import { PassThrough, Readable } from 'node:stream'
import type { Console } from '../node/console.ts'
import type { PodRef } from '../node/layout.ts'
import type { NodeLogs } from '../node/node-logs.ts'
import { succeeded } from './command-end.ts'
import { carry, type RemoteCommand } from './remote-command.ts'

/**
 * What a container writes from now on, until it ends. It writes to files, and has no standard input: so all of it comes
 * from there, on standard output.
 */
export async function attach(
  remote: RemoteCommand,
  {
    logs,
    ref,
    container,
  }: { readonly logs: NodeLogs; readonly ref: PodRef; readonly container: string },
): Promise<void> {
  const written = logs.read({ ref, container, follow: true, tailLines: 0 }, remote.gone)
  remote.stdin.resume()
  await carry(Readable.from(written, { objectMode: false }), remote.stdout)
  await remote.end(succeeded)
}

/** The program of a container with a standard input or a terminal, from now on, until it ends or the client leaves. */
export async function attachConsole(remote: RemoteCommand, console: Console): Promise<void> {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const carried = Promise.all([carry(stdout, remote.stdout), carry(stderr, remote.stderr)])
  const { stdin, gone } = remote
  await console.attach({ stdin, stdout, stderr, gone, onSize: (hear) => remote.onSize(hear) })
  stdout.end()
  stderr.end()
  await carried
  if (!gone.aborted) await remote.end(succeeded)
}

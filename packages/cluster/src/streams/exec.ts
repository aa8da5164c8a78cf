import type { Runtime } from '../node/runtime.ts'
import { endOf, failed } from './command-end.ts'
import { type CommandOptions, carry, type RemoteCommand } from './remote-command.ts'

/** Runs a client's command in the container of `dir` to its end, or until the client leaves. */
export async function exec(
  remote: RemoteCommand,
  asked: CommandOptions,
  { runtime, dir }: { readonly runtime: Runtime; readonly dir: string },
): Promise<void> {
  const { command, stdin, tty } = asked
  const program = await runtime
    .exec(dir, { argv: command, stdin, tty })
    .catch((error: Error) => error)
  if (program instanceof Error) {
    const why = `error executing command in container: failed to exec in container: ${program.message}`
    return remote.end(failed(why))
  }
  const leave = () => program.kill()
  remote.gone.addEventListener('abort', leave)
  if (remote.gone.aborted) leave()
  remote.onSize((size) => program.resize(size))
  remote.stdin.pipe(program.stdin)
  // What a program does not want to read must not keep us from hearing that the client has gone.
  program.stdin.once('close', () => remote.stdin.resume())
  await Promise.all([carry(program.stdout, remote.stdout), carry(program.stderr, remote.stderr)])
  const code = await program.exited
  remote.gone.removeEventListener('abort', leave)
  remote.stdin.unpipe().resume()
  await remote.end(endOf(code))
}

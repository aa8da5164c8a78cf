import { Command } from 'commander'
import type { ControllerFlags } from '../controller/control.ts'
import { withRemoteFlags } from '../remote/remote-flags.ts'
import { port } from './port.ts'

const more = `
It needs the rights of upstream's workflow-controller. Of several that run with leader election one acts; the next takes
over when it ends, or when it has not been heard of for 15 seconds.

Exit code: 0 ended by a signal, 1 no server, no rights, or leadership lost.`

/** `argosy controller`: the controllers alone, against any Kubernetes. */
export function controllerCommand(exit: (code: number) => void): Command {
  const command = new Command('controller')
    .description('control the Workflows of a Kubernetes')
    .option('--no-leader-elect', 'act without asking whether another one does')
    .option('--lease-namespace <namespace>', 'where the lease of the leader is', 'argo')
    .option(
      '--metrics-port <port>',
      'metrics over HTTP on this port of the loopback; 0 takes any',
      port,
    )
    .addHelpText('after', more)
  return withRemoteFlags(command).action(async (flags: ControllerFlags) => {
    const { control } = await import('../controller/control.ts')
    exit(await control(flags, process))
  })
}

import { Command } from 'commander'
import { type RemoteFlags, withRemoteFlags } from '../remote/remote-flags.ts'

/** `argosy why`: what a run waits for, or how it came to fail. */
export function whyCommand(exit: (code: number) => void): Command {
  const command = new Command('why')
    .description('say what a workflow waits for, or how it came to fail')
    .argument('<WORKFLOW>', 'its name; @latest is the newest')
    .argument('[NODE]', 'only this step or task, and what is below it')
    .addHelpText('after', '\nExit code: 0 answered, 1 no such workflow or no server.')
  return withRemoteFlags(command).action(
    async (name: string, node: string | undefined, flags: RemoteFlags) => {
      const { connect } = await import('../remote/connect.ts')
      const { findWorkflow } = await import('../remote/find-workflow.ts')
      const { explain } = await import('../remote/explain.ts')
      const { paintFor } = await import('../output/paint.ts')
      using remote = await connect(flags)
      const workflow = await findWorkflow(remote, name)
      const lines = await explain(remote, workflow, { node, paint: paintFor(process.stdout) })
      process.stdout.write(`${lines.join('\n')}\n`)
      exit(0)
    },
  )
}

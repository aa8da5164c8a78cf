import type { Command } from 'commander'
import type { Shell } from '../shell/shell.ts'

/** A command: what help says of it, and where it is. Only the one that is asked for is loaded. */
export interface CommandEntry {
  readonly name: string
  readonly about: string
  /** It has commands of its own. */
  readonly group?: boolean
  readonly load: (shell: Shell) => Promise<Command>
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'run',
    about: 'run Workflows on this machine, to their end',
    load: async ({ exit }) => (await import('./run.ts')).runCommand(exit),
  },
  {
    name: 'lint',
    about: 'check manifests, offline',
    load: async (shell) => (await import('./lint.ts')).lintCommand(shell),
  },
  {
    name: 'server',
    about: 'serve the Kubernetes API, and run the Workflows that come',
    load: async ({ exit }) => (await import('./server.ts')).serverCommand(exit),
  },
  {
    name: 'kubeconfig',
    about: 'print the kubeconfig of a server',
    load: async ({ exit }) => (await import('./kubeconfig.ts')).kubeconfigCommand(exit),
  },
  {
    name: 'backup',
    about: 'copy a data directory, also while its server runs',
    load: async ({ exit }) => (await import('./backup.ts')).backupCommand(exit),
  },
  {
    name: 'restore',
    about: 'make a data directory from a backup',
    load: async ({ exit }) => (await import('./backup.ts')).restoreCommand(exit),
  },
  {
    name: 'controller',
    about: 'control the Workflows of a Kubernetes',
    load: async ({ exit }) => (await import('./controller.ts')).controllerCommand(exit),
  },
  {
    name: 'submit',
    about: 'submit workflows to a server',
    load: async (shell) => (await import('./submit.ts')).submitCommand(shell),
  },
  {
    name: 'list',
    about: 'list workflows',
    load: async (shell) => (await import('./list.ts')).listCommand(shell),
  },
  {
    name: 'get',
    about: 'show a workflow and its steps',
    load: async (shell) => (await import('./get.ts')).getCommand(shell),
  },
  {
    name: 'logs',
    about: 'show what the steps of a workflow wrote',
    load: async (shell) => (await import('./logs.ts')).logsCommand(shell),
  },
  {
    name: 'why',
    about: 'say what a workflow waits for, or how it came to fail',
    load: async ({ exit }) => (await import('./why.ts')).whyCommand(exit),
  },
  {
    name: 'wait',
    about: 'wait until workflows have ended',
    load: async (shell) => (await import('./wait.ts')).waitCommand(shell),
  },
  {
    name: 'watch',
    about: 'show a workflow until it has ended',
    load: async (shell) => (await import('./watch.ts')).watchCommand(shell),
  },
  {
    name: 'stop',
    about: 'stop workflows; their exit handlers still run',
    load: async (shell) => (await import('./operation.ts')).stopCommand(shell),
  },
  {
    name: 'terminate',
    about: 'end workflows at once, without their exit handlers',
    load: async (shell) => (await import('./operation.ts')).terminateCommand(shell),
  },
  {
    name: 'suspend',
    about: 'let nothing new of workflows begin',
    load: async (shell) => (await import('./operation.ts')).suspendCommand(shell),
  },
  {
    name: 'resume',
    about: 'let suspended workflows go on',
    load: async (shell) => (await import('./operation.ts')).resumeCommand(shell),
  },
  {
    name: 'retry',
    about: 'run the failed steps of workflows again',
    load: async (shell) => (await import('./again.ts')).retryCommand(shell),
  },
  {
    name: 'resubmit',
    about: 'submit workflows once more',
    load: async (shell) => (await import('./again.ts')).resubmitCommand(shell),
  },
  {
    name: 'node',
    about: 'act on nodes of a workflow',
    group: true,
    load: async (shell) => (await import('./node.ts')).nodeCommand(shell),
  },
  {
    name: 'debug',
    about: 'a shell in a copy of a step',
    load: async (shell) => (await import('./debug.ts')).debugCommand(shell),
  },
  {
    name: 'cp',
    about: 'copy the output artifacts of a workflow',
    load: async (shell) => (await import('./cp.ts')).cpCommand(shell),
  },
  {
    name: 'delete',
    about: 'delete workflows',
    load: async (shell) => (await import('./delete.ts')).deleteCommand(shell),
  },
  {
    name: 'template',
    about: 'keep workflow templates',
    group: true,
    load: async (shell) => (await import('./stored.ts')).templateCommand(shell),
  },
  {
    name: 'cluster-template',
    about: 'keep cluster workflow templates',
    group: true,
    load: async (shell) => (await import('./stored.ts')).clusterTemplateCommand(shell),
  },
  {
    name: 'cron',
    about: 'keep cron workflows',
    group: true,
    load: async (shell) => (await import('./stored.ts')).cronCommand(shell),
  },
  {
    name: 'archive',
    about: 'workflows that have ended, also when they are gone',
    group: true,
    load: async (shell) => (await import('./archive.ts')).archiveCommand(shell),
  },
  {
    name: 'sync',
    about: 'keep the limits of semaphores',
    group: true,
    load: async (shell) => (await import('./sync.ts')).syncCommand(shell),
  },
  {
    name: 'convert',
    about: 'bring manifests of an older Argo up to date',
    load: async (shell) => (await import('./convert.ts')).convertCommand(shell),
  },
  {
    name: 'executor-plugin',
    about: 'make executor plugins',
    group: true,
    load: async (shell) => (await import('./executor-plugin.ts')).executorPluginCommand(shell),
  },
  {
    name: 'auth',
    about: 'credentials and rights',
    group: true,
    load: async (shell) => (await import('./auth.ts')).authCommand(shell),
  },
  {
    name: 'completion',
    about: 'print what a shell needs to complete commands',
    load: async (shell) => {
      const all = () => Promise.all(commands.map(({ load }) => load(shell)))
      return (await import('./completion.ts')).completionCommand(shell, all)
    },
  },
  {
    name: 'version',
    about: 'print the version',
    load: async (shell) => (await import('./version.ts')).versionCommand(shell),
  },
]

import { execFile } from 'node:child_process'
import { StatusError } from '@argosy/kube'

/** What a call of `git` needs besides its arguments. */
export interface GitSettings {
  /** Read in this one call, and kept nowhere. */
  readonly config: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export type Git = (args: readonly string[], cwd?: string) => Promise<string>

/** Runs the machine's `git`, which asks nobody anything and knows nothing of this machine's users. */
export function gitWith({ config, env }: GitSettings, signal: AbortSignal | undefined): Git {
  const settings = config.flatMap((one) => ['-c', one])
  return (args, cwd) =>
    new Promise((resolve, reject) => {
      const options = {
        ...(cwd !== undefined && { cwd }),
        ...(signal && { signal }),
        maxBuffer: 16 * 1024 * 1024,
        env: { ...withoutOwner(process.env), ...quiet, ...env },
      }
      execFile('git', [...settings, ...args], options, (error, stdout, stderr) => {
        if (!error) resolve(stdout.trim())
        else reject(signal?.aborted ? signal.reason : failure(error, stderr))
      })
    })
}

/** Git's variables that say how this machine reaches others, and nothing of who runs it or of what he is just doing. */
const neutral = /^GIT_(EXEC_PATH$|SSL_|PROXY_|TRACE|CURL_)/

/** No agent with somebody's keys, no program that asks for passwords, no repository of whoever runs this in a hook. */
function withoutOwner(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOwners = (name: string) =>
    (name.startsWith('GIT_') && !neutral.test(name)) || /^SSH_(ASKPASS|AUTH_SOCK)/.test(name)
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOwners(name)))
}

const quiet = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  LC_ALL: 'C',
}

function failure(error: Error & { code?: unknown }, stderr: string): StatusError {
  const words =
    error.code === 'ENOENT'
      ? 'git is not installed on this machine: git artifacts need it'
      : lastWords(stderr) || error.message
  return new StatusError('BadRequest', words, { cause: error })
}

/** Progress and advice come before what went wrong. */
function lastWords(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).filter((line) => /^(?:fatal|error|ssh|remote):/i.test(line))
  const all = lines.length > 0 ? lines : stderr.trim().split(/[\r\n]+/)
  return all.slice(-3).join('; ').trim()
}

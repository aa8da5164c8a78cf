import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact, JsonObject } from '@argosy/engine'
import { type FindHost, StatusError } from '@argosy/kube'
import type { Driver } from './driver.ts'
import { gitPlace } from './git-place.ts'
import { notListed } from './not-listed.ts'
import { type Git, type GitSettings, gitWith } from './run-git.ts'
import { type Secrets, secretText } from './secrets.ts'
import { isOn, neededText, objectOf, textOf } from './settings.ts'

/** Repositories as inputs, cloned by the machine's `git`. */
export function gitDriver(secrets: Secrets, find: FindHost = async () => undefined): Driver {
  return {
    async load(artifact, target, signal) {
      const place = objectOf(artifact.git)
      const room = `${target}.tmpdir`
      await mkdir(room)
      try {
        const settings = await settingsOf(place, { secrets, find, room })
        await clone(place, target, gitWith(settings, signal))
      } catch (error) {
        await rm(target, { recursive: true, force: true })
        throw error
      } finally {
        await rm(room, { recursive: true, force: true })
      }
    },
    async save() {
      throw new StatusError('MethodNotAllowed', 'git output artifacts unsupported')
    },
    async open(artifact) {
      throw new StatusError(
        'MethodNotAllowed',
        `${nameOf(artifact)} is a work tree, not one stream`,
      )
    },
    async remove() {
      throw new StatusError('MethodNotAllowed', 'git artifacts cannot be deleted')
    },
    ...notListed('git'),
    async isDirectory() {
      return true
    },
  }
}

function nameOf({ name, git }: Artifact): string {
  return textOf(objectOf(git), 'repo') ?? name
}

async function clone(place: JsonObject, target: string, git: Git): Promise<void> {
  const repo = neededText(place, 'repo', 'git')
  const depth = depthOf(place)
  const limited = depth === undefined ? [] : [`--depth=${depth}`]
  const step = <T>(what: string, work: Promise<T>) =>
    work.catch((error: Error) => {
      if (!(error instanceof StatusError)) throw error
      throw new StatusError(error.reason, `failed to ${what}: ${error.message}`, { cause: error })
    })
  const branches = branchOptions(place)
  await step(
    `clone "${repo}"`,
    git(['clone', '--quiet', ...limited, ...branches, '--', repo, target]),
  )
  if (await isEmpty(git, target)) return
  const refs = refspecs(place)
  if (refs.length > 0) {
    const fetch = ['fetch', '--quiet', '--update-head-ok', ...limited, '--', 'origin', ...refs]
    await step(`fetch [${refs.join(' ')}]`, git(fetch, target))
  }
  const revision = plain(textOf(place, 'revision'), 'revision')
  if (revision !== undefined) {
    const commit = await step('get resolve revision', resolved(revision, { git, target, limited }))
    const checkout = ['checkout', '--quiet', '--force', '--detach', commit]
    await step(`checkout "${revision}"`, git(checkout, target))
  }
  if (!isOn(place, 'disableSubmodules')) {
    const update = ['submodule', '--quiet', 'update', '--init', '--recursive', '--force']
    await step('update submodules', git(update, target))
  }
}

// argo: `branch` is for `singleBranch` alone.
function branchOptions(place: JsonObject): readonly string[] {
  if (!isOn(place, 'singleBranch')) return ['--no-single-branch']
  const branch = plain(textOf(place, 'branch'), 'branch')
  if (branch !== undefined) return ['--single-branch', `--branch=${branch}`]
  throw new StatusError('Invalid', 'single branch mode without a branch specified')
}

function depthOf({ depth }: JsonObject): number | undefined {
  return typeof depth === 'number' && depth > 0 ? Math.trunc(depth) : undefined
}

function refspecs({ fetch }: JsonObject): readonly string[] {
  return Array.isArray(fetch) ? fetch.map((one) => plain(String(one), 'fetch') ?? '') : []
}

/** What looks like an option would be one. */
function plain(value: string | undefined, field: string): string | undefined {
  if (!value?.startsWith('-')) return value
  throw new StatusError('Invalid', `git.${field}: "${value}" begins with a dash`)
}

/** Upstream gives the step the empty clone. */
async function isEmpty(git: Git, target: string): Promise<boolean> {
  return (await git(['rev-list', '--all', '--max-count=1'], target)) === ''
}

/** A tag, a branch or a commit; one that a shallow clone has not brought is asked for. */
async function resolved(
  revision: string,
  { git, target, limited }: { git: Git; target: string; limited: readonly string[] },
): Promise<string> {
  for (const name of [revision, `refs/remotes/origin/${revision}`]) {
    const found = git(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
      target,
    )
    const commit = await found.catch(() => '')
    if (commit !== '') return commit
  }
  await git(['fetch', '--quiet', ...limited, '--', 'origin', revision], target)
  return git(['rev-parse', '--verify', 'FETCH_HEAD^{commit}'], target)
}

interface Surroundings {
  readonly secrets: Secrets
  readonly find: FindHost
  /** A folder that goes with the clone's end. */
  readonly room: string
}

async function settingsOf(
  place: JsonObject,
  { secrets, find, room }: Surroundings,
): Promise<GitSettings> {
  const found = await gitPlace(textOf(place, 'repo') ?? '', find)
  const config = [
    'advice.detachedHead=false',
    // No program of this machine's users gives out what it knows.
    'credential.helper=',
    ...(isOn(place, 'insecureSkipTLS') ? ['http.sslVerify=false'] : []),
    // Submodules of a repository on this machine are on this machine too.
    ...(isLocal(textOf(place, 'repo') ?? '') ? ['protocol.file.allow=always'] : []),
    ...found.config,
  ]
  const read = (field: string) => secretText(secrets, place[field], `git.${field}`)
  const key = await read('sshPrivateKeySecret')
  const known = found.ssh && (await privateFile(join(room, 'ssh'), found.ssh))
  const identity = key && (await privateFile(join(room, 'key'), key))
  const ssh = sshCommand(place, identity, known)
  // In a home of its own git finds no ~/.netrc.
  const env = { GIT_SSH_COMMAND: ssh, HOME: room }
  const [username = '', password = ''] = [
    await read('usernameSecret'),
    await read('passwordSecret'),
  ]
  // argo: a private key goes before a password.
  if (key !== undefined || (username === '' && password === '')) return { config, env }
  return {
    config: [...config, `credential.helper=${helper}`],
    env: { ...env, ARGOSY_GIT_USERNAME: username, ARGOSY_GIT_PASSWORD: password },
  }
}

function isLocal(repo: string): boolean {
  return repo.startsWith('/') || repo.startsWith('file://')
}

/** Says both when git asks; neither stands on a command line. */
const helper =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$ARGOSY_GIT_USERNAME" "$ARGOSY_GIT_PASSWORD"; }; f'

async function privateFile(file: string, text: string): Promise<string> {
  await writeFile(file, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 })
  return file
}

function sshCommand(place: JsonObject, key: string | undefined, known: string | undefined) {
  const host = isOn(place, 'insecureIgnoreHostKey')
    ? ['-o StrictHostKeyChecking=no', '-o UserKnownHostsFile=/dev/null', '-o LogLevel=ERROR']
    : ['-o StrictHostKeyChecking=yes']
  // The keys of whoever runs this are not a workflow's to use.
  const own = key ? ['-o IdentitiesOnly=yes', `-i ${quoted(key)}`] : ['-o PubkeyAuthentication=no']
  const stranger = [
    `-F ${known ? quoted(known) : '/dev/null'}`,
    '-o IdentityAgent=none',
    '-o BatchMode=yes',
  ]
  return ['ssh', ...stranger, ...host, ...own].join(' ')
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`
}

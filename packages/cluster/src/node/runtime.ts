import type { Readable, Writable } from 'node:stream'
import type { Pod } from '@argosy/engine'
import type { ServiceLinks } from './service-links.ts'

/**
 * The port to whatever starts containers on this machine. Files are the truth: a container has one directory, and what
 * is needed after a crash (process id, exit status) is written there by the launcher, never by this process.
 *
 * Promises (runtime.contract.ts holds every implementation to them):
 * 1. `start` resolves once the program runs; a program that cannot be started is `Started.exited` with a `StartError`.
 * 2. Standard output and error go straight to the two files; nothing of a step's output passes through this process.
 * 3. The exit status is on disk (fsync not needed) before `exited` resolves; `adopt` finds it again in a new process.
 * 4. When a container's main process ends, everything it started has ended too (sandbox; `process` kills the session).
 * 5. After `remove` nothing is left: no process, mount, control group or file.
 * 6. What `exec` starts sees and may what the container's own program does, and ends with the container at the latest.
 */
export interface Runtime {
  readonly name: 'sandbox' | 'process' | 'docker' | 'fake'
  /** One sentence for users: what this runtime isolates, what it cannot, and by which launcher. */
  readonly describe: string
  /** Mounts may be `layered`. */
  readonly layers?: boolean
  start(spec: ContainerSpec): Promise<Running>
  /** Finds a container that an earlier process started; undefined when this machine knows nothing of it. */
  adopt(dir: string): Promise<Running | undefined>
  /**
   * Starts one more program in the running container of this directory. Rejects with `ExecRefused` when there is none,
   * when the program cannot be started, and when this runtime cannot do it at all.
   */
  exec(dir: string, spec: ExecSpec): Promise<Executing>
  /** Frees everything of a container that has exited. Safe to repeat. */
  remove(dir: string): Promise<void>
  /** Of a runtime whose containers have images of their own; others play them (image-map.ts). */
  readonly images?: Images
  /** Of a runtime whose pods have networks of their own; others share the machine's. */
  readonly networks?: Networks
  [Symbol.asyncDispose](): Promise<void>
}

/** Images that this machine has, or can get. */
export interface Images {
  /** Throws `Refusal` when the image cannot be had. */
  ensure(wanted: WantedImage): Promise<ImageFacts>
}

export interface WantedImage {
  readonly name: string
  readonly policy: 'Always' | 'IfNotPresent' | 'Never'
  /** What registries are shown, by the name of their host; asked only when something has to be pulled. */
  logins(): Promise<Logins>
  /** Called when an image is pulled: it takes a while. */
  tell(words: { readonly reason: 'Pulling' | 'Pulled'; readonly message: string }): void
}

export type Logins = ReadonlyMap<string, Readonly<Record<string, string>>>

export interface ImageFacts {
  readonly id: string
  /** Who its program runs as: `name`, `uid` or `uid:gid`; empty is root. */
  readonly user: string
  /** What it runs, when nobody says anything else. */
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
}

/** Networks that the containers of one pod share, and that stay when containers come and go. */
export interface Networks {
  /** This machine's address in them, when it has one. */
  readonly gateway?: string
  /** Makes the network of the pod with this directory, or finds it again. Throws `Refusal`. */
  open(dir: string, wanted: WantedNetwork): Promise<PodNetwork>
  /** Safe to repeat, and when there was none. */
  close(dir: string): Promise<void>
}

export interface WantedNetwork {
  readonly hostname: string
  /** `name:address`, beside those that the network knows. */
  readonly hosts: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

export interface PodNetwork {
  readonly id: string
  readonly address?: string
}

/** Only for runtimes that have `images`; others have one network and their own safety. */
export interface ImageSpec {
  /** Which of its networks a container is in: one of its own, one that a pod shares, or the machine's. */
  readonly network:
    | { readonly kind: 'own'; readonly hosts: readonly string[] }
    | { readonly kind: 'shared'; readonly id: string }
    | { readonly kind: 'host' }
  readonly labels: Readonly<Record<string, string>>
  /** False: a small init is, as upstream's emissary would be, so that signals end a program that does not know them. */
  readonly isProcess1: boolean
  /** `uid`, `uid:gid` or a name of the image; default: the image's. */
  readonly user?: string
  readonly groups: readonly string[]
  readonly readOnlyRoot: boolean
  readonly privileged: boolean
  readonly mayGainPrivileges: boolean
  readonly addCapabilities: readonly string[]
  readonly dropCapabilities: readonly string[]
  /** Names of what would confine the container and does not: `seccomp`, `apparmor`. */
  readonly unconfined: readonly string[]
  readonly sharesProcesses: boolean
  readonly sharesIpc: boolean
}

export interface ContainerSpec {
  /** This container's own directory, for what is known of it (process id, exit status). `start` makes it: what has one was started. */
  readonly dir: string
  /** Where what the container writes goes, made by `start` as well; default: inside `dir`. A link in `dir` leads there. */
  readonly scratch?: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Variables beside those of `env`, none of which has the name of one of them. */
  readonly links?: ServiceLinks
  /** Empty: the image's. */
  readonly workingDir: string
  readonly root: Root
  /** There when `root` is an image. */
  readonly image?: ImageSpec
  readonly mounts: readonly Mount[]
  /** Appended to; the file and its folder are made when they are missing. Of a program that said nothing there may be none. */
  readonly stdout: string
  readonly stderr: string
  readonly hostname?: string
  /** The directory of a running container whose processes this one sees, and that sees its. */
  readonly processesOf?: string
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly limits?: {
    readonly memoryBytes?: number
    readonly cpuMillis?: number
    readonly pids?: number
  }
  /** A program of our own, played inside the node's process; no runtime of containers ever sees one. */
  readonly builtIn?: BuiltInProgram
}

/** Environment, working directory, user and limits are the container's. */
export interface ExecSpec {
  readonly argv: readonly string[]
  /** Without it the program reads from /dev/null. */
  readonly stdin: boolean
  /** A terminal: what the program writes comes on `stdout`, all of it. */
  readonly tty: boolean
  readonly size?: TerminalSize
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** A program that `exec` started. Its output waits for who reads it. */
export interface Executing {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Its exit code, 128 + signal when a signal ended it. What it wrote may still be on its way. */
  readonly exited: Promise<number>
  resize(size: TerminalSize): void
  /** Kills it and the processes of its session. */
  kill(): void
}

/** What a container of the image `argosy` runs. */
interface BuiltInProgram {
  readonly name: string
  readonly args: readonly string[]
  readonly pod: Pod
}

/** What `/` is, below the container's own copy-on-write layer. */
export type Root =
  | { readonly kind: 'host' }
  | { readonly kind: 'dir'; readonly path: string }
  /** `entrypoint`: argv takes the place of the image's entrypoint; else of its command, unless it is empty. */
  | {
      readonly kind: 'image'
      readonly name: string
      readonly argv: 'entrypoint' | 'command'
    }

export interface Mount {
  /** A file in the container's own `dir` is made by `start`, empty and for all to write. */
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  /** How `source` begins, as far as no container can change it: what follows must hold no link when it is mounted. */
  readonly trusted?: string
  /**
   * What is written there goes to the container's own layer, `source` stays as it is. Nobody may change `source` while
   * the container lives. Only for runtimes that have `layers`.
   */
  readonly layered?: true
}

export interface Running {
  readonly pid: number
  readonly startedAt: number
  /** In a network of its own: its address there. */
  readonly address?: string
  readonly exited: Promise<Exit>
  /** Signals the main process; does nothing when it has ended. */
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGUSR1'): void
  /**
   * The machine's path of a path inside the container, also after it exited: the copy-on-write layer first, then
   * mounts and the root below. Undefined when nothing is there. Links are followed inside the container's view only.
   */
  resolve(path: string): Promise<string | undefined>
}

export interface Exit {
  /** 0-255; 128 + signal when a signal ended it, as the kubelet reports it. */
  readonly code: number
  readonly signal?: number
  readonly finishedAt: number
  /** The program never ran: why (not found, permission, mount refused…), in words for a user. */
  readonly startError?: string
  /** With `startError`: the machine lacked room, descriptors or the like. It may be tried again, in a new directory. */
  readonly shortage?: boolean
  readonly outOfMemory?: boolean
}

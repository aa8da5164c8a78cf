import type { Readable } from 'node:stream'

/** The bytes of one object, which can be read as often as a retry needs. */
export interface Content {
  open(): Promise<Readable>
  /** Undefined when they are packed while they are read. */
  readonly size: number | undefined
}

/** The port to a flat store of objects by key; objectDriver makes artifacts of it. */
export interface ObjectStore {
  /** Undefined when there is no such object. */
  get(key: string, signal?: AbortSignal): Promise<Readable | undefined>
  /** All or nothing. */
  put(key: string, content: Content, signal?: AbortSignal): Promise<void>
  /** The keys that begin with `prefix`, in the order of the store. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<string>
  /** Does nothing when there is no such object. */
  remove(key: string, signal?: AbortSignal): Promise<void>
  /** Makes what a save needs: a bucket. */
  prepare?(signal?: AbortSignal): Promise<void>
}
